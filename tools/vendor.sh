#!/bin/sh
# Fetches the kept front-end libraries of package-lock.json and copies their files, each with its licence, into the
# package. Repeating it changes nothing.
set -eu
cd "$(dirname "$0")/.."
if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --no-audit --no-fund --loglevel=error
fi
to=bihuan/web/static/vendor
mkdir -p "$to"
cp node_modules/htmx.org/dist/htmx.min.js "$to/htmx.min.js"
cp node_modules/htmx.org/LICENSE "$to/htmx.LICENSE.txt"
