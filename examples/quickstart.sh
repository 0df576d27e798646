#!/usr/bin/env bash
# Builds Cartbell on a bare Debian 12 machine and does its whole main job on a generated shop: orders in, a segment with its reasons,
# a mailing, the messages as files. Everything it makes is in build/quickstart; run it again and it begins anew.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
out=${CARTBELL_QUICKSTART:-$here/build/quickstart}
now=2026-06-01T09:00:00Z

bold= plain=
if [ -t 1 ]; then
    bold=$(printf '\033[1m') plain=$(printf '\033[0m')
fi
step() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
run() {
    printf '  $ %s\n' "$*"
    "$@"
}

. "$here/tests/packages.sh"
need_packages "${build_packages[@]}"

step "Building (once; a second run has nothing to do)"
mkdir -p "$out"
if ! { cmake -S "$here" -B "$out/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCARTBELL_TESTS=OFF -DCARTBELL_WERROR=OFF &&
       cmake --build "$out/build" --target cartbell_command; } >"$out/build.log" 2>&1; then
    tail -n 40 "$out/build.log"
    echo "The build failed; all of its words are in $out/build.log" >&2
    exit 1
fi
PATH="$out/build/src/cli:$PATH"
run cartbell --version

shop=$out/shop
rm -rf "$shop"
mkdir -p "$shop"
cd "$shop"
export CARTBELL_STORE="$shop/cartbell.db"

step "1. A store, and a shop of 800 customers and 3,000 orders"
run cartbell init --settings "$here/examples/settings.json" --at "$now"
awk -v customers=800 -v orders=3000 -f "$here/examples/generate_shop.awk" >orders.ndjson
run cartbell import orders.ndjson --at "$now"
run cartbell order show 100001

step "2. A segment: fewer than 5 purchases, the last more than a month ago"
cat "$here/examples/offer_segment.json"
run cartbell segment put offer "$here/examples/offer_segment.json" --at "$now"
run cartbell segment count offer --at "$now"
customer=$(cartbell segment list offer --limit 1 --at "$now")
run cartbell segment explain offer "$customer" --at "$now"

step "3. A template, filled from the customer's own orders"
run cartbell template check "$here/examples/offer_template.json"
run cartbell template put "$here/examples/offer_template.json" --at "$now"
cartbell template preview offer "$customer" --at "$now" | sed -n '/--- text/,$p'

step "4. A mailing to everybody who ever ordered; the template's condition keeps it from the others, and says why"
run cartbell mailing put "$here/examples/spring_mailing.json" --at "$now"
run cartbell mailing dry-run spring --at "$now"
run cartbell mailing start spring --at "$now"
run cartbell outbox lease --limit 3 --at "$now"
run cartbell outbox export messages

step "What this did"
cartbell stats
messages=$(ls messages/*.html | grep -vc index.html)
cat <<END

  store     $CARTBELL_STORE (SQLite: open it with any tool)
  messages  $messages e-mails in $shop/messages
  look      $shop/messages/index.html
  command   $out/build/src/cli/cartbell --help
END
