# The two commands: `make demo` tries the product, `make test` runs every check and test. `make faults` runs the long fault tests.
.DEFAULT_GOAL := demo
unexport PYTHONDONTWRITEBYTECODE # without compiled modules every process of a test run starts four seconds later
.PHONY: demo test check faults lock chromium

BIN := .venv/bin
INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python
PYTHON := $(shell for name in python3.11 python3; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null && echo "$$name" && break; done)

demo: export RAATI_DEMO := 1
demo: .venv/runtime
	@$(BIN)/raati demo
	@exec $(BIN)/raati serve

test: .venv/development chromium check
	$(BIN)/python -m pytest -n 2 --dist loadfile --cov --cov-report=
	$(BIN)/coverage report --include='analysis/*,panels/*' --fail-under=100
	$(BIN)/coverage report --include='server/*' --fail-under=95

check: .venv/development
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/codespell
	$(BIN)/deptry .

faults: .venv/development
	$(BIN)/python -m pytest tests/faults --long

# What follows sets up: each file is the mark of a step that need not be done again until what it depends on changes.

.venv/setup: requirements-setup.txt
	@test -n "$(PYTHON)" || { echo "Raati needs Python 3.11: install python3.11 and python3.11-venv." >&2; exit 1; }
	@echo "Making the virtual environment .venv with $(PYTHON)"
	@$(PYTHON) -m venv .venv || { echo "Python's venv is missing: install python3.11-venv." >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

.venv/runtime: .venv/setup requirements.txt pyproject.toml
	@echo "Installing what Raati runs on"
	@$(INSTALL) --require-hashes --requirement requirements.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/development: .venv/runtime requirements-dev.txt
	@echo "Installing what its checks and tests need"
	@$(INSTALL) --require-hashes --requirement requirements-dev.txt
	@touch $@

# The browser tests take the system's Chromium, or the one that Playwright keeps.
define find_chromium
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || $(BIN)/python -c 'import os, sys; \
from playwright.sync_api import sync_playwright as start; \
sys.exit(not os.path.exists(start().start().chromium.executable_path))' 2>/dev/null
endef

chromium: .venv/development
	@{ $(find_chromium); } || { echo "Installing Chromium"; \
	if test "$$(id -u)" = 0 && command -v apt-get >/dev/null; \
	then apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; \
	else $(BIN)/playwright install chromium; fi >/dev/null 2>&1; { $(find_chromium); }; } \
	|| { echo "The browser tests need Chromium, and it could not be installed here: install chromium." >&2; exit 1; }

LOCK := $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links

lock: .venv/setup
	printf 'setuptools>=80\nuv\n' | $(LOCK) - --output-file requirements-setup.txt
	$(LOCK) pyproject.toml --output-file requirements.txt
	$(LOCK) pyproject.toml --extra dev --constraint requirements.txt --output-file requirements-dev.txt
