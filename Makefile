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
NODE_LOCKS := $(wildcard tests/*/package-lock.json examples/*/package-lock.json)
NODE_MODULES := $(NODE_LOCKS:package-lock.json=node_modules)
NODE_INSTALLED := $(if $(shell command -v npm),$(addsuffix /.installed,$(NODE_MODULES)))

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

# What proves the pure packages.  `coverage run`, not pytest-cov: the plugin under test is imported
# before pytest-cov would start.
COVERED ?= tests/core tests/wire tests/world tests/rest tests/realtime
.PHONY: cover
cover: $(INSTALLED) ## core/ and wire/ must have every branch (COVERED=tests for a look at everything)
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(PARALLEL) -m "not slow and not timing" $(COVERED)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --include='*/core/*,*/wire/*' --fail-under=100

.PHONY: contract
contract: $(INSTALLED) ## the contract: scenarios, schemathesis, mutants; offline, within a minute
	$(BIN)/reachability-mock contract check

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
	rm -rf $(VENV) build dist htmlcov $(NODE_MODULES) .coverage .coverage.*
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The build backend first, so that it is pinned like the rest and nothing is fetched behind our back.
$(INSTALLED): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet -c constraints.txt hatchling
	$(PIP) install --quiet -c constraints.txt --no-build-isolation -e '.[dev]'
	touch $@

# The stamp is a copy of the lockfile, so that tests which install for themselves can compare.
%/node_modules/.installed: %/package.json %/package-lock.json
	cd $* && npm ci --no-audit --no-fund --ignore-scripts
	cp $*/package-lock.json $@
