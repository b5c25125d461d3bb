# make run      start Hearth here; Ctrl-C stops it.   PORT=8080 for another port, DEMO=no to start empty, DEBUG=yes
# make stop     stop what a killed `make run` left
# make test     every check and test, on the real database, broker and browser
# make bench    measure speed at scales S and M, into docs/bench.md; SCALE=L for all of England
# make soak     run an installation of its own under faults for twenty minutes, and write docs/faults.md
# make pictures take a picture of every page, on a phone, on a desk and printed, into docs/pictures
# make lint     the checks alone          make format   let the machine mend what it can
# make lock     choose the newest allowed versions of all packages anew

PYTHON ?= python3
PORT ?= 8000
DEMO ?= yes
DEBUG ?= no
BIN := .venv/bin

.PHONY: run stop test lint format lock soak bench pictures

run:
	@$(PYTHON) -B config/prepare.py
	@env PORT=$(PORT) DEMO=$(DEMO) DEBUG=$(DEBUG) $(BIN)/python -m config.run

stop:
	@$(PYTHON) -B -m config.run stop

test: lint
	@$(BIN)/python -m pytest -n auto $(TESTS)

lint:
	@$(PYTHON) -B config/prepare.py --tests
	@$(BIN)/ruff check -q .
	@$(BIN)/ruff format -q --check .
	@git ls-files -co --exclude-standard 'templates/*.html' | xargs -r $(BIN)/djade --target-version 5.2 --check
	@$(BIN)/python $(BIN)/lint-imports --no-logo > .hearth/imports.txt || (cat .hearth/imports.txt; false)
	@$(BIN)/python $(BIN)/mypy --no-error-summary
	@DJANGO_SETTINGS_MODULE=config.settings.test $(BIN)/python manage.py makemigrations --check --dry-run -v 0

format:
	@$(BIN)/ruff check -q --fix .
	@$(BIN)/ruff format -q .
	@git ls-files -co --exclude-standard 'templates/*.html' | xargs -r $(BIN)/djade --target-version 5.2

COMPILE := $(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links
lock:
	@$(COMPILE) pyproject.toml --group install --group embedded --group test -o requirements.lock
	@$(COMPILE) pyproject.toml --constraints requirements.lock --no-annotate -o requirements-production.lock
	@$(COMPILE) --group node -o requirements-node.lock
	@npm install --package-lock-only --ignore-scripts

soak:
	@$(PYTHON) -B config/prepare.py
	@$(BIN)/python -m bench.soak

bench:
	@$(PYTHON) -B config/prepare.py
	@$(BIN)/python -m bench.speed $(SCALE)

pictures:
	@$(PYTHON) -B config/prepare.py --tests
	@$(BIN)/python -m bench.pictures
