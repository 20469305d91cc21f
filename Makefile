# Keratin's entry points; the work is done by CMake (CMakePresets.json) and tools/. `make` alone lists them.
SHELL   := /bin/bash
.DEFAULT_GOAL := help
FILTER  ?=
NAME    ?=
PREFIX  ?= /usr/local
SECONDS_PER_TARGET ?= 60
N       ?= 40
SEED    ?=
ONLY    ?=
SOURCES  = $(shell git ls-files '*.c' '*.h' ':!include/keratin/layers.h')
export FILTER

.PHONY: help demo build test dev asan ubsan tsan clang minimal bench fuzz format lint docs gen goldens floor coverage \
        mutants install new-layer new-op clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## install what is missing, build, train a small network and explain a broken one
	@tools/demo-build
	@tools/demo build/release

build: ## release build: build/release/keratin and keratin-bench
	@tools/build release

test: ## every build and every test; FILTER=text runs only matching tests
	@tools/test

dev: ## debug build and its tests
	@tools/test dev

asan: ## tests under the address and undefined-behaviour sanitizers
	@tools/test asan

ubsan: ## tests under the undefined-behaviour sanitizer alone
	@tools/test ubsan

tsan: ## tests under the thread sanitizer
	@tools/test tsan

clang: ## tests of a clang build, warnings are errors
	@tools/test clang

minimal: ## tests of the build that needs nothing but the C library
	@tools/test minimal

bench: ## run every workload of keratin-bench
	@tools/build release && tools/bench build/release

fuzz: ## run each fuzz target for SECONDS_PER_TARGET=60
	@tools/fuzz $(SECONDS_PER_TARGET)

format: ## rewrite sources with clang-format, comments within 100 columns
	@tools/wrap-comments $(SOURCES) && clang-format -i $(SOURCES)
	@tools/wrap-comments $(SOURCES) && clang-format -i $(SOURCES)

lint: ## clang-format, include directions, house rules, clang-tidy, cppcheck
	@tools/lint

docs: ## write docs/structure.md and the generated reference pages
	@tools/check-deps --write
	@tools/build release && { [ ! -x build/release/tools/keratin-gen ] || cmake --build --preset release --target gen; }

gen: ## write the headers that follow from the field tables
	@tools/build release && cmake --build --preset release --target gen

goldens: ## score the built program against the golden cases of real Keras
	@tools/build release && tools/score-floor --verbose build/release/keratin

floor: ## keep today's golden scores as the floor (tests/goldens/floor.json)
	@tools/build release && tools/score-floor --update build/release/keratin

coverage: ## which lines the tests run: build/coverage/coverage.txt
	@tools/coverage

mutants: ## N=40 small random mistakes in the sources: do the tests notice? SEED=number ONLY=path or --changed
	@tools/mutants -n "$(N)" $(if $(SEED),--seed "$(SEED)") $(ONLY)

install: ## install to PREFIX=/usr/local
	@tools/build release && cmake --install build/release --prefix "$(PREFIX)"

new-layer: ## a new layer from a template: NAME=soft_shrink
	@tools/new-layer "$(NAME)"

new-op: ## a new op from a template: NAME=soft_shrink
	@tools/new-op "$(NAME)"

clean: ## remove build/
	@rm -rf build
