# Freerange. `make demo` and `make test` need Rust and a C compiler. What the tests need beside that, a browser and PostgreSQL,
# is installed on Debian when it is missing, and said; elsewhere it is named.

export PATH := $(HOME)/.cargo/bin:$(PATH)
PORT ?= 8080
DATA ?= demo-data

.PHONY: help demo test lint deny bench bench-matching bench-round-web bench-captures bench-first-load bench-board check-qdpx tools-browser tools-postgres

help:
	@echo "make demo    build, make a demo city once, serve it on http://127.0.0.1:$(PORT)  (PORT=... DATA=... change it)"
	@echo "make test    every check: format, lints, tidy, Rust tests on SQLite and PostgreSQL, browser stories, accessibility"
	@echo "make lint    format, lints and tidy (order of the house, licences and sources of dependencies) only"
	@echo "make deny    known weaknesses of dependencies, and bans, licences and sources on all platforms (installs cargo-deny when missing)"
	@echo "make bench   pages over 50,000 people, and their import, on SQLite and PostgreSQL"
	@echo "make bench-matching    the matchers side by side: ours, a greedy, HiGHS (from PyPI); SIZES=... SEEDS=... HIGHS=no change it"
	@echo "make bench-round-web   a round of 50,000 people asked for in the web, with a kill in the middle, while others use the site"
	@echo "make bench-captures    small captures taken in with durable commits, beside PocketBase (from PyPI); SECONDS_EACH=... CLIENTS=... change it"
	@echo "make bench-first-load  what the notebook costs an old phone that opens it first: bytes, Lighthouse, a slow processor"
	@echo "make bench-board       how quickly a board of 5,000 notes answers keys and drags, beside one of 100, also on a slow processor; ROUNDS=... changes it"
	@echo "make check-qdpx  opens the projects we write in two readers that are not ours (fetches them from PyPI), and says what they read"

demo:
	@scripts/need-cargo
	@echo "Building Freerange. The first time this takes a few minutes; after that it starts at once."
	cargo build --locked --profile demo -p freerange
	target/demo/freerange demo --data $(DATA) --port $(PORT)

lint:
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	cargo run --locked -q -p xtask -- tidy

test: tools-browser tools-postgres
	@scripts/need-cargo
	$(MAKE) lint
	cargo build --locked --workspace --tests
	scripts/with-postgres cargo test --locked --workspace
	cargo build --locked -p freerange
	cd e2e && node --test --test-concurrency=1

deny:
	@command -v cargo-deny >/dev/null || { echo "Installing cargo-deny from crates.io"; cargo install --locked cargo-deny; }
	cargo deny check

bench:
	bench/pages.sh

bench-matching:
	@scripts/need-cargo
	bench/matching.sh

bench-round-web:
	@scripts/need-cargo
	cargo build --locked --release -p freerange
	python3 bench/web_round.py

bench-captures:
	@scripts/need-cargo
	bench/captures.sh

bench-first-load: tools-browser
	cargo build --locked --release -p freerange
	cd bench/first-load && npm ci --silent --no-audit --no-fund && node first-load.mjs ../../target/release/freerange

bench-board: tools-browser
	cargo build --locked --release -p freerange
	cd e2e && npm ci --silent --no-audit --no-fund && FREERANGE_BIN=../target/release/freerange node ../bench/board/board.mjs

check-qdpx:
	@scripts/need-cargo
	scripts/check-qdpx

tools-browser:
	@scripts/need-browser

tools-postgres:
	@scripts/need-postgres
