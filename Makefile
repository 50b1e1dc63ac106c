# Every target makes and uses .venv/; with no DATABASE_URL and REDIS_URL the services start under var/.
PYTHON ?= python3
export PORT ?= 8000
RUN := .venv/bin/python

.PHONY: run night test browser screenshots quick lint bench stop clean help

help:            ## this list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:[^#]*##/\t/' | expand -t 13

run: .venv/ready ## the sample evening, then the site with worker and beat on http://127.0.0.1:$(PORT)
	$(RUN) manage.py demo
	$(RUN) manage.py serve

night: .venv/ready ## the sample evening loaded and reconciled, without serving
	$(RUN) manage.py demo

# Files of tests are shared out over the cores; Chromium and servers that are killed come when the others are done.
test: .venv/ready lint ## lint, types, migrations and the whole test suite
	$(RUN) -m pytest --numprocesses auto --dist loadfile --ignore tests/browser --ignore tests/embedded
	$(RUN) -m pytest --numprocesses auto --dist loadfile tests/browser tests/embedded

browser: .venv/ready ## every page and story in Chromium
	$(RUN) -m pytest tests/browser

screenshots: .venv/ready ## the demo's pages as pictures in docs/screens/, by Chromium
	$(RUN) manage.py demo
	$(RUN) manage.py screenshots

lint: .venv/ready ## style, types, settings, migrations
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	$(RUN) manage.py check --fail-level WARNING
	$(RUN) manage.py makemigrations --check --dry-run

bench: .venv/ready ## measurements beside what they compare to; last line is one JSON object
	$(RUN) manage.py bench

stop: .venv/ready ## stop the services under var/
	$(RUN) -m illico_platform.embedded stop

clean: stop      ## stop the services and forget everything under var/
	rm -rf var

.venv/ready: requirements.txt
	$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Illico needs Python 3.11 or newer; set PYTHON=")'
	$(PYTHON) -m venv .venv
	$(RUN) -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	touch .venv/ready
