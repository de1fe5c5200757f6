# What CI runs, what a newcomer runs: the same targets. `make` alone lists them.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
QUIETLY := --quiet --disable-pip-version-check
# Nothing is built of what no lock file names: wheels alone, and what is there as source only (docopt) with setuptools of the lock.
LOCKED := $(QUIETLY) --require-hashes --only-binary :all:
# Whatever the machine is told: what is compiled once is not compiled again by each of the processes that tests start.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup demo test check lint types imports lock score backtest bench sbom audit image clean

help:
	@echo "make demo   set up and play a fortnight of news through the bot (no token, no network)"
	@echo "make test   set up and run every test"
	@echo "make check  what CI runs: format, lint, types, import contracts, tests"
	@echo "make score  read and join the open corpus, print the score"
	@echo "make backtest  join news whose events are known, and what each rule of joining is good for"
	@echo "make bench  how fast items are read and joined, and posts leave, beside others on the same"
	@echo "make sbom   list the libraries that the bot is made of (CycloneDX)"
	@echo "make audit  ask whether a weakness is known of any of them; needs the network"
	@echo "make image  take the steps of the Dockerfile without an engine, and start what they make"
	@echo "make lock   renew the lock files"
	@echo "make clean  remove the virtual environment and caches"

setup: $(READY)

$(READY): requirements-build.lock requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install $(LOCKED) -r requirements-build.lock
	$(BIN)/pip install $(LOCKED) --no-binary docopt --no-build-isolation -r requirements-dev.lock
	$(BIN)/pip install $(QUIETLY) --no-deps --no-build-isolation --editable .
	@touch $(READY)

demo: setup
	@$(BIN)/vistka demo

test: setup
	$(BIN)/pytest -n 2 --dist worksteal --cov --cov-report= tests/core
	@$(BIN)/coverage report --skip-covered --fail-under=95
	$(BIN)/pytest -n 4 --dist worksteal --ignore=tests/core  # half of their time these wait for processes and servers

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: setup
	$(BIN)/mypy

imports: setup
	$(BIN)/lint-imports --no-cache

check: lint types imports test

CORPUS ?= ../shared/corpus
score: setup
	@$(BIN)/vistka replay --events $(VENV)/events.jsonl < $(CORPUS)/open.items.jsonl > $(VENV)/predictions.jsonl
	@$(BIN)/python $(CORPUS)/score.py --gold $(CORPUS)/open.items.jsonl --pred $(VENV)/predictions.jsonl
	@for language in en uk ru; do echo "-- $$language"; \
		grep "\"lang\": \"$$language\"" $(CORPUS)/open.items.jsonl > $(VENV)/gold.jsonl; \
		$(BIN)/python $(CORPUS)/score.py --gold $(VENV)/gold.jsonl --pred $(VENV)/predictions.jsonl | sed -n 1,4p; done
	@$(BIN)/python -m tests.event_facts $(CORPUS) $(VENV)/predictions.jsonl $(VENV)/events.jsonl

GOLD ?= $(wildcard $(CORPUS)/open.items.jsonl)
backtest: setup
	@$(BIN)/python bench/backtest.py --rules --nights $(GOLD)

bench: setup
	@$(BIN)/python bench/reading.py
	@$(BIN)/python bench/joining.py
	@$(BIN)/python bench/delivery.py a

COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
lock: setup
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) --extra dev pyproject.toml -o requirements-dev.lock
	$(COMPILE) --constraint requirements-dev.lock --group build -o requirements-build.lock
	$(COMPILE) --group audit -o requirements-audit.lock

AUDIT := .venv-audit
$(AUDIT)/ready: requirements-audit.lock
	$(PYTHON) -m venv $(AUDIT)
	$(AUDIT)/bin/pip install $(LOCKED) -r requirements-audit.lock
	@touch $(AUDIT)/ready

sbom: $(AUDIT)/ready
	@$(AUDIT)/bin/python scripts/sbom.py

audit: $(AUDIT)/ready
	@$(AUDIT)/bin/python scripts/audit.py

image:
	@$(PYTHON) scripts/dockerfile.py

clean:
	rm -rf $(VENV) $(AUDIT) sbom.cdx.json build dist *.egg-info .mypy_cache .ruff_cache .hypothesis htmlcov
