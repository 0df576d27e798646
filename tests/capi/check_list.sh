#!/bin/sh
# check_list.sh <list> <header>...: every function that a header declares is in the export list, and none else is.
set -e
list=$1
shift
declared=$(mktemp)
trap 'rm -f "$declared"' EXIT
cat "$@" | grep -oE '^CARTBELL_API [^;(]*\(' | grep -oE 'cartbell_[a-z0-9_]+\(' | tr -d '(' | LC_ALL=C sort -u > "$declared"
test -s "$declared"
diff -u "$list" "$declared"
# style.md "API" 8: every declaration is preceded by a comment that says who owns, what fails, which threads and since when.
awk '/^CARTBELL_API/ { if (comment !~ /Owns:/ || comment !~ /Threads:/ || comment !~ /Since:/ || comment !~ /(Errors:|annot fail)/) { print FILENAME ": " $0; bad = 1 }; comment = "" }
     /\/\*/ { comment = "" } { comment = comment $0 } END { exit bad }' "$@"
