#!/usr/bin/env bash
# configuration.sh SOURCE PRESET LABELS: builds another configuration of CMakePresets.json and runs its tests with one of the labels.
set -euo pipefail
cd "$1"
cmake --preset "$2"
cmake --build --preset "$2"
ctest --test-dir "build/$2" -L "^($3)\$" -LE '^long$' --output-on-failure --no-tests=error -j "$(nproc)"
