# The few commands of the project; each does its own set-up and can be run first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test proof chaos bench check guide lock messages format clean setup setup-dev browser
.DEFAULT_GOAL := run

run: setup
	@$(BIN)/python -m config.run

test: setup-dev browser
	@TESTING=1 $(BIN)/python -m pytest -m "not proof" -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

proof: setup-dev browser
	@TESTING=1 $(BIN)/python -m pytest -m proof -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)
	@$(BIN)/python -m tests.chaos --pause 0.7 --smtp --spoil

# Alone on the machine, since it measures how soon everything is at work again; ARGS=--kills=1000 for more.
chaos: setup-dev
	@$(BIN)/python -m tests.chaos $(ARGS)

bench: setup-dev
	@$(BIN)/python -m bench.permissions $(ARGS)
	@$(BIN)/python -m bench.inbox $(ARGS)
	@$(BIN)/python -m bench.history $(ARGS)
	@$(BIN)/python -m bench.outbox $(ARGS)
	@$(BIN)/python -m bench.pages $(ARGS)

guide: setup-dev browser
	@TESTING=1 GUIDE_PICTURES=static/guide $(BIN)/python -m pytest -q -m proof tests/e2e/test_guide_pictures.py

messages: setup-dev
	@$(BIN)/python -m config.messages

check: setup-dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m config.check

setup: $(VENV)/.runtime locale/vi/LC_MESSAGES/django.mo

setup-dev: $(VENV)/.development locale/vi/LC_MESSAGES/django.mo

# The locks are the measure: an unchanged lock installs nothing.
$(VENV)/.runtime: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 …")'
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@echo "Installing what the system stands on …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.txt
	@touch $@

$(VENV)/.development: $(VENV)/.runtime requirements-dev.txt
	@echo "Installing what checks and tests need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.txt
	@touch $@

locale/vi/LC_MESSAGES/django.mo: locale/vi/LC_MESSAGES/django.po $(VENV)/.runtime
	@$(BIN)/pybabel --quiet compile -D django -d locale

browser:
	@$(BIN)/python -m tests.browser

lock: setup-dev
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links requirements.in -o requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links requirements-dev.in -o requirements-dev.txt

format: setup-dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
