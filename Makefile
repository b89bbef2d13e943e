# Everything one does with this project. `make help` lists it.

PYTHON ?= python3
JOBS ?= 3
LANGUAGES ?= en
TESTS ?= tests
ARGS ?=

BIN := .venv/bin
RUNTIME := .venv/runtime.stamp
DEVELOPMENT := .venv/development.stamp
COMPARED := .venv-bench/compared.stamp
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --require-hashes
PYBABEL := $(BIN)/python -m babel.messages.frontend --quiet
POT := var/messages.pot
COMPILED := $(patsubst %.po,%.mo,$(wildcard pb/translations/*/LC_MESSAGES/messages.po))
TYPED := pb $(wildcard config.py wsgi.py)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test lint format drill drill-rules bench venv translations texts requirements system-packages clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{ printf "  make %-16s %s\n", $$1, $$2 }'

# -- running ----------------------------------------------------------------------------------

run: $(RUNTIME) $(COMPILED) ## Serve the site with made-up data on http://127.0.0.1:8000
	@mkdir -p var
	@$(BIN)/python -m pb migrate
	@$(BIN)/python -m pb demo --if-empty
	@echo "Beslisavond: http://$${PB_BIND:-127.0.0.1:8000} (Ctrl-C stops it; the data stay in var/)"
	@exec $(BIN)/python -m gunicorn --config deploy/gunicorn.conf.py wsgi:app

# -- testing ----------------------------------------------------------------------------------

test: ## Run every check and every test, and install what they need
	@bin/system-packages test
	@$(MAKE) --no-print-directory lint
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder -rs $(ARGS) $(TESTS)

lint: $(DEVELOPMENT) $(COMPILED) ## Check style, types and the order of the rooms
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet || { echo "make format mends this:"; $(BIN)/ruff format --check; exit 1; }
	@$(BIN)/mypy --strict $(TYPED)
	@$(BIN)/lint-imports --no-logo > .venv/imports.txt || { cat .venv/imports.txt; exit 1; }
	@tail -n 1 .venv/imports.txt

format: $(DEVELOPMENT) ## Put the code in the style that lint asks for
	@$(BIN)/ruff check --fix --quiet || true
	@$(BIN)/ruff format --quiet

drill: $(DEVELOPMENT) $(COMPILED) ## Run the long drills: crashes, power cuts, bad wifi, a full room
	@bin/system-packages test
	@PB_PEOPLE=40 $(BIN)/python -m pytest -m drill -rA $(ARGS) $(TESTS)

drill-rules: $(DEVELOPMENT) ## Try every promise of deciding and dividing 10,000 times
	@PB_EXAMPLES=10000 $(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS) \
	    tests/decide/test_rules_*.py tests/divide/test_rules_*.py tests/divide/test_cases_*.py

bench: $(DEVELOPMENT) $(COMPILED) $(COMPARED) ## Measure how fast it is, as ratios within one run
	@$(BIN)/python -m bench $(ARGS)

# -- making -----------------------------------------------------------------------------------

venv: $(DEVELOPMENT) $(COMPILED) ## Make .venv, with all that running and testing need

$(RUNTIME): requirements.txt
	@bin/system-packages venv "$(PYTHON)"
	@$(PYTHON) -m venv .venv
	@echo "Installing the packages in requirements.txt ..."
	@$(PIP) -r requirements.txt
	@touch $@

$(DEVELOPMENT): requirements-dev.txt $(RUNTIME)
	@echo "Installing the packages in requirements-dev.txt ..."
	@$(PIP) -r requirements.txt -r requirements-dev.txt
	@touch $@

# What bench compares with is GPL: it stays in an environment of its own. Without it that part is skipped.
$(COMPARED): requirements-bench.txt | $(RUNTIME)
	@$(PYTHON) -m venv .venv-bench
	@echo "Installing the packages in requirements-bench.txt (in .venv-bench) ..."
	@.venv-bench/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes \
	    -r requirements-bench.txt && touch $@ || rm -rf .venv-bench

%.mo: %.po | $(RUNTIME)
	@$(PYBABEL) compile --input-file=$< --output-file=$@

translations: $(DEVELOPMENT) ## Gather the texts into the catalogues of pb/translations
	@mkdir -p $(dir $(POT)) pb/translations
	@$(MAKE) --no-print-directory texts
	@for language in $(LANGUAGES); do \
	    test -f pb/translations/$$language/LC_MESSAGES/messages.po || \
	    $(PYBABEL) init --domain=messages --input-file=$(POT) --output-dir=pb/translations --locale=$$language; \
	done
	@$(PYBABEL) update --domain=messages --input-file=$(POT) --output-dir=pb/translations \
	    --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	@for catalogue in pb/translations/*/LC_MESSAGES/messages.po; do \
	    $(PYBABEL) compile --input-file=$$catalogue --output-file=$${catalogue%.po}.mo; \
	done

# Babel skips folders that start with _, unless it is told which to skip.
texts:
	@$(PYBABEL) extract --mapping-file=pyproject.toml --output-file=$(POT) \
	    --keyword=_l --keyword=lazy_gettext --keyword=lazy_ngettext:1,2 --keyword=lazy_pgettext:1c,2 \
	    --add-comments=L10N: --strip-comments --add-location=file --sort-by-file \
	    --ignore-dirs="__pycache__ .*" --project=Beslisavond \
	    --header-comment="# Texts of Beslisavond. Licensed under the EUPL 1.2." pb templates

requirements: $(DEVELOPMENT) ## Write requirements*.txt anew, with the newest versions that fit
	@for name in requirements requirements-dev requirements-bench; do \
	    $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --custom-compile-command "make requirements" $$name.in --output-file $$name.txt \
	    || exit 1; \
	done

system-packages: ## Install the programs that the tests use, or say which are missing
	@bin/system-packages test

clean: ## Remove what these commands made, but never the data in var/
	@rm -rf .venv .venv-bench .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache mutants
	@find pb tests migrations bench -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
	@rm -f pb/translations/*/LC_MESSAGES/messages.mo
