# gristmill's commands. All that is needed beforehand is Python 3.11 and make; everything else is locked in requirements/.

PYTHON ?= python3.11
UV ?= uv

VENV := .venv
BIN := $(VENV)/bin
digest = $(firstword $(shell cat $(1) 2>/dev/null | cksum))

# What is installed is named by its lock's content: a second `make` finds it done, another lock makes it anew.
RUN := $(VENV)/run-$(call digest,requirements/run.lock)
TEST := $(VENV)/test-$(call digest,requirements/run.lock requirements/test.lock)
PROJECT := $(VENV)/project-$(call digest,pyproject.toml)
WARM := $(VENV)/warm
KERNELS := $(shell grep -rl --include='*.py' kernel pipeline classifiers)

# Each lock is the whole environment, so nothing is resolved: pip's resolver would bring fasttext-predict, which
# overwrites fasttext-community's module `fasttext`.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps
LOCK := $(UV) pip compile --quiet --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url \
	--no-emit-package fasttext-predict --no-emit-package robust-downloader --no-emit-package colorlog

# What each peer says of the sample, remade in an environment of its own: .parity/PEER, of tests/parity/peers/PEER.txt.
# What is in no registry is a checkout: DCLM=FOLDER (mlfoundations/dclm), BIGCODE=FOLDER (bigcode-project/bigcode-dataset),
# RPV2=FOLDER (togethercomputer/RedPajama-Data). C4 asks for LDNOOBW's list of its day: BADWORDS=FILE, `en` of 25e679f.
PARITY := .parity
GOLDENS := tests/parity/goldens
SAMPLE := $(PARITY)/sample.jsonl
CODE := $(PARITY)/code.jsonl
PEERS := datatrove_filters fineweb_pipeline dolma_gopher nemo punkt sentence_dedup spacy_words uniseg_words
PEERS += $(if $(DCLM),dclm_gopher dclm_lines) $(if $(BADWORDS),c4_original) $(if $(BIGCODE),bigcode_filters) $(if $(RPV2),rpv2)
given = $(or $(given.$(1)),$(SAMPLE))
given.sentence_dedup = -
given.spacy_words = 3000 1
given.uniseg_words = 2400 1
given.fineweb_pipeline = $(SAMPLE) $(shell $(BIN)/python -c "from classifiers.lid import model_file; print(model_file())")
given.bigcode_filters = $(CODE)
given.c4_original = $(SAMPLE) $(BADWORDS)

.PHONY: help setup setup-test run test check bench parity processors lock clean

help:
	@echo "make setup   the locked environment in .venv, kernels compiled"
	@echo "make run     the sample corpus: runs/sample, its report in runs/sample/report.html"
	@echo "make test    every check: format, lint, types, import contracts, tests"
	@echo "make bench   the benchmarks: a table here, and bench.json"
	@echo "make parity  what the peers say of the sample, remade in environments of their own, and the comparison"
	@echo "make processors   the kernels compiled for a generic x86-64 and for Haswell decide alike"
	@echo "make lock    requirements/*.lock anew from requirements/*.in (needs uv)"
	@echo "make clean   without .venv, caches and runs"

setup: $(WARM)

setup-test: $(TEST) $(WARM)

run: setup
	$(BIN)/gristmill run configs/sample.yaml

test: setup-test check

check:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2 -q

bench: setup
	GRISTMILL_PEERS=$${GRISTMILL_PEERS:-$(PARITY)} $(BIN)/python -m benchmarks

processors: setup-test
	PROCESSORS=1 $(BIN)/python -m pytest -q tests/text/test_processors.py

parity: $(PEERS:%=parity-%)
	$(BIN)/python -m pytest -n 2 -q tests/parity

parity-%: $(PARITY)/%/installed $(SAMPLE) $(CODE)
	PYTHONPATH=$(DCLM):$(BIGCODE):$(RPV2)/app/src $(PARITY)/$*/bin/python tests/parity/peers/$*.py $(call given,$*) $(GOLDENS)/$*.json.gz

.PRECIOUS: $(PARITY)/%/installed
$(PARITY)/%/installed: tests/parity/peers/%.txt
	$(PYTHON) -m venv --clear $(PARITY)/$*
	$(PARITY)/$*/bin/python -m pip install --quiet --disable-pip-version-check $(if $(filter nemo,$*),--no-deps) -r $<
	@touch $@

$(SAMPLE): | setup-test
	@mkdir -p $(@D)
	$(BIN)/python -m tests.parity.corpora sample > $@

$(CODE): | setup-test
	@mkdir -p $(@D)
	$(BIN)/python -m tests.parity.code_files > $@

lock:
	cd requirements && $(LOCK) run.in -o run.lock && $(LOCK) test.in -o test.lock

clean:
	rm -rf $(VENV) $(PARITY) runs bench.json .numba_cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info

$(RUN):
	$(PYTHON) -m venv --clear $(VENV)
	$(INSTALL) --only-binary :all: --require-hashes -r requirements/run.lock
	@touch $@

$(PROJECT): | $(RUN)
	$(INSTALL) --no-build-isolation --editable .
	@rm -f $(VENV)/project-* && touch $@

$(TEST): | $(PROJECT)
	$(INSTALL) --only-binary :all: --require-hashes -r requirements/test.lock
	@touch $@

$(WARM): $(PROJECT) $(KERNELS)
	$(BIN)/python -m pipeline.text.warm
	@touch $@
