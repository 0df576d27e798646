#!/usr/bin/env bash
# consumer.sh WAY KIND SOURCE PREFIX WORK [cmake option...]: builds tests/embed/consumer with the library, found in one of four ways, as a
# shared or a static library, and runs it.
set -euo pipefail
way=$1 kind=$2 source=$3 prefix=$4 work=$5
shift 5
here=$source/tests/embed
libraries=$(dirname "$(find "$prefix" -name 'libcartbell.*' -print -quit 2>/dev/null)" 2>/dev/null || true)
rm -rf "$work"
mkdir -p "$work"

case $way in
  pkg_config)
    export PKG_CONFIG_PATH=$libraries/pkgconfig
    # shellcheck disable=SC2046  # several words are wanted
    cc -std=c99 -Wall -Wextra -Werror "$here/consumer/main.c" -o "$work/consumer" $(pkg-config --cflags --libs cartbell)
    export LD_LIBRARY_PATH=$libraries
    ;;
  find_package)
    cmake -S "$here/$way" -B "$work" -G Ninja "-DCMAKE_PREFIX_PATH=$prefix" "$@"
    cmake --build "$work"
    ;;
  *)
    cmake -S "$here/$way" -B "$work" -G Ninja "-DCARTBELL_SOURCE=$source" -DCARTBELL_WERROR=ON \
      "-DBUILD_SHARED_LIBS=$([ "$kind" = shared ] && echo ON || echo OFF)" "$@"
    cmake --build "$work"
    # Tests, the suite for stores and the command are ours, not our consumers'.
    if ninja -C "$work" -t targets all | grep -E 'doctest_main|src/cli/|src/conformance/'; then
      echo "a consumer's build must not build our tests, suite or command" >&2
      exit 1
    fi
    ;;
esac

printed=$("$work/consumer")
echo "$printed"
[ "$printed" = "cartbell 0.1.0, 0 left" ]

# Linked as it was asked for: a shared library is named in the executable by its ABI's major version, a static one not at all.
needed=$(readelf -d "$work/consumer" | grep -o 'libcartbell[^]]*' || true)
[ "$needed" = "$([ "$kind" = shared ] && echo libcartbell.so.0 || true)" ]
