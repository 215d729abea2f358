# Bihuan 闭环. Each target is one plain command; `make help` lists them.
VENV := .venv
UV := $(VENV)/bin/uv
PY := $(VENV)/bin/python
PORT ?= 8000

.PHONY: help setup system run test test-sqlite test-postgresql test-browser check bench fix

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

setup: ## make .venv with everything in the lock file, the front-end files and the message catalogues
	@tools/setup.sh

system: ## install what Debian provides: PostgreSQL, Chromium, fonts, LibreOffice (root); elsewhere name what is missing
	@tools/system.sh

run: system setup ## serve the demonstration at http://127.0.0.1:8000 (PORT=8000, data in .demo/)
	@BIHUAN_HOME=$(CURDIR)/.demo $(VENV)/bin/bihuan demo --port $(PORT)

test: system setup ## the whole suite: SQLite, PostgreSQL, and the browser
	@$(MAKE) --no-print-directory test-sqlite test-postgresql test-browser

test-sqlite:
	$(PY) -m pytest -n 2 --dist worksteal --ignore tests/browser tests

test-postgresql:
	BIHUAN_TEST_DB=postgresql $(PY) -m pytest -n 2 --dist worksteal --ignore tests/browser --ignore tests/core --ignore tests/formats tests

test-browser:
	$(PY) -m pytest tests/browser

check: ## the fast gate: format, lint, types, import contracts, migrations, house rules
	@tools/check.sh

fix: ## format and mend what ruff can mend
	$(VENV)/bin/ruff format . && $(VENV)/bin/ruff check --fix .

bench: system setup ## the benchmarks, as ratios against a baseline of the same run
	$(PY) -m benchmarks
