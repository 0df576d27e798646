#!/usr/bin/env bash
# install.sh SOURCE BUILD KIND PREFIX [cmake option...]: installs the library of a kind, shared or static, into an empty folder.
# BUILD is configured and built first if it is not built yet.
set -euo pipefail
source=$1 build=$2 kind=$3 prefix=$4
shift 4
rm -rf "$prefix"
if [ "$kind" != built ]; then
  cmake -S "$source" -B "$build" -G Ninja -DCARTBELL_TESTS=OFF -DCARTBELL_CLI=OFF "-DBUILD_SHARED_LIBS=$([ "$kind" = shared ] && echo ON || echo OFF)" "$@"
  cmake --build "$build"
fi
cmake --install "$build" --prefix "$prefix"
# The installed command finds the installed library.
if [ -e "$prefix/bin/cartbell" ]; then
  "$prefix/bin/cartbell" --version
fi
