# One line each: `make help`.
.DEFAULT_GOAL := help
.PHONY: help setup demo run check test lint image-check bench pictures wheel image sbom audit secrets lock clean

SUITS := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c '$(SUITS)' >/dev/null 2>&1 && { echo $$p; break; }; done)
VENV   := .venv
BIN    := $(VENV)/bin

help:            ## list what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## */  make \1\t/'

setup: $(VENV)/.run.stamp  ## set up what the bot needs, and nothing else

demo: $(VENV)/.run.stamp   ## run the bot with a sample newsroom and a sandbox in place of Telegram
	@exec $(BIN)/python -m bot demo

run: $(VENV)/.run.stamp    ## run the bot (BOT_TOKEN in .env)
	@exec $(BIN)/python -m bot run

check: $(VENV)/.run.stamp  ## say what is wrong before a start
	@exec $(BIN)/python -m bot check

test: lint                 ## lint, types, import contracts, tests
	$(BIN)/python -m pytest -n 3 --dist worksteal

lint: $(VENV)/.test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

image-check: $(VENV)/.test.stamp ## replay the Dockerfile without a container engine, and run the bot in what it makes (as root)
	IMAGE=1 $(BIN)/python -m pytest tests/journeys/packaging

bench: $(VENV)/.test.stamp ## measure; figures go to docs/performance.md
	$(BIN)/python -m bench --write

pictures: $(VENV)/.test.stamp ## make the pictures of docs/images anew (needs Chromium, fonts-liberation and a font of emoji)
	$(BIN)/python -m docs.pictures

wheel: $(VENV)/.test.stamp ## make the package for pipx, uv and pip in dist/
	$(BIN)/python -m hatchling build -t wheel -d dist

image:           ## make the container image `vestnik` (needs Docker)
	docker build -f packaging/image/Dockerfile -t vestnik .

sbom: $(VENV)/.run.stamp   ## write what Vestnik is made of to dist/vestnik.cdx.json (CycloneDX)
	@$(BIN)/python packaging/supply/sbom.py --image dist/vestnik.cdx.json

audit: $(VENV)/.run.stamp  ## ask OSV for vulnerabilities of what the lock pins (needs a network)
	@$(BIN)/python packaging/supply/audit.py

secrets: $(VENV)/.run.stamp ## look for secrets in what git keeps and ever kept
	@$(BIN)/python packaging/supply/scan.py
	@$(BIN)/python packaging/supply/scan.py --history
	@if command -v gitleaks >/dev/null; then gitleaks git --redact --no-banner .; \
	  else echo "gitleaks, which knows more kinds of secrets, is not installed here"; fi

lock:            ## pin the newest versions that pyproject.toml allows (needs uv)
	uv pip compile pyproject.toml --upgrade --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -o requirements.lock
	uv pip compile pyproject.toml --upgrade --extra test --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -c requirements.lock -o requirements-test.lock
	echo hatchling | uv pip compile - --upgrade --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11 -c requirements-test.lock -o packaging/image/build.lock

clean:           ## remove the environment and everything built
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Vestnik needs Python 3.11 to 3.14 with its venv module."; \
	  echo "On Debian or Ubuntu: apt install python3 python3-venv. Elsewhere: make PYTHON=/path/to/python"; exit 1; }
	@$(PYTHON) -c '$(SUITS)' || { echo "$(PYTHON) will not do: Vestnik needs Python 3.11 to 3.14 with its venv module."; exit 1; }
	@echo "Setting up $(VENV), once: a minute or so ..."
	@$(PYTHON) -m venv $(VENV)

# A stamp holds the lock it was made from, so that a touched but unchanged lock installs nothing.
$(VENV)/.run.stamp: requirements.lock | $(VENV)/bin/python
	@cmp -s $< $@ || $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r $<
	@cp $< $@

$(VENV)/.test.stamp: requirements-test.lock $(VENV)/.run.stamp
	@cmp -s $< $@ || $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r $<
	@cp $< $@
