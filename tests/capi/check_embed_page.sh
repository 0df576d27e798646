#!/bin/sh
# check_embed_page.sh <example> <page>...: a page that shows the example shows it as it is.
set -e
example=$1
shift
for page; do
    awk -v page="$page" '
        FILENAME == page { text = text $0 "\n"; next }
        { code = code $0 "\n" }
        END { if (code == "" || index(text, code) == 0) { print page " does not show the example as it is"; exit 1 } }' "$example" "$page"
done
