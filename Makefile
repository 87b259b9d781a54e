# Two commands matter: `make demo` and `make test`. Everything they need is set up on the way, once.
# ARGS goes to the program behind a target: make test ARGS="tests/journal -x", make demo ARGS="--port 8080".

PYTHON_IN_VENV := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help demo test bench lint format reference lock upgrade clean

help:  ## This list
	@echo "Vigie: crisis log, situation board and incident observatory."
	@echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

demo:  ## Serve the demonstration on http://127.0.0.1:8000 (Ctrl-C stops it)
	@tools/setup.sh run
	@$(PYTHON_IN_VENV) -m vigie demo $(ARGS)

test:  ## Run every test (installs a Chromium when the machine has none)
	@tools/setup.sh test
	@$(PYTHON_IN_VENV) tools/test.py $(ARGS)

bench:  ## Measure, side by side with what a user would pick instead
	@tools/setup.sh dev
	@$(PYTHON_IN_VENV) -m benchmarks.run $(ARGS)

lint:  ## Check style and form
	@tools/setup.sh dev
	@$(PYTHON_IN_VENV) -m ruff check .
	@$(PYTHON_IN_VENV) -m ruff format --check .

format:  ## Put every file in form
	@tools/setup.sh dev
	@$(PYTHON_IN_VENV) -m ruff check --fix .
	@$(PYTHON_IN_VENV) -m ruff format .

reference:  ## Rewrite the pages of docs/reference that come from the code
	@tools/setup.sh dev
	@$(PYTHON_IN_VENV) -m tools.reference
	@$(PYTHON_IN_VENV) -m tools.cartography_page
	@$(PYTHON_IN_VENV) -m tools.api_page

lock:  ## Rewrite the locks after a change of pyproject.toml
	@tools/setup.sh dev
	@tools/lock.sh

upgrade:  ## Rewrite the locks with the newest versions
	@tools/setup.sh dev
	@tools/lock.sh --upgrade

clean:  ## Remove what the targets made (.venv and caches; no data)
	rm -rf .venv .pytest_cache .hypothesis .ruff_cache dist build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
