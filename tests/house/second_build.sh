#!/usr/bin/env bash
# second_build.sh BUILD: a build that is up to date has nothing to do.
set -euo pipefail
said=$(cmake --build "$1")
if ! grep -q 'no work to do' <<<"$said"; then
  tail -20 <<<"$said"
  echo "a second build would do something" >&2
  exit 1
fi
# Could this fail? Asked about a file that is not there, ninja must want to work.
empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT
printf 'rule touch\n  command = touch $out\nbuild out: touch\n' >"$empty/build.ninja"
! grep -q 'no work to do' <<<"$(ninja -C "$empty" -n)"
