#!/usr/bin/env bash
# Make .venv from the lock file, fetch the front-end files, compile the message catalogues. Repeating it changes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
UV_VERSION=0.13.9
if [ ! -x .venv/bin/python ]; then
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: $(python3 -V)" >&2; exit 1; }
  python3 -m venv .venv || { echo "python3 -m venv failed: install python3-venv (make system)" >&2; exit 1; }
fi
.venv/bin/python -c 'import pip' 2>/dev/null || .venv/bin/python -m ensurepip -q --default-pip
[ "$(.venv/bin/uv --version 2>/dev/null | cut -d' ' -f2)" = "$UV_VERSION" ] || .venv/bin/python -m pip install -q --disable-pip-version-check "uv==$UV_VERSION"
.venv/bin/uv sync -q --locked --inexact
tools/vendor.sh
find bihuan -name '*.po' | while read -r po; do
  mo="${po%.po}.mo"
  [ "$mo" -nt "$po" ] || echo "$po"
done | xargs -r .venv/bin/python tools/catalogues.py
