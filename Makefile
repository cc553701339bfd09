# Thin: each line calls what does the work. `make help` lists the targets.
.DEFAULT_GOAL := build
.PHONY: build run test soak bench format tidy install clean help

PREFIX  ?= /usr/local
JOBS    ?= $(shell nproc)
# Installs missing packages. On another system than Debian or Ubuntu, install them yourself and say SETUP=true.
SETUP   ?= scripts/bootstrap
BINARY  := build/release/refrain

build: ## builds build/release/refrain (the default)
	@$(SETUP) build
	@test -f build/release/build.ninja || cmake --preset release
	@ninja -C build/release -j $(JOBS) refrain

run: build ## builds, starts a gateway, shows a hit, serves until Ctrl-C
	@exec scripts/demo $(BINARY)

test: ## builds and runs every test; the last line says how many passed
	@$(SETUP) test
	@exec scripts/test

soak: ## the tests for hours: fuzzing for one, each C++ test ten times over, soaks in their long form
	@$(SETUP) test
	@exec scripts/test --long --fuzz-seconds 3600 --fuzz-seed 0 --repeat 10

bench: build ## compares with nginx and measures what a miss costs; a table for bench/README.md
	@$(SETUP) bench
	@exec bench/run --refrain $(BINARY)

format: ## lays out the sources as .clang-format says
	@git ls-files -z --cached --others --exclude-standard -- '*.h' '*.cc' | xargs -0 -r clang-format-19 -i

tidy: ## clang-tidy over all sources (minutes); apt-get install clang-tidy-19
	@command -v run-clang-tidy-19 >/dev/null || { echo 'make tidy needs the package clang-tidy-19' >&2; exit 1; }
	@test -f build/dev/build.ninja || cmake --preset dev
	@run-clang-tidy-19 -quiet -p build/dev -j $(JOBS) '/(src|mock|bench)/.*\.cc$$'

install: ## installs what `make build` built, the unit and the manual below DESTDIR and PREFIX (/usr/local)
	@test -x $(BINARY) || { echo 'nothing is built yet: make build' >&2; exit 1; }
	install -D -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/refrain
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's|/usr/local/bin|$(PREFIX)/bin|' deploy/refrain.service > $(DESTDIR)$(PREFIX)/lib/systemd/system/refrain.service
	install -D -m 644 docs/reference/refrain.1 $(DESTDIR)$(PREFIX)/share/man/man1/refrain.1

clean: ## removes build/ and what npm installed
	rm -rf build tests/sdk/node/node_modules

help: ## lists these targets
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/  make \1\t\2/p' Makefile | expand -t 18
