#!/usr/bin/env bash
# tests/bench/run.sh [scale]: every bench, one after another, as ratios against the peers that run beside them. Times alone mean nothing here.
#   scale   1 (default): 1 M generated orders to import, 100,000 customers to count and to mail, all of Olist; 10: a tenth of that and
#           Olist's subset, for a quick look
# DuckDB and handlebars come from npm into the build folder; without node their lines are left out, and that is said.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/packages.sh
need_packages "${build_packages[@]}" "${test_packages[@]}"
scale=${1:-1}
cmake --preset dev >/dev/null
cmake --build --preset dev --target codec_bench render_bench import_bench late_bench identities_bench events_bench count_bench mailing_bench python_bench_peer cartbell_command >/dev/null
bench=build/dev/tests/bench
out=build/bench
mkdir -p "$out"

echo "== JSON to operation"
"$bench/codec/codec_bench"
echo "== The e-mail"
bash tests/bench/render/run.sh "$bench/render/render_bench" "$out/handlebars"
echo "== Calls from Python"
CARTBELL_LIBRARY=build/dev/src/capi/libcartbell.so PYTHONPATH=bindings/python python3 -B tests/bench/python/python_bench.py "$bench/python/python_bench_peer.so"
echo "== Import"
"$bench/engine/import_bench" $((1000000 / scale)) 1
echo "== Events"
"$bench/engine/events_bench" $((200000 / scale))
echo "== Late facts of one order"
"$bench/engine/late_bench" $((10000 / scale))
echo "== Claims of identities"
"$bench/engine/identities_bench" $((20000 / scale))
echo "== Olist in other orders"
shared=${CARTBELL_SHARED:-$(cd .. && pwd)/shared}
if [ -d "$shared/data/olist" ]; then
  CARTBELL_SHARED=$shared python3 -B tests/bench/engine/permuted_bench.py build/dev/src/cli/cartbell "$([ "$scale" = 1 ] && echo full || echo subset)"
else
  echo "no $shared/data/olist here: the permuted imports are left out"
fi
echo "== Segments over everybody, $((100000 / scale)) customers"
"$bench/engine/count_bench" $((100000 / scale)) 5 --export "$out/lines.csv" | tee "$out/count.txt"
if command -v npm >/dev/null; then
  [ -d "$out/node_modules/@duckdb/node-api" ] || npm install --silent --no-audit --no-fund --prefix "$out" @duckdb/node-api >/dev/null
  NODE_PATH="$out/node_modules" node tests/bench/engine/duckdb_peer.js "$out/lines.csv" "$out/count.txt" $((100000 / scale))
else
  echo "no node here: DuckDB is left out"
fi
echo "== A mailing to $((100000 / scale)) customers"
"$bench/engine/mailing_bench" $((100000 / scale))
retail=$shared/data/online_retail/online_retail.csv.xz
if [ -f "$retail" ]; then
  xz -dc "$retail" >"$out/online_retail.csv"
  "$bench/engine/mailing_bench" $((100000 / scale)) 3 "$out/online_retail.csv"
else
  echo "no $retail here: the mailing over Online Retail is left out"
fi
