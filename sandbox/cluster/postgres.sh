#!/bin/sh
# Postgres in namespaces of its own: it ends with its first process, and its port is on the pods' bridge only.
# postgres.sh <folder for its data> <where its user sees that> <folder for its socket> <address/prefix> <password file>
set -eu
data=$1 seen=$2 sockets=$3 address=$4 password=$5

# The user postgres may not be let into the folder of the checkout.
mount --no-mtab --bind "$data" "$seen"
as_postgres() { setpriv --reuid postgres --regid postgres --init-groups --inh-caps=-all -- "$@"; }

as_postgres initdb --pgdata "$seen/db" --username postgres --pwfile "$password" --encoding UTF8 --locale C.UTF-8 \
  --auth-local scram-sha-256 --auth-host scram-sha-256 --no-sync >"$seen/initdb.log" 2>&1 || { cat "$seen/initdb.log"; exit 1; }
echo 'host all all all scram-sha-256' >>"$seen/db/pg_hba.conf"

until ip link show eth0 >/dev/null 2>&1; do sleep 0.05; done
ip link set lo up
ip addr add "$address" dev eth0
ip link set eth0 up

# Nothing here outlives the sandbox, so nothing need reach the disk.
as_postgres postgres -D "$seen/db" -c listen_addresses="${address%/*}" -c unix_socket_directories="$sockets" \
  -c max_connections=400 -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c wal_level=minimal \
  -c max_wal_senders=0 -c dynamic_shared_memory_type=mmap
