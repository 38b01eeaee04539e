# Mottagningsboken. Needs Python 3.11 or newer, make and git; everything else goes into .venv.
# Every path is relative, so the folder's own name may hold spaces.

BIN := .venv/bin
# What .venv holds: what reports need; that and what other places for them need; all, with what tests need.
STAMP := .venv/.installed
EXTRAS := .venv/.extras
WHOLE := .venv/.whole
# Beside all that, in a folder of its own that no program of ours looks into: what is only measured.
RIVALS := .venv/.rivals
UV := 0.13.9
LAST_RUN := $(if $(wildcard $(STAMP)),$(shell cat $(STAMP)))
PYTHONS := $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python

.DEFAULT_GOAL := help
.PHONY: help reports report test accept lab check sources bench drill drill-small setup extras lint format lock clean moved

help: ## List what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' Makefile

reports: setup ## Render every report; open reports/html/index.html
	@$(BIN)/mottagning reports

report: setup ## Render one report: make report LAN=AC AR=2019, or KOMMUN=2480
	@$(BIN)/mottagning report $(if $(LAN),--lan '$(LAN)') $(if $(KOMMUN),--kommunkod '$(KOMMUN)') $(if $(AR),--ar '$(AR)')

test: lint ## Check the style, the types and every test
	$(BIN)/python -m pytest -q -n logical --dist loadgroup

accept: $(WHOLE) ## Take what the pages say now as the golden texts; read the change, then commit it
	$(BIN)/python -m pytest -q tests/test_golden.py --accept

lab: setup ## Open the notebooks in JupyterLab
	JUPYTER_PREFER_ENV_PATH=1 $(BIN)/jupyter lab --notebook-dir=notebooks

check: setup ## Recompute every published total and list what disagrees
	@$(BIN)/mottagning check

sources: setup ## List the published tables and where they come from
	@$(BIN)/mottagning sources

bench: $(RIVALS) ## Measure imports, placement, figures, the workbench and the engines beside plain code; takes minutes
	$(BIN)/python -m benchmarks.large_tables
	$(BIN)/python -m benchmarks.placement
	$(BIN)/python -m benchmarks.figures
	$(BIN)/python -m benchmarks.workbench
	$(BIN)/python -m benchmarks.engine --profile
	$(BIN)/python -m benchmarks.engine --reports 2 --scenarios 3 --rounds 2
	$(BIN)/python -m benchmarks.moments
	$(BIN)/python -m benchmarks.batch
	$(BIN)/python -m benchmarks.updates

drill: $(WHOLE) ## Make 312 reports, 13 of them faulty, kill the run 50 times, and bring about every other fault
	$(BIN)/python -m tests.drill

drill-small: $(WHOLE) ## Bring about every fault once, with small notebooks; minutes
	$(BIN)/python -m tests.drill --small

# What has once been added is kept in step with the locks.
setup: $(or $(firstword $(wildcard $(WHOLE) $(EXTRAS))),$(STAMP)) ## Fill .venv with what reports need, if not there
	@:

extras: $(or $(wildcard $(WHOLE)),$(EXTRAS)) ## Add what S3, SFTP and clusters need
	@:

lint: $(WHOLE) ## Check style and types only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

format: $(WHOLE) ## Put code in order and strip the notebooks
	$(BIN)/python -m tests.house.strip notebooks/*.ipynb
	$(BIN)/python -m tests.house.rooms src/helpers docs/architecture.md src/helpers/README.md
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## Pin pyproject.toml's ranges anew in the requirements files; UPGRADE=1 moves every pin
	@set -e; work=$$(mktemp -d); trap 'rm -rf "$$work"' EXIT; $(find_python); "$$python" -m venv "$$work/venv"; \
	"$$work/venv/bin/python" -m pip install --quiet uv==$(UV); \
	"$$work/venv/bin/python" -m tests.house.relock "$$work" $(if $(UPGRADE),--upgrade)

clean: ## Remove what was generated; published tables, data/raw, .venv and the history of runs stay
	rm -rf reports/html reports/executed reports/current reports/releases reports/single reports/logs
	rm -rf reports/status.json reports/.building reports/.single reports/.lock reports/.*.jsonl data/tidy
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The first Python that is new enough, as $$python. Asked by running it: a name on the PATH promises nothing.
define find_python
python=; for name in $(PYTHONS); do \
  if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then python=$$name; break; fi; \
done; \
if [ -z "$$python" ]; then \
  echo "No Python 3.11 or newer was found (looked for: $(strip $(PYTHONS)))."; \
  echo "Install one and run make again, or name one: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)"; \
  exit 1; \
fi
endef

# Where the package lies, told from where it is looked up: a whole path may hold letters that a C locale cannot read.
POINT := import os, sysconfig; own = sysconfig.get_path('purelib'); \
  open(os.path.join(own, 'helpers.pth'), 'w').write(os.path.relpath('src', own))

# A stamp holds the folder it was made in: a moved or copied .venv points elsewhere and is made anew.
ifneq ($(LAST_RUN),$(CURDIR))
$(STAMP) $(EXTRAS) $(WHOLE): moved
endif

$(WHOLE): requirements-dev.lock
$(EXTRAS) $(WHOLE): requirements-extras.lock
$(STAMP) $(EXTRAS) $(WHOLE): requirements.lock pyproject.toml
	@set -e; $(find_python); \
	if [ -e $(STAMP) ] && [ "$$(cat $(STAMP))" != "$$(pwd -P)" ]; then rm -rf .venv; fi; \
	if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
	  "$$python" -m venv --clear .venv || { \
	    echo "Python's venv module did not work; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }; \
	fi; \
	echo "Installing the pinned packages into .venv (the first time takes a minute or two) ..."; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
	  $(patsubst %,--requirement %,$(filter %.lock,$^)); \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	$(BIN)/python -c "$(POINT)"; \
	for stamp in $(STAMP) $(EXTRAS) $(WHOLE); do pwd -P > $$stamp; [ $$stamp != $@ ] || break; done

# What is not installed beside the rest: papermill would import it in every run. Anew whenever .venv is.
$(RIVALS): requirements-rivals.lock $(WHOLE)
	rm -rf .venv/rivals
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
	  --target .venv/rivals --requirement $<
	pwd -P > $@

.NOTPARALLEL: # no two of these fill .venv at once
