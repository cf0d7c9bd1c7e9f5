# What people type. Each target is one or two commands; the work is in scripts/.
.DEFAULT_GOAL := help
.PHONY: help run dev test bench soak audit clean build setup ui server

SERVE_ARGS ?=
BENCH_ARGS ?=
DURATION ?= 10m
UI_SOURCES := $(shell find frontend crates style -type f 2>/dev/null) Trunk.toml Cargo.toml Cargo.lock $(wildcard scripts/*.mjs)

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## Set up, build and serve on http://127.0.0.1:4280 (SERVE_ARGS="--data DIR …")
	@exec $${CARGO_TARGET_DIR:-target}/release/flarepath serve $(SERVE_ARGS)

dev: setup ## Serve, and rebuild page and server whenever a source changes
	@scripts/with_tools.sh node scripts/dev.mjs $(SERVE_ARGS)

test: ## Set up and pass every check: format, lints, tests, journeys in a browser
	@scripts/test.sh

bench: build ## Measure, and write docs/benchmarks.md (BENCH_ARGS=--browser-only …)
	@scripts/bench.sh $(BENCH_ARGS)

soak: build ## Load a server with everything for DURATION=10m and check its bounds; KILLS=500: kill it that often
	@scripts/soak.sh $(if $(KILLS),kills $(KILLS),$(DURATION))

audit: ## Ask the RustSec database for advisories about our dependencies (needs a network)
	@scripts/audit.sh

clean: ## Remove what was built (the tools in .tools stay)
	cargo clean
	rm -rf dist

build:
	@scripts/build.sh

setup:
	@scripts/setup.sh build

ui: dist/index.html

dist/index.html: $(UI_SOURCES)
	@scripts/build_ui.sh

server: dist/index.html
	@scripts/build_server.sh
