#!/bin/sh
# Finds or installs Node and this project's modules, then runs its arguments with them. Plain shell, because it
# runs before there is a Node that can run TypeScript.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
project=$(CDPATH='' cd -- "$here/../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/pulumi-bsr

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$@"; exit 1; }

# One checkout may be set up by two commands at once; the lock is let go when the command ends, however it ends.
locked() {
  lock=$1
  shift
  if command -v flock >/dev/null; then flock -o "$lock" "$@"; else "$@"; fi
}

node_fits() {
  command -v node >/dev/null &&
    node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 19) ? 0 : 1)'
}

npm_fits() {
  major=$(npm --version 2>/dev/null | cut -d. -f1)
  [ -n "$major" ] && [ "$major" -ge 9 ]
}

install_node() {
  found=$(node --version 2>/dev/null || echo none)
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64 | Linux-aarch64) ;;
    *) fail "Node 22.19 or newer is wanted, found: $found. Install it from https://nodejs.org and try again." ;;
  esac
  key=$(cat "$here/node/package-lock.json" | sha256sum | cut -c1-12)
  home=$cache/node-$key
  if [ ! -e "$home/ready" ]; then
    command -v npm >/dev/null || fail "npm is missing; it is needed to install Node (apt-get install npm)."
    say "Node 22.19 or newer is wanted, found: $found; installing Node 24 into $home (about 30 s, once)"
    mkdir -p "$cache"
    locked "$cache/node-$key.lock" sh -eu -c '
      [ -e "$2/ready" ] && exit 0
      part=$2.$$
      rm -rf "$part" && mkdir "$part"
      cp "$1/package.json" "$1/package-lock.json" "$part"
      (cd "$part" && NODE_USE_SYSTEM_CA=1 npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
      rm -rf "$2" && mv "$part" "$2" && touch "$2/ready"
    ' sh "$here/node" "$home" || fail "npm could not install Node; what it said is above."
  fi
  PATH=$home/node_modules/.bin:$PATH
  export PATH
}

# npm trusts the certificates of the system too, such as that of a proxy.
install_modules() {
  node "$here/modules-current.mjs" "$project" && return
  say "installing the project's npm modules as package-lock.json pins them (about 30 s)"
  (cd "$project" && NODE_USE_SYSTEM_CA=1 npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2) ||
    fail "npm ci failed; what it said is above."
}

if [ "${1:-}" = --modules ]; then
  install_modules
  exit 0
fi

node_fits && npm_fits || install_node
node_fits || fail "the Node that was installed does not run on this machine."
node "$here/modules-current.mjs" "$project" || locked "$here" sh "$here/setup.sh" --modules

[ $# -eq 0 ] || exec "$@"
