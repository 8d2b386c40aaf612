SWIFT = swift
STRICT = --explicit-target-dependency-import-check error -Xswiftc -warnings-as-errors
STATIC = -c release --static-swift-stdlib
FORMATTED = Sources Tests Package.swift
QUICKSTART = environments/quickstart

PREFIX = /usr/local
BINDIR = $(DESTDIR)$(PREFIX)/bin
SHAREDIR = $(DESTDIR)$(PREFIX)/share

.DEFAULT_GOAL := help
.PHONY: help setup build release package test check format lint bench soak demo examples install uninstall clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what is missing, or say what to type
	@.ci/setup

build: setup ## build deployctl for development
	$(SWIFT) build $(STRICT)

release: setup ## build the one-file binary .build/deployctl
	$(SWIFT) build $(STATIC) --product deployctl
	.ci/finish "$$($(SWIFT) build $(STATIC) --show-bin-path)/deployctl" .build/deployctl

package: release ## build a Debian package and an archive in .build/package
	.ci/package .build/deployctl .build/package

test: setup ## run every test
	$(SWIFT) build --build-tests $(STRICT)
	python3 -B $(QUICKSTART)/app/test_server.py
	.ci/test "$$($(SWIFT) build $(STRICT) --show-bin-path)"

check: lint build test ## everything a change must pass

format: ## rewrite the sources in the house style
	$(SWIFT) format format --in-place --recursive $(FORMATTED)

lint: ## complain about anything not in the house style
	$(SWIFT) format lint --strict --recursive $(FORMATTED)
	bash -n .ci/applications .ci/finish .ci/package .ci/run .ci/setup
	python3 -c 'import ast, sys; [ast.parse(open(name).read(), name) for name in sys.argv[1:]]' .ci/house .ci/test \
		Tests/Examples/examples Tests/Examples/*.py environments/*/stand-ins/* \
		$$(git ls-files 'environments/*.py') environments/*/checks/*
	.ci/house --check

bench: release ## measure deployctl
	Tests/Bench/bench $(BENCH)

examples: build ## deploy, break and take back each example under traffic
	Tests/Examples/examples "$$($(SWIFT) build $(STRICT) --show-bin-path)/deployctl" $(EXAMPLES)

soak: package ## every kill, schema and size, for as long as it takes
	$(SWIFT) build --build-tests $(STRICT)
	Tests/Examples/examples .build/deployctl
	Tests/Examples/rented.py .build/deployctl
	Tests/Examples/rebooted.py .build/deployctl
	DEPLOYCTL_SOAK=1 $(SWIFT) test --skip-build $(STRICT) --filter "IntegrationTests|DeployAdaptersTests|CrashTests" \
		--skip LargeDatabaseTests
	DEPLOYCTL_SOAK=1 DEPLOYCTL_TEST_BINARY="$(CURDIR)/.build/deployctl" \
		$(SWIFT) test --skip-build $(STRICT) --filter LargeDatabaseTests

demo: build ## watch a staging, production and rollback under load
	$(QUICKSTART)/demo/demo "$$($(SWIFT) build $(STRICT) --show-bin-path)/deployctl"

install: release ## install into PREFIX, /usr/local unless told otherwise
	install -d "$(BINDIR)" "$(SHAREDIR)/man/man1" "$(SHAREDIR)/bash-completion/completions" \
		"$(SHAREDIR)/zsh/site-functions" "$(SHAREDIR)/fish/vendor_completions.d"
	.build/deployctl man > .build/deployctl.1
	.build/deployctl completion bash > .build/completion.bash
	.build/deployctl completion zsh > .build/completion.zsh
	.build/deployctl completion fish > .build/completion.fish
	install -m 755 .build/deployctl "$(BINDIR)/deployctl"
	install -m 644 .build/deployctl.1 "$(SHAREDIR)/man/man1/deployctl.1"
	install -m 644 .build/completion.bash "$(SHAREDIR)/bash-completion/completions/deployctl"
	install -m 644 .build/completion.zsh "$(SHAREDIR)/zsh/site-functions/_deployctl"
	install -m 644 .build/completion.fish "$(SHAREDIR)/fish/vendor_completions.d/deployctl.fish"

uninstall: ## remove what install put there
	rm -f "$(BINDIR)/deployctl" "$(SHAREDIR)/man/man1/deployctl.1" \
		"$(SHAREDIR)/bash-completion/completions/deployctl" \
		"$(SHAREDIR)/zsh/site-functions/_deployctl" "$(SHAREDIR)/fish/vendor_completions.d/deployctl.fish"

clean: ## remove what was built
	rm -rf .build
