#!/usr/bin/env bash
# Our digests against those of coreutils, at every length around the edges of a block.
set -euo pipefail
probe=$1
checked=0
text=$(head -c 3000 "$0" | tr -d '\n'; head -c 3000 "$0")
for length in 0 1 3 54 55 56 57 62 63 64 65 118 119 120 121 127 128 129 500 1000; do
  part=${text:0:length}
  expected=$(printf %s "$part" | sha256sum | cut -d' ' -f1; printf %s "$part" | sha1sum | cut -d' ' -f1)
  given=$(printf %s "$part" | "$probe")
  if [ "$expected" != "$given" ]; then
    echo "length $length: expected $expected, got $given"
    exit 1
  fi
  checked=$((checked + 1))
done
[ "$checked" -eq 20 ]
