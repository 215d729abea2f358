#!/usr/bin/env bash
# The fast gate. Runs everything and says all that fails, not only the first.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
export BIHUAN_HOME="${TMPDIR:-/tmp}/bihuan-check" BIHUAN_SECRET_KEY=for-checks-only
failed=0
step() { local name=$1; shift; out=$("$@" 2>&1) || { failed=1; printf '✗ %s\n%s\n' "$name" "$out"; }; }
types() { $bin/mypy; }
types > "/tmp/bihuan-mypy.$$" 2>&1 & types_pid=$!
step format $bin/ruff format --check -q .
step lint $bin/ruff check -q .
step contracts $bin/lint-imports --no-cache
step migrations $bin/python -m django makemigrations --check --dry-run --settings bihuan.config.settings
step house-rules $bin/python -m pytest -q -p no:randomly tests/test_house_rules.py
wait $types_pid || { failed=1; printf '✗ types\n'; cat "/tmp/bihuan-mypy.$$"; }
rm -f "/tmp/bihuan-mypy.$$"
[ $failed -eq 0 ] && echo "✓ format, lint, types, contracts, migrations, house rules"
exit $failed
