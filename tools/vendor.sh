#!/bin/sh
# Copies the files of kept libraries from node_modules into the package, each with its licence beside it.
set -eu
cd "$(dirname "$0")/.."
to=bihuan/web/static/vendor
mkdir -p "$to"
cp node_modules/htmx.org/dist/htmx.min.js "$to/htmx.min.js"
cp node_modules/htmx.org/LICENSE "$to/htmx.LICENSE.txt"
