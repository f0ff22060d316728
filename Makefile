# Thin names for "go run ./build COMMAND"; the work is done there.

ADDR ?= 127.0.0.1:7420
UPSTREAM ?=
EMBED ?=
BASE ?= ./
STEP ?=
DEEP ?=
ALL ?=
DEBUG ?=
REF ?=
PART ?=

.DEFAULT_GOAL := help
.PHONY: help run dev build dist test packages docs screenshots lint bench fuzz api clean go

help: ## list these targets
	@awk -F':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile
	@echo '  run and dev take ADDR=host:port; run takes UPSTREAM=https://api.example.com/v1 with its key in $$PLAYGROUND_KEY,'
	@echo '  and EMBED=https://docs.example.com, a site whose pages may load the element from here'
	@echo '  test takes STEP=go,unit, ALL=1 (all of the browser, races) and DEEP=1 (larger counts, longer fuzzing); api takes REF=commit'
	@echo '  bench takes PART=go, node, chromium or pages'
	@echo '  dist takes BASE=https://cdn.example.com/playground, the address that its files will have'
	@echo '  build takes DEBUG=1 (traces of the core with functions and lines)'

run: build ## build, then serve the page and the demo model
	@go run ./build serve -addr '$(ADDR)' -upstream '$(UPSTREAM)' -embed '$(EMBED)'

dev: go ## serve, and rebuild and reload on every change
	@go run ./build dev -addr '$(ADDR)'

build: go ## make web/dist
	@PLAYGROUND_DEBUG='$(DEBUG)' go run ./build build

dist: go ## build, make .cache/dist for any host of static files, and one program with the page in it
	@go run ./build dist -base '$(BASE)'

test: go ## run the checks; ALL=1 runs every one
	@PLAYGROUND_DEEP='$(DEEP)' PLAYGROUND_ALL='$(ALL)' go run ./build test $(STEP)

packages: build ## pack the npm packages into .cache/packages
	@go run ./build packages

docs: build ## make the documentation site in .cache/docs/site; ADDR=host:port serves it
	@go run ./build docs -base '$(if $(filter command line,$(origin BASE)),$(BASE),/)' $(if $(filter command line,$(origin ADDR)),-addr '$(ADDR)')

screenshots: build ## photograph every state of the page into .cache/screenshots
	@go run ./build screenshots

lint: go ## staticcheck, types, style, known vulnerabilities
	@go run ./build lint

bench: go ## run the benchmarks
	@go run ./build bench -part '$(PART)'

fuzz: go ## fuzz every target for a minute
	@go run ./build fuzz

api: go ## tell how the exported Go API differs from the last tag
	@go run ./build api -ref '$(REF)'

clean: ## remove what was built
	@rm -rf web/dist .cache

go:
	@command -v go >/dev/null || { echo 'Go 1.25 or newer is needed and was not found; see https://go.dev/dl'; exit 1; }
