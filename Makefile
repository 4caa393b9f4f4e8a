# 修武县政务信息化项目管理. `make` alone prints this help.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# the certificates of the machine, as pip uses them: a county may sit behind a proxy of its own
NODE_ENV := NODE_USE_SYSTEM_CA=1 PATH="$(CURDIR)/$(BIN):$$PATH"
BUNDLE_SOURCES := build.mjs package-lock.json $(shell find app/frontend -type f 2>/dev/null)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard app/translations/*/LC_MESSAGES/messages.po))
CHECKED := app tests benchmarks
# PostgreSQL for tests opens the permissions of every folder above it, so it lives in a folder of its own outside.
POSTGRES := $(or $(TMPDIR),/tmp)/xiuwu-test-postgres-$(shell id -u)-$(shell cksum < requirements/postgres.lock | cut -d" " -f1)
export TEST_POSTGRES_PYTHON := $(POSTGRES)/bin/python

.DEFAULT_GOAL := help
.PHONY: help run test test-long check fix bench docs build clean

help: ## Print this help
	@grep -hE '^[a-z-]+:.*?## ' $(MAKEFILE_LIST) | awk 'BEGIN {FS = ":.*?## "}; {printf "  make %-10s %s\n", $$1, $$2}'

run: build ## Set up everything and serve the demonstration county on http://127.0.0.1:5000 (EMPTY=1: a real installation)
	@exec $(BIN)/python -m app.first_run $(if $(EMPTY),--empty,)

test: $(VENV)/.test build node_modules/.dev $(POSTGRES)/.ready ## Set up what tests need and run all of them
	@$(BIN)/python -m tests

test-long: $(VENV)/.test build node_modules/.dev $(POSTGRES)/.ready ## The same with long random walks and fuzzing
	@TEST_LONG=1 $(BIN)/python -m tests

check: $(VENV)/.test ## Style, types, architecture
	$(BIN)/ruff format --check $(CHECKED)
	$(BIN)/ruff check $(CHECKED)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --check --quiet app/templates

fix: $(VENV)/.test ## Format and mend what can be mended by itself
	$(BIN)/ruff check --fix $(CHECKED)
	$(BIN)/ruff format $(CHECKED)

bench: $(VENV)/.test build node_modules/.dev ## Measure; prints a table and writes instance/bench.jsonl
	@$(BIN)/python -m benchmarks

docs: $(VENV)/.run ## Write the generated documents anew
	@$(BIN)/python -m app.regulation_page docs/REGULATION.md

build: $(VENV)/.run app/static/dist/.built $(CATALOGUES) ## Build the browser bundle and the catalogues

clean: ## Remove everything that was set up or built, but no data
	rm -rf $(VENV) $(POSTGRES) node_modules app/static/dist app/feel/dist $(CATALOGUES)

$(VENV)/bin/python:
	@echo "· 建立虚拟环境"
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "需要 Python 3.11 或更新的版本。")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.lock | $(VENV)/bin/python
	@echo "· 安装程序所需的包（约一分钟）"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(VENV)/.test: requirements/test.lock $(VENV)/.run
	@echo "· 安装测试所需的包"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(POSTGRES)/.ready:
	@echo "· 安装测试用的 PostgreSQL"
	@$(PYTHON) -m venv --clear $(POSTGRES)
	@$(POSTGRES)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/postgres.lock
	@touch $@

node_modules/.run: package-lock.json $(VENV)/.run
	@echo "· 安装浏览器端的包"
	@$(NODE_ENV) $(BIN)/npm ci --ignore-scripts --no-audit --no-fund --omit=dev --loglevel=error
	@touch $@

node_modules/.dev: package-lock.json $(VENV)/.run
	@echo "· 安装浏览器测试的包"
	@$(NODE_ENV) $(BIN)/npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@ node_modules/.run

app/static/dist/.built: $(BUNDLE_SOURCES) | node_modules/.run
	@echo "· 构建页面脚本"
	@$(NODE_ENV) $(BIN)/node build.mjs
	@touch $@

%.mo: %.po $(VENV)/.run
	@$(BIN)/pybabel --quiet compile --directory app/translations
