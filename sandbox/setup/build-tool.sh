#!/bin/sh
# Builds one Go tool into the cache: build-tool.sh <source folder> <target folder> <ldflags> <package>...
# Run under a lock, so the target may be there by now. It appears in one piece or not at all.
set -eu
source=$1 target=$2 ldflags=$3
shift 3

[ -e "$target" ] && exit 0
part=$target.part
rm -rf "$part"
mkdir -p "$part"
cd "$source"
CGO_ENABLED=0 go build -mod=readonly -trimpath -ldflags "$ldflags" -o "$part/" "$@"
mv "$part" "$target"
