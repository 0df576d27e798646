#!/bin/sh
# The render bench with all its peers: run.sh <render_bench> <work folder> [--quick]. Installs handlebars (npm) into the work
# folder; without node, npm or the registry that peer is left out, and said to be.
set -eu
bench=$1 work=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$work"
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    echo "render bench: SKIPPED handlebars, node or npm is missing"
elif [ -d "$work/node_modules/handlebars" ] ||
    npm install --silent --no-audit --no-fund --prefix "$work" handlebars@4.7.8 >/dev/null 2>"$work/npm.log"; then
    exec "$bench" "$here" --handlebars "$work/node_modules" "$@"
else
    echo "render bench: SKIPPED handlebars, npm could not install it (see $work/npm.log)"
fi
exec "$bench" "$here" "$@"
