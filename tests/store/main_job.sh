#!/bin/sh
# main_job.sh PROGRAM SOURCE: the main job of examples/quickstart.sh over the store of examples/custom_store.c.
set -e
program=$1 source=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
awk -v customers=400 -v orders=1500 -f "$source/examples/generate_shop.awk" >"$work/orders.ndjson"
"$program" "$source/examples/settings.json" "$source/examples/offer_segment.json" "$source/examples/offer_template.json" \
    "$source/examples/spring_mailing.json" "$work/orders.ndjson"
