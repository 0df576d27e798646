#!/usr/bin/env bash
# conformance.sh WAY KIND SOURCE PREFIX WORK [cmake option...]: builds a partner's store with the installed conformance suite, found by
# find_package or pkg-config, shared or static, and runs it. Nothing else of Cartbell and no test framework is needed.
set -euo pipefail
way=$1 kind=$2 source=$3 prefix=$4 work=$5
shift 5
libraries=$(dirname "$(find "$prefix" -name 'libcartbell_store_conformance.*' -print -quit)")
rm -rf "$work"
mkdir -p "$work"

if [ "$way" = pkg_config ]; then
  export PKG_CONFIG_PATH=$libraries/pkgconfig
  # shellcheck disable=SC2046  # several words are wanted
  cc -std=c99 -Wall -Wextra -Werror "$source/examples/check_store.c" "$source/examples/custom_store.c" -o "$work/consumer" \
    $(pkg-config --cflags --libs cartbell-conformance) -pthread
  export LD_LIBRARY_PATH=$libraries
else
  cmake -S "$source/tests/embed/conformance" -B "$work" -G Ninja "-DCMAKE_PREFIX_PATH=$prefix" "-DEXAMPLES=$source/examples" "$@"
  cmake --build "$work"
fi

printed=$("$work/consumer")
echo "$printed"
grep -qE '^[0-9]{2,} checks passed$' <<<"$printed"
if "$work/consumer" no_such_check; then
  echo "a check that there is not must not pass" >&2
  exit 1
fi

# The suite alone: shared, it is named by its ABI's major version; the engine's library is not linked at all.
needed=$(readelf -d "$work/consumer" | grep -o 'libcartbell[^]]*' || true)
[ "$needed" = "$([ "$kind" = shared ] && echo libcartbell_store_conformance.so.0 || true)" ]
