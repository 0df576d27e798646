#!/bin/sh
# check_embed_page.sh <example> <page that shows it whole> <page that shows lines of it>: what pages show of C is what the tests run.
set -e
example=$1 whole=$2 lines=$3
awk -v page="$whole" '
    FILENAME == page { text = text $0 "\n"; next }
    { code = code $0 "\n" }
    END { if (code == "" || index(text, code) == 0) { print page " does not show the example as it is"; exit 1 } }' "$example" "$whole"
# Every line of the C block, its spaces aside, is in the example, in the same order.
awk -v page="$lines" '
    FILENAME != page { gsub(/[ \t]/, ""); code = code $0; next }
    /^```c$/ { shown = 1; next }
    /^```/ { shown = 0 }
    shown { gsub(/[ \t]/, ""); at = index(code, $0); if (at == 0) { print page ":" FNR ": not in the example, or not in this order: " $0; exit bad = 1 }
            code = substr(code, at + length($0)); ++count }
    END { if (!bad && count < 5) { print page " shows no lines of the example"; exit 1 } }' "$example" "$lines"
