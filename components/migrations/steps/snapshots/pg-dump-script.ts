import { scratchFunctions } from "./scratch-script";

/** Where the volume of the snapshots is mounted. */
export const folder = "/snapshots";

/** Starts the line with a script's result, as JSON. */
export const resultPrefix = "result: ";

/**
 * The functions that every script has. `schema_version` is 0 without goose's table, as 1.0.0 has none. `writes` counts
 * all rows that were ever written, except those of the catalog.
 */
const functions = String.raw`
set -eu
ask() { psql -XAtq -v ON_ERROR_STOP=1 -c "$1"; }
fail() { echo "$*" >&2; exit 1; }
schema_version() {
  if [ "$(ask "SELECT to_regclass('goose_db_version') IS NULL")" = t ]; then echo 0; return; fi
  ask "SELECT coalesce(max(version_id), 0) FROM (SELECT DISTINCT ON (version_id) version_id, is_applied
    FROM goose_db_version ORDER BY version_id, id DESC) AS newest WHERE is_applied"
}
writes() { ask "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_user_tables"; }
may_create_databases() {
  [ "$(ask "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")" = t ] ||
    fail "the role $PGUSER may not create databases; allow it with: ALTER ROLE \"$PGUSER\" CREATEDB"
}
# Restores an archive into a new database like the present one. Verification uses it too, so that it tests the restore.
restore_into() {
  # Locale providers came with Postgres 15, a common name for their locales with 17.
  locale=$(ask "SELECT format('ENCODING %L LC_COLLATE %L LC_CTYPE %L', pg_encoding_to_char(encoding), datcollate, datctype) ||
      CASE all_of_it ->> 'datlocprovider'
        WHEN 'i' THEN format(' LOCALE_PROVIDER icu ICU_LOCALE %L',
          coalesce(all_of_it ->> 'datlocale', all_of_it ->> 'daticulocale'))
        WHEN 'b' THEN format(' LOCALE_PROVIDER builtin BUILTIN_LOCALE %L', all_of_it ->> 'datlocale')
        ELSE '' END
    FROM pg_database, to_jsonb(pg_database) AS all_of_it WHERE datname = current_database()")
  echo "CREATE DATABASE :\"into\" TEMPLATE template0 $locale;" | psql -XAtq -v ON_ERROR_STOP=1 -v into="$1"
  pg_restore --exit-on-error --no-owner --dbname="$1" "$2" || fail "pg_restore failed"
}
major() { echo "$1" | sed 's/[^0-9]*\([0-9]*\).*/\1/'; }
`;

/**
 * The functions of scripts around a restore. They connect to another database, as the present one is renamed. RESTORING
 * is the database that is restored into. A restore that was killed while it switched over has left the present one
 * closed.
 */
const beside = String.raw`
present=$PGDATABASE
beside=$RESTORING
other=postgres
[ "$present" = "$other" ] && other=template1
on_other() { psql -XAtq -v ON_ERROR_STOP=1 -v present="$present" -v beside="$beside" -d "$other" "$@"; }
open_present() { echo 'ALTER DATABASE :"present" ALLOW_CONNECTIONS true;' | on_other; }
reopen_present() {
  closed=$(echo "SELECT NOT datallowconn AND EXISTS (SELECT FROM pg_database WHERE datname = :'beside')
    FROM pg_database WHERE datname = :'present';" | on_other)
  [ "$closed" != t ] || open_present
}
`;

/** Checks whether a snapshot could be taken now: tools, connection, versions, and a volume that can be written to. */
export const checkScript = `${functions}${beside}${String.raw`
reopen_present
server=$(ask "SHOW server_version")
client=$(pg_dump --version)
[ "$(major "$client")" -ge "$(major "$server")" ] ||
  fail "the image has $client, and the server is Postgres $server: pg_dump must be of at least the server's major version"
[ "$BESIDE" = false ] || may_create_databases
touch "$FOLDER/.writable" || fail "the volume claim cannot be written to"
rm -f "$FOLDER/.writable"
`}`;

/**
 * Takes one snapshot and verifies it: the archive can be listed and has the database's schema version. With VERIFY
 * `restored`, the archive is also restored and compared. The file gets its name once it is whole. Its description comes
 * last and marks it as complete.
 */
export const takeScript = `${functions}${scratchFunctions}${String.raw`
part="$FOLDER/$NAME.part"
file="$FOLDER/$NAME.dump"
# The leftovers of a run that died. The day in the pattern keeps it from matching another release's files.
rm -f "$FOLDER/$RELEASE"-[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]t*.part
trap 'rm -f "$part"' EXIT
drop_scratch
written=$(writes)
before=$(schema_version)
size=$(ask "SELECT pg_size_pretty(pg_database_size(current_database()))")
echo "dumping $PGDATABASE ($size) at schema version $before"
( while sleep 10; do echo "dumped $(( $(wc -c < "$part" 2>/dev/null || echo 0) / 1048576 )) MB so far"; done ) &
teller=$!
dump() { if [ "$VERIFY" = restored ]; then dump_counted; else pg_dump --format=custom --file="$part"; fi; }
dump || { kill $teller; fail "pg_dump failed"; }
kill $teller
# What a session writes shows in the statistics only a second later.
sleep 2 &
settled=$!
after=$(schema_version)
[ "$before" = "$after" ] || fail "the schema version changed from $before to $after while the snapshot was taken"
pg_restore --list "$part" > /dev/null || fail "the archive cannot be read"
archived=0
if [ "$before" != 0 ]; then
  archived=$(pg_restore --data-only --table=goose_db_version --file=- "$part" |
    awk -F '\t' '/^COPY /{on=1;next} /^\\\.$/{on=0} on{state[$2]=$3} END{for(v in state) if(state[v]=="t"&&v+0>m) m=v+0; print m+0}')
fi
[ "$archived" = "$before" ] || fail "the archive has schema version $archived, the database has $before"
[ "$VERIFY" = readable ] || compare_restored
bytes=$(wc -c < "$part")
sum=$(sha256sum "$part" | cut -d ' ' -f 1)
if [ "$QUIET" = true ]; then
  wait $settled
  now=$(writes)
  [ "$written" = "$now" ] || fail "$((now - written)) rows were written while the snapshot was taken, although maintenance is on"
fi
sync
mv "$part" "$file"
result="{\"schemaVersion\":$before,\"bytes\":$((bytes)),\"sha256\":\"$sum\"}"
echo "$result" > "$FOLDER/$NAME.json"
sync
echo "result: $result"
`}`;

/** Prints the schema version that the database has now. */
export const readScript = `${functions}${String.raw`
echo "result: {\"schemaVersion\":$(schema_version)}"
`}`;

/** Deletes the snapshots named in PRUNE. */
export const pruneScript = String.raw`
set -eu
for name in $PRUNE; do rm -f "$FOLDER/$name.json" "$FOLDER/$name.dump"; echo "deleted $name"; done
`;

/**
 * Checks whether a snapshot could be restored now. It changes nothing, so that everything keeps running if it cannot.
 */
export const checkRestoreScript = `${functions}${beside}${String.raw`
file="$FOLDER/$NAME.dump"
[ -f "$file" ] || fail "the volume claim has no file $NAME.dump"
sum=$(sha256sum "$file" | cut -d ' ' -f 1)
[ "$sum" = "$SUM" ] || fail "the file $NAME.dump is not what was taken: its checksum is $sum, recorded is $SUM"
PGDATABASE=$other may_create_databases
[ "$(echo "SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = :'present';" | on_other)" = t ] ||
  fail "the role $PGUSER does not own the database $present, so it may not rename it"
`}`;

/**
 * Restores a snapshot beside the present database and switches over: both databases change their names in one
 * transaction, and the old one is kept under another name. Until then the present database is as it was.
 */
export const restoreScript = `${functions}${beside}${String.raw`
# The shell is the container's first process: without a trap it would be killed, and its exit trap would not run.
trap 'exit 143' TERM
file="$FOLDER/$NAME.dump"
reopen_present
# A run that died may have left sessions open.
echo "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :'beside' AND usename = current_user;" |
  on_other > /dev/null
earlier=$(echo "SELECT string_agg(datname, ', ' ORDER BY datname) FROM pg_database
  WHERE starts_with(datname, left(:'kept', -10));" | on_other -v kept="$KEPT")
[ -z "$earlier" ] || echo "kept by earlier restores: $earlier"
echo 'SET client_min_messages = warning; DROP DATABASE IF EXISTS :"beside";' | on_other
echo "restoring $NAME beside $present"
restore_into "$beside" "$file"
restored=$(PGDATABASE=$beside schema_version)
[ "$restored" = "$SCHEMA" ] || fail "the restored database has schema version $restored, wanted $SCHEMA as recorded"
trap open_present EXIT
echo "switching over; what was there is kept as $KEPT"
echo 'ALTER DATABASE :"present" ALLOW_CONNECTIONS false;' | on_other
tries=0
while :; do
  left=$(echo "SELECT count(*) FROM pg_stat_activity WHERE datname = :'present';" | on_other)
  [ "$left" = 0 ] && break
  tries=$((tries + 1))
  [ "$tries" -le 30 ] || fail "sessions on $present do not end: $(echo "SELECT string_agg(format('%s of %s', application_name, usename), ', ')
    FROM pg_stat_activity WHERE datname = :'present';" | on_other)"
  # The pods are gone, so a session that is left is a pooler's or a person's.
  echo "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = :'present' AND usename = current_user;" |
    on_other > /dev/null
  sleep 1
done
on_other -v kept="$KEPT" <<'SQL'
BEGIN;
ALTER DATABASE :"present" RENAME TO :"kept";
ALTER DATABASE :"beside" RENAME TO :"present";
COMMIT;
ALTER DATABASE :"kept" ALLOW_CONNECTIONS true;
SQL
trap - EXIT
echo "result: {\"kept\":\"database $KEPT\",\"schemaVersion\":$restored}"
`}`;

/**
 * Prints whether a restore that was cut off has switched over: if so, the old database has the name under which it was
 * to be kept. It reopens databases that the restore's Job may have left closed.
 */
export const cutOffScript = `${functions}${beside}${String.raw`
reopen_present
there=$(echo "SELECT count(*) FROM pg_database WHERE datname = :'kept';" | on_other -v kept="$KEPT")
switched=false
if [ "$there" = 1 ]; then
  switched=true
  echo 'ALTER DATABASE :"kept" ALLOW_CONNECTIONS true;' | on_other -v kept="$KEPT"
fi
echo "result: {\"switchedOver\":$switched}"
`}`;
