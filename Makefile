# Two commands for a newcomer: `make serve` and `make test`.  `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# e.g. make test PYTEST_ARGS="-k paging -x"
PYTEST_ARGS ?=
# One worker per core.  loadgroup keeps what shares a costly fixture (the builds) on one worker.
PARALLEL ?= -n auto --dist loadgroup
SCENARIO ?= two-devices

# Stamps: an install is redone when what it reads has changed, not each time.
INSTALLED := $(VENV)/.installed
NODE_LOCK := $(wildcard tests/node/package-lock.json)
NODE_INSTALLED := $(if $(and $(NODE_LOCK),$(shell command -v npm)),tests/node/node_modules/.installed)

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: serve
serve: $(INSTALLED) ## the fake at work, with a scenario playing (SCENARIO=two-devices)
	$(BIN)/reachability-mock serve --scenario $(SCENARIO)

.PHONY: test
test: $(INSTALLED) $(NODE_INSTALLED) ## every test (PYTEST_ARGS="-k paging")
	$(BIN)/python -m pytest $(PARALLEL) $(PYTEST_ARGS)

.PHONY: lint
lint: $(INSTALLED) ## style, formatting, and which way imports point
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports --no-logo

.PHONY: format
format: $(INSTALLED) ## let ruff mend what it can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

.PHONY: typecheck
typecheck: $(INSTALLED) ## mypy, strict
	$(BIN)/mypy

# `coverage run`, not pytest-cov: the plugin under test is imported before pytest-cov would start.
.PHONY: cover
cover: $(INSTALLED) $(NODE_INSTALLED) ## tests under coverage; core/ and wire/ must have every branch
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(PARALLEL) -m "not slow and not timing" $(PYTEST_ARGS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report
	$(BIN)/coverage report --include='*/core/*,*/wire/*' --fail-under=100

.PHONY: bench
bench: $(INSTALLED) $(NODE_INSTALLED) ## the figures of docs/performance.md, measured here and now
	$(BIN)/python -m benchmarks

.PHONY: dist
dist: $(INSTALLED) ## wheel and sdist in dist/
	rm -rf dist
	$(BIN)/python -m build --no-isolation

.PHONY: lock
lock: ## constraints.txt anew, from a clean environment
	rm -rf build/lock
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet -e '.[dev]'
	{ grep '^#' constraints.txt; build/lock/bin/python -m pip freeze --exclude-editable; } > build/constraints.txt
	mv build/constraints.txt constraints.txt

.PHONY: clean
clean: ## away with everything that was built or installed
	rm -rf $(VENV) build dist htmlcov tests/node/node_modules .coverage .coverage.*
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The build backend first, so that it is pinned like the rest and nothing is fetched behind our back.
$(INSTALLED): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet -c constraints.txt hatchling
	$(PIP) install --quiet -c constraints.txt --no-build-isolation -e '.[dev]'
	touch $@

tests/node/node_modules/.installed: tests/node/package.json $(NODE_LOCK)
	cd tests/node && npm ci --no-audit --no-fund
	touch $@
