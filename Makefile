# `make` builds the release; `make demo` and `make test` do all the set-up they need, and work again at once the second time.
JOBS ?= $(shell nproc)
RELEASE := build/release

.PHONY: all demo test bench acceptance deps deps-tests lint format clean

all: deps
	@cmake --preset release >/dev/null
	@cmake --build $(RELEASE) -j $(JOBS) --target hanse hanse-bench

demo: all
	@$(RELEASE)/hanse demo

# Everything that must hold: unit, contract and scenario tests, the repository's own rules, clients.
test: deps-tests
	@cmake --preset release >/dev/null
	@cmake --build $(RELEASE) -j $(JOBS)
	@ctest --test-dir $(RELEASE) --output-on-failure -j $(JOBS)

bench: all
	@$(RELEASE)/hanse-bench all

# The folders of tests/acceptance.txt, where the executable specifications stand beside the repository.
acceptance: deps-tests all
	@tests/acceptance.sh

deps:
	@tools/deps.sh

deps-tests:
	@tools/deps.sh tests

# clang-tidy over what differs from BASE; ALL=1: over everything.
lint:
	@tools/lint.sh $(if $(ALL),all,$(or $(BASE),HEAD~1))

format:
	@tools/format.sh

clean:
	@rm -rf build
