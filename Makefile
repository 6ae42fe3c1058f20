# Everything a person or a machine runs here. `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.locked
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL := help
.PHONY: help setup run test test-quick check bench nightly migrate revision wheel lock clean

help: ## Say what there is
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(STAMP): requirements.txt requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed (found $$($(PYTHON) -V 2>&1))."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv package is missing: apt-get install python3-venv"; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	@echo "Installing (once, about half a minute) ..."
	@$(BIN)/python -m pip install -q --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

setup: $(STAMP) ## Make .venv from the hashed lock files

run: setup ## Start the scheduler; the first time it builds a demonstration center
	@$(BIN)/scheduler start

# compiled test modules are kept: each process would compile and rewrite all of them again
test test-quick: export PYTHONDONTWRITEBYTECODE =

test: setup ## Run the whole suite on SQLite and PostgreSQL, browser tests too
	@$(BIN)/python -m tests.prepare
	@$(BIN)/pytest -q -n 2 --dist worksteal -m "not nightly"

test-quick: setup ## Run what takes under a minute, on SQLite alone
	@HYPOTHESIS_PROFILE=brief $(BIN)/pytest -q -n 2 --dist worksteal -m "not nightly and not slow and not browser and not postgresql" --durations=10 --durations-min=1

check: setup ## Format, lint, types, layers, templates
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy -p scheduler -p tests
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/djlint --lint --quiet templates

bench: setup ## Measure against floors in the same run
	@$(BIN)/scheduler bench all

nightly: setup ## Run the long tests and property runs
	@$(BIN)/python -m tests.prepare
	@HYPOTHESIS_PROFILE=nightly $(BIN)/pytest -q -n 2 --dist worksteal -m nightly

migrate: setup ## Bring the database to the newest revision
	@$(BIN)/scheduler db upgrade

revision: setup ## Write a migration from the models: make revision NAME="what it does"
	@$(BIN)/scheduler db revision "$(NAME)"

wheel: setup ## Build the wheel into dist/
	@$(BIN)/python -m build -q --wheel --no-isolation

lock: ## Write the lock files anew from pyproject.toml
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --extra dev pyproject.toml -o requirements-dev.txt

clean: ## Remove what can be made again
	@rm -rf dist build .mypy_cache .ruff_cache .pytest_cache
