# Two commands are all that a fresh machine needs: `make demo` and `make test`.
# Python 3.11 or later with venv, git and make are presumed; nothing else.

PYTHON ?= python3
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes
DEMO := examples/status-email.md

.PHONY: help demo install test lint test-neovim test-vscode test-helix test-emacs test-llama vsix \
        bench bench-loop fuzz soak lock clean

help:
	@echo "make demo         set up and refine $(DEMO) with the email pack"
	@echo "make test         set up and run every test that needs Python alone"
	@echo "make install      put self-refine into .venv, for editors"
	@echo "make test-neovim  the main job in a real Neovim   (also test-vscode, test-helix, test-emacs)"
	@echo "make test-llama   our requests against llama.cpp's own server, with a model of random weights"
	@echo "make bench        ratios against peers; bench-loop: against the plain loop"
	@echo "make fuzz, soak   the long forms of tests that CI runs a tenth of"
	@echo "make vsix         the VS Code extension;  make lock: renew the locks"

.venv/made:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("self-refine needs Python 3.11 or later; this is %s. Name another with: make PYTHON=python3.12 demo" % sys.version.split()[0])'
	@$(PYTHON) -m venv .venv || { echo "Python cannot make a virtual environment here; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@touch $@

.venv/run-lock: requirements/run.txt | .venv/made
	@echo "Installing what self-refine needs (once) ..."
	@$(PIP) -r requirements/run.txt
	@touch $@

.venv/dev-lock: requirements/dev.txt pyproject.toml | .venv/made
	@echo "Installing what the tests need (once) ..."
	@$(PIP) -r requirements/dev.txt
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# Exit code 1 says that an error-level finding is left, 3 that the model failed, which it has said:
# results, not failures of the demonstration.
demo: .venv/run-lock
	@PYTHONPATH=server $(BIN)/python -P -m self_refine refine $(DEMO) --criteria email; \
	code=$$?; test $$code -eq 0 -o $$code -eq 1 -o $$code -eq 3

install: .venv/dev-lock
	@echo "$(CURDIR)/$(BIN)/self-refine is ready; point your editor at it."

test: lint
	$(BIN)/python -m pytest --numprocesses auto

lint: .venv/dev-lock
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test-neovim: .venv/dev-lock
	tests/editors/neovim/run

test-helix: .venv/dev-lock
	tests/editors/helix/run

test-emacs: .venv/dev-lock
	tests/editors/emacs/run

test-llama: .venv/dev-lock
	tests/servers/llama/run

test-vscode: .venv/dev-lock
	scripts/test-vscode.sh

vsix: .venv/run-lock
	scripts/vsix.sh

bench: .venv/dev-lock
	$(BIN)/python benchmarks

bench-loop: .venv/dev-lock
	$(BIN)/python benchmarks/loop_bench.py

fuzz: .venv/dev-lock
	SELF_REFINE_FUZZ=10000 $(BIN)/python -m pytest tests/editor -k fuzz

soak: .venv/dev-lock
	SELF_REFINE_SOAK=1000 $(BIN)/python -m pytest tests/editor -k soak

# Universal locks (all platforms, 3.11 and later), with hashes and without addresses.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
lock: .venv/dev-lock
	$(LOCK) pyproject.toml --output-file requirements/run.txt
	$(LOCK) pyproject.toml --extra dev --constraint requirements/run.txt --output-file requirements/dev.txt

clean:
	rm -rf .venv build dist
