# One line each over bootstrap.py, so that a machine without make has the same commands.
#   make test ARGS="tests/engine -k gates"      make run PORT=8010 DEMO=0     (make passes PORT and DEMO on)
PYTHON ?= $(or $(shell command -v python3),python)
ARGS ?=

.PHONY: run test reset manage lint faults bench quality lock install
.DEFAULT_GOAL := run

run: ; @$(PYTHON) bootstrap.py run
test: ; @$(PYTHON) bootstrap.py test $(ARGS)
reset: ; @$(PYTHON) bootstrap.py reset
manage: ; @$(PYTHON) bootstrap.py manage $(ARGS)
lint: ; @$(PYTHON) bootstrap.py lint
faults: ; @$(PYTHON) bootstrap.py faults $(ARGS)
bench: ; @$(PYTHON) bootstrap.py bench $(ARGS)
quality: ; @$(PYTHON) bootstrap.py quality $(ARGS)
lock: ; @$(PYTHON) bootstrap.py lock
install: ; @$(PYTHON) bootstrap.py install
