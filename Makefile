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

.PHONY: help demo install test test-again test-install lint test-neovim test-vscode test-helix test-emacs test-llama eval-local \
        vsix release bench bench-loop fuzz soak kill lock clean

# A target's line of help stands behind its name.
help: ## list every target
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)$$/\1\t\2/p' $(MAKEFILE_LIST) | awk -F '\t' '{ printf "make %-14s %s\n", $$1, $$2 }'

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

.venv/installed: .venv/run-lock requirements/build.txt pyproject.toml
	@$(PIP) -r requirements/build.txt
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# Exit code 1 says that an error-level finding is left, 3 that the model failed, which it has said:
# results, not failures of the demonstration.
demo: .venv/run-lock ## set up and refine an example with the email pack
	@PYTHONPATH=server $(BIN)/python -P -m self_refine refine $(DEMO) --criteria email; \
	code=$$?; test $$code -eq 0 -o $$code -eq 1 -o $$code -eq 3

install: .venv/installed ## put self-refine into .venv, for editors; no tools of developers
	@echo "$(CURDIR)/$(BIN)/self-refine is ready; point your editor at it."

test-install: .venv/dev-lock ## build the wheel, install it in a clean environment and run it
	$(BIN)/python -m pytest tests/packaging --override-ini='norecursedirs=.*'

test: lint ## set up and run every test that needs Python alone
	$(BIN)/python -m pytest --numprocesses auto

test-again: lint ## the tests that failed in the last run, one after the other
	$(BIN)/python -m pytest --last-failed --last-failed-no-failures none

lint: .venv/dev-lock ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test-neovim: .venv/dev-lock ## the main job in a real Neovim
	tests/editors/neovim/run

test-helix: .venv/dev-lock ## the main job in a real Helix
	tests/editors/helix/run

test-emacs: .venv/dev-lock ## the main job in a real Emacs
	tests/editors/emacs/run

test-llama: .venv/dev-lock ## our requests against llama.cpp's own server, with a model of random weights
	tests/servers/llama/run

eval-local: .venv/dev-lock ## the loop on a real model of 1.5 B parameters, on this machine (LIMIT=40 ARMS=ours)
	scripts/eval-local.sh

test-vscode: .venv/dev-lock ## the extension in a real VS Code
	scripts/test-vscode.sh

vsix: .venv/run-lock ## build the VS Code extension
	scripts/vsix.sh

release: .venv/dev-lock ## build sdist, wheel and .vsix of the tag that is checked out, into dist/
	scripts/release.sh

bench: .venv/dev-lock ## ratios against peers
	$(BIN)/python benchmarks

bench-loop: .venv/dev-lock ## the loop against the plain loop, simulated
	$(BIN)/python benchmarks/loop_bench.py

.venv/fuzz-lock: requirements/fuzz.txt .venv/dev-lock
	@$(PIP) -r requirements/fuzz.txt
	@touch $@

FUZZ_SECONDS ?= 600
fuzz: .venv/fuzz-lock ## criteria, model replies and LSP frames, 10 minutes each; CI takes a short form
	SELF_REFINE_FUZZ=10000 $(BIN)/python -m pytest tests/editor -k fuzz
	for target in criteria replies frames; do $(BIN)/python scripts/fuzz.py $$target $(FUZZ_SECONDS) || exit 1; done

soak: .venv/dev-lock ## the long form of the soak test; CI runs a tenth
	SELF_REFINE_SOAK=1000 $(BIN)/python -m pytest tests/editor -k soak

kill: .venv/dev-lock ## SIGKILL --write 200 times and the editor's flow 50 times; CI runs a tenth
	SELF_REFINE_KILLS=200 $(BIN)/python -m pytest tests/security/test_h01_kills.py

# Universal locks (all platforms, 3.11 and later), with hashes and without addresses.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
lock: .venv/dev-lock ## renew the locks in requirements/
	$(LOCK) pyproject.toml --output-file requirements/run.txt
	$(LOCK) requirements/build.in --constraint requirements/run.txt --output-file requirements/build.txt
	$(LOCK) pyproject.toml --extra dev --constraint requirements/run.txt --output-file requirements/dev.txt
	$(LOCK) requirements/fuzz.in --output-file requirements/fuzz.txt

clean: ## remove .venv, build and dist
	rm -rf .venv build dist
