#!/bin/sh
# check_symbols.sh <nm> <library> <list>: the shared library exports what the list says, no name more and none less.
set -e
nm=$1 library=$2 list=$3
found=$(mktemp)
trap 'rm -f "$found"' EXIT
# A versioned symbol is written name@@VERSION; the version's own name is an absolute symbol.
"$nm" -D --defined-only "$library" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | LC_ALL=C sort -u > "$found"
test -s "$found" || { echo "nm found nothing in $library"; exit 1; }
LC_ALL=C sort -u "$list" | diff -u - "$found" || { echo "< is $list, > is what the library exports"; exit 1; }
