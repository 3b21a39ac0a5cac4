# `make run` and `make test` are all a newcomer needs. Python 3.11 or newer is the only thing that must be there.

.DEFAULT_GOAL := help
.PHONY: run test quick bench check debts help
MAKEFLAGS += --no-print-directory

PORT ?= 8000
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PIP := .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes

run: .venv/installed .env  ## serve the site and the worker on http://127.0.0.1:8000 (PORT=8010 for another port)
	@mkdir -p var
	@.venv/bin/python manage.py migrate --verbosity 0
	@.venv/bin/python manage.py demo --if-empty --requests 42
	@.venv/bin/python manage.py firstuser --trial > /dev/null
	@exec .venv/bin/python manage.py serve --port $(PORT)

test: check  ## check, then every test on SQLite and on PostgreSQL, with a real browser where there is one (FULL=1 leaves nothing out)
	@.venv/bin/python -W ignore:XDG_RUNTIME_DIR scripts/test.py

quick: .venv/installed-dev  ## the tests that ask no database, and the verbs on SQLite: for while you work
	@.venv/bin/python -W ignore:XDG_RUNTIME_DIR scripts/test.py --quick

bench: .venv/installed-dev  ## measure what should be fast, beside floors; print a table (FULL=1 also with a million requests)
	@.venv/bin/python -W ignore:XDG_RUNTIME_DIR -m benchmarks.run $(if $(filter 1,$(FULL)),--full)

check: .venv/installed-dev  ## lint, types, templates, system checks and pending migrations
	@.venv/bin/python scripts/check.py

debts: .venv/installed-dev  ## write down which debts have fallen (tests/project/debts.toml); refuses what has grown
	@DEBTS=write .venv/bin/python -m pytest -q tests/project/test_debts.py tests/project/test_queries_a_page.py

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.env:
	@.venv/bin/python scripts/write_env.py

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed. Install it, or name it: make run PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv .venv

# The stamps are younger than the pins they were installed from.
.venv/installed: requirements.txt | .venv/bin/python
	$(PIP) -r $<
	@touch $@

.venv/installed-dev: requirements-dev.txt | .venv/bin/python
	$(PIP) -r $<
	@touch $@
