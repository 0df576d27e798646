#!/usr/bin/env bash
# tests/run.sh [--full] [ctest argument...]: builds Cartbell on a Debian 12 machine, packages included, and runs its tests.
#   --full   also the long tests, and the tests once more under clang 14 and the sanitizers
# Without further arguments all tests but those labelled `long` run; with them exactly what they name: `tests/run.sh -R zones`.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/packages.sh

full=OFF
[ "${1:-}" != --full ] || { full=ON && shift; }
need_packages "${build_packages[@]}" "${test_packages[@]}"
[ $full = OFF ] || need_packages "${full_packages[@]}"

cmake --preset dev -DCARTBELL_FULL_TESTS=$full
cmake --build --preset dev
[ $full = ON ] || [ $# -gt 0 ] || set -- -LE '^long$'
exec ctest --test-dir build/dev --output-on-failure --no-tests=error -j "$(nproc)" "$@"
