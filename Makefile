# Every recipe is one line into the tool that does it. `make help` lists the targets.
PORT ?= 8000
DATA ?= .data/demo
# Half as many again as the two cores on which the tests must run in ten minutes: those with a browser wait a good while.
WORKERS ?= 3
ANGUAN = .venv/bin/anguan
PYTHON = .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup dev demo seed test postgres15 wheel check format messages statutes bench soak find

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: ## install everything that running needs into this clone
	@tools/setup run

dev: ## install what the tests and checks need as well
	@tools/setup dev

demo: setup ## run the platform with the demo district (PORT=8000 DATA=.data/demo); Ctrl-C stops all
	@ANGUAN_WITH_PARENT=1 exec $(ANGUAN) demo --data $(DATA) --port $(PORT) $(if $(GATEWAY),--gateway $(GATEWAY))

seed: setup ## put the demo district into DATA
	@$(ANGUAN) seed --data $(DATA)

test: dev ## run all tests
	@tools/browser
	@tools/broker
	@$(PYTHON) -m pytest -n $(WORKERS) --dist worksteal -q $(if $(ONLY),-k '$(ONLY)')

postgres15: dev ## the service tests once more, on Debian's PostgreSQL 15
	@tools/postgres15

wheel: dev ## build dist/anguan-*.whl and try it in an empty environment
	@tools/wheel
	@tools/try-wheel

check: dev ## lint, format, types, layers, templates, migrations, translations
	@tools/check

format: dev ## write Python and templates as the check wants them
	@tools/format

messages: dev ## add missing strings to the catalogues, ready to be translated
	@$(PYTHON) tools/update_catalogues.py

statutes: setup ## write docs/statutes.md from the rule records
	@$(ANGUAN) rules document

bench: dev ## run the benchmarks (ONLY=name), one JSON line each
	@$(PYTHON) -m benchmarks $(ONLY)

soak: dev ## the long counts: kills, offline rounds, races (ONLY=name), one JSON line each
	@$(PYTHON) -m soak $(ONLY)

find: ## glossary row and files of a Chinese term: make find T=双随机
	@tools/find '$(T)'
