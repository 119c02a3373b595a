# make run    set up what is missing and open the dashboard
# make test   set up what is missing and run every check and test, the browser's included
# make check  the quick half: lint, formatting, import rules, types, data
# make format let ruff tidy the code
# make bench  set up what is missing and measure the speed beside Dash and plain Streamlit; QUICK=1 with fewer rounds

PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test check format bench clean

run: .venv/run
	$(BIN)/streamlit run app.py

test: check
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy
	$(BIN)/python -m tapeline check

format: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/dev
	$(BIN)/python -m benchmarks $(if $(QUICK),--quick)

clean:
	rm -rf .venv

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tapeline needs Python 3.11 or later; this is " + sys.version.split()[0] + ". Name another: make PYTHON=python3.12 run")'
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "The venv module is missing: install it (Debian, Ubuntu: sudo apt-get install python3-venv) and try again."; exit 1; }

.venv/run: .venv/bin/python requirements.txt
	$(BIN)/python -m pip install --quiet -r requirements.txt
	@touch $@

.venv/dev: .venv/bin/python requirements.txt requirements-dev.txt
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	@touch $@ .venv/run
