# Every target first sets up what it needs: setup.sh finds or installs Node and the modules, sandbox/main.ts the rest.
.DELETE_ON_ERROR:
SHELL := /bin/sh
setup := sandbox/setup/setup.sh
ts := node -r ts-node/register/transpile-only
in_sandbox := $(setup) $(ts) sandbox/main.ts run
mocha := node node_modules/mocha/bin/mocha.js
# Tests on the sandbox mostly wait for pods, so several files run at once, each with instances of its own. The full
# tests run one after the other, because some of them end and start sandboxes.
parallel := --parallel --jobs 3

fast_tests := 'test/*.test.ts' 'test/{facts,planner,cli,component,steps,preflight,reference,bad-input,bench}/**/*.test.ts'
sandbox_tests := 'test/sandbox/**/*.test.ts'
full_tests := 'test/full/**/*.test.ts'

sources := index.ts $(shell find components cli -name '*.ts' -o -name '*.json')
compiled := dist/cli/main.js

.PHONY: test test-fast test-full bench docs demo sandbox sandbox-down

# One mocha runs all tests, so that its last line counts all of them. A sandbox that had to be started is ended
# afterwards.
test test-full: export BSR_SANDBOX_COMPILED := true
test: $(compiled)
	@$(in_sandbox) $(mocha) $(parallel) $(sandbox_tests) $(fast_tests)

test-fast: $(compiled)
	@$(setup) $(mocha) $(parallel) $(fast_tests)

test-full: $(compiled)
	@$(in_sandbox) $(mocha) $(sandbox_tests) $(fast_tests) $(full_tests)

bench: $(compiled)
	@$(in_sandbox) $(ts) bench/main.ts

# Generates the reference, the editors' schema, the types and Pulumi.yaml's comments from the arguments' schema.
docs:
	@$(setup) $(ts) tools/reference/main.ts

demo:
	@$(in_sandbox) $(ts) demo/main.ts

sandbox:
	@$(setup) $(ts) sandbox/main.ts up

sandbox-down:
	@$(setup) $(ts) sandbox/main.ts down

# Compiles what the package and the command `bsr` run.
$(compiled): $(sources) $(wildcard tools/bundle/*.ts) tsconfig.json tsconfig.build.json package.json
	@echo "compiling components and the command bsr"
	@rm -rf dist
	@$(setup) node node_modules/typescript/bin/tsc --project tsconfig.build.json
	@$(setup) $(ts) tools/bundle/main.ts dist
