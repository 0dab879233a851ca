# Every target sets up what it needs first: setup.sh finds or installs Node and the modules, sandbox/main.ts the rest.
SHELL := /bin/sh
setup := sandbox/setup/setup.sh
ts := node -r ts-node/register/transpile-only

.PHONY: sandbox sandbox-down
sandbox:
	@$(setup) $(ts) sandbox/main.ts up

sandbox-down:
	@$(setup) $(ts) sandbox/main.ts down
