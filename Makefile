# make run    try the tracker out on this machine        make test   run the test suite
# make dev    the same with the debugging server         make lint   all static checks
# make messages   after a change of texts: find and compile them
# make sbom   what the program is made of, as var/sbom.json (CycloneDX)
# PYTHON=python3.13 and PORT=9000 override the defaults; REPORT=none begins without a report.

PYTHON ?= python3
PORT ?= 8000
# Where invitations and files lead.
SITE := $(or $(SITE_URL),http://localhost:$(PORT))
REPORT ?=
PYTEST_ARGS ?=
BENCHMARK_ARGS ?= --help

VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes

.DEFAULT_GOAL := help
.PHONY: help run dev test check-long check-faults benchmark lint format messages sbom venv lock
.DELETE_ON_ERROR:

help:
	@sed -n '1,5s/^# //p' Makefile

run: $(VENV)/installed-run
	@exec env DEBUG=0 ALLIANCE_TRYOUT=1 SITE_URL="$(SITE)" $(BIN)/python manage.py tryout --port $(PORT) --report "$(REPORT)"

dev: $(VENV)/installed-dev
	@ALLIANCE_TRYOUT=0 DEBUG=1 $(BIN)/python manage.py migrate --verbosity 0
	@ALLIANCE_TRYOUT=0 DEBUG=1 SITE_URL="$(SITE)" $(BIN)/python manage.py run_worker --with-parent & \
		ALLIANCE_TRYOUT=0 DEBUG=1 SITE_URL="$(SITE)" $(BIN)/python manage.py runserver $(PORT)

test: $(VENV)/installed-dev
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal $(PYTEST_ARGS)

# The long forms of random and killing tests, which the suite runs in a short form.
check-long: $(VENV)/installed-dev
	@LONG_FORMS=1 $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal \
		-m has_long_form $(PYTEST_ARGS)

# What readers see while a server is away: starts nginx, PostgreSQL, Redis or Valkey and gunicorn.
check-faults: $(VENV)/installed-dev
	@$(BIN)/python -m tests.faults

# What the product costs: make benchmark BENCHMARK_ARGS="queries --sizes S,M". docs/performance.md
benchmark: $(VENV)/installed-dev
	@$(BIN)/python -m tests.benchmarks $(BENCHMARK_ARGS)

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	find templates recommendations -name '*.html' -print0 2>/dev/null \
		| xargs -0 -r $(BIN)/djade --check --target-version 5.2
	$(BIN)/djhtml --check --tabwidth 2 templates
	$(BIN)/python -m tests.line_lengths
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	DEBUG=1 ALLIANCE_TRYOUT=0 $(BIN)/python manage.py makemigrations --check --dry-run
	DEBUG=1 ALLIANCE_TRYOUT=0 $(BIN)/python manage.py check --fail-level WARNING

format: $(VENV)/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	find templates recommendations -name '*.html' -print0 2>/dev/null \
		| xargs -0 -r $(BIN)/djade --target-version 5.2
	$(BIN)/djhtml --tabwidth 2 templates

# What is new stands in the catalogue without a translation: docs/translating.md tells the rest.
messages: $(VENV)/installed-dev
	@command -v xgettext msgfmt >/dev/null || { \
		echo "xgettext and msgfmt are missing. On Debian and Ubuntu: apt install gettext"; \
		exit 1; }
	DEBUG=1 ALLIANCE_TRYOUT=0 $(BIN)/python manage.py makemessages --all --add-location file \
		--no-obsolete --no-wrap --ignore tests --ignore .venv --ignore var
	DEBUG=1 ALLIANCE_TRYOUT=0 $(BIN)/python manage.py compilemessages --ignore .venv

sbom: $(VENV)/installed-run
	@mkdir -p var
	@$(BIN)/python -m alliance.sbom > var/sbom.json
	@echo "Written: var/sbom.json"

venv: $(VENV)/installed-dev

$(VENV)/python-is-new-enough:
	@command -v $(PYTHON) >/dev/null || { \
		echo "There is no $(PYTHON). Install Python 3.11 or newer, or name it: make PYTHON=python3.13"; \
		exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is $$($(PYTHON) --version), and 3.11 or newer is needed. Name one: make PYTHON=python3.13"; \
		exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) lacks venv and pip. On Debian and Ubuntu: apt install python3-venv"; \
		exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

# The development packages include those of `make run`.
$(VENV)/installed-run: requirements.lock | $(VENV)/python-is-new-enough
	@echo "Installing packages ..."
	@[ $(VENV)/installed-dev -nt requirements-dev.lock ] || $(PIP_INSTALL) -r requirements.lock
	@touch $@

$(VENV)/installed-dev: requirements-dev.lock | $(VENV)/python-is-new-enough
	@echo "Installing packages ..."
	@$(PIP_INSTALL) -r requirements-dev.lock
	@touch $@

# For maintainers, after a change of the dependencies in pyproject.toml.
lock: | $(VENV)/python-is-new-enough
	@[ -x $(VENV)/lock/bin/uv ] || { $(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/python -m pip install --quiet uv; }
	$(VENV)/lock/bin/uv pip compile pyproject.toml $(LOCK_ARGS) --output-file requirements.lock
	$(VENV)/lock/bin/uv pip compile pyproject.toml --extra dev --constraint requirements.lock \
		$(LOCK_ARGS) --output-file requirements-dev.lock

LOCK_ARGS = --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
