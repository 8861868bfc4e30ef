# Two commands for a newcomer: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DB ?= graph
# Labelled articles that bench/resolution.py measures besides those of the repository.
LABELS ?= $(wildcard ../shared/data/labels/*.jsonl.xz)

.PHONY: demo test check bench format neo4j lock clean

demo: $(VENV)/.run-ready ## the two sample pages become a graph; three questions are answered
	$(BIN)/kg ingest seeds --db $(DB)
	$(BIN)/kg report positions --db $(DB)
	$(BIN)/kg report organisers --db $(DB)
	$(BIN)/kg report awards --db $(DB)

test: $(VENV)/.test-ready check ## everything that CI runs

check: $(VENV)/.test-ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest --cov --cov-report=term:skip-covered

bench: $(VENV)/.test-ready ## scores by fault and speed; the scores go to bench/results
	$(BIN)/python bench/articles.py
	$(BIN)/python bench/rules.py
	$(BIN)/python bench/relations.py
	$(BIN)/python bench/recognition.py
	$(BIN)/python bench/resolution.py $(LABELS)

format: $(VENV)/.test-ready ## lay the code out
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

neo4j: $(VENV)/.run-ready ## a real Neo4j with its Browser, without Docker (needs Maven once); Ctrl-C stops it
	$(BIN)/python scripts/neo4j/server.py

lock: ## pin the versions anew (needs uv)
	uv pip compile --universal --custom-compile-command "make lock" --python-version 3.11 --quiet pyproject.toml -o requirements.txt
	uv pip compile --universal --custom-compile-command "make lock" --python-version 3.11 --quiet --extra dev pyproject.toml -c requirements.txt -o requirements-dev.txt

clean: ## remove what the other targets made, the graph excepted
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage

$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "newspaper-kg needs Python 3.11 or newer; run: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run-ready: requirements.txt pyproject.toml | $(VENV)/bin/pip
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.test-ready: requirements-dev.txt $(VENV)/.run-ready
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
