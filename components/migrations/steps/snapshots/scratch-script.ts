/**
 * Functions that verify an archive by restoring it into the scratch database SCRATCH, which is always dropped
 * afterwards. Rows are counted in the very snapshot that `pg_dump` dumps, so that rows which users write meanwhile make
 * no difference. The rows of an extension's own tables are not counted, as an archive does not have them.
 */
export const scratchFunctions = String.raw`
drop_scratch() {
  echo 'SET client_min_messages = warning; DROP DATABASE IF EXISTS :"scratch" WITH (FORCE);' |
    psql -XAtq -v ON_ERROR_STOP=1 -v scratch="$SCRATCH" ||
    echo "the scratch database $SCRATCH could not be dropped; drop it by hand" >&2
}
# A query that returns queries: one for each table whose rows are in an archive.
tables="
  SELECT format('SELECT %L, count(*) FROM ONLY %s', name, name)
  FROM (SELECT pg_class.oid, format('%I.%I', nspname, relname) AS name FROM pg_class
    JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind = 'r' AND nspname !~ '^pg_' AND nspname <> 'information_schema') AS ours
  WHERE NOT EXISTS (SELECT FROM pg_depend
    WHERE classid = 'pg_class'::regclass AND objid = ours.oid AND deptype = 'e')"
count_rows() { psql -XAtq -F ' ' -v ON_ERROR_STOP=1; }
# Rows are counted before the dump, which locks the tables until both are done. The session idles while pg_dump works.
dump_counted() {
  export part
  dumped=$(count_rows <<SQL
SELECT set_config(name, '0', false) FROM pg_settings
  WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout') \g /dev/null
SET row_security = off;
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT pg_export_snapshot() AS exported \gset
\setenv EXPORTED :exported
$tables \gexec
\! pg_dump --format=custom --snapshot="\$EXPORTED" --file="\$part" || rm -f "\$part"
COMMIT;
SQL
  ) && [ -f "$part" ]
}
compare_restored() {
  # The container's first process ends at a signal only if it has a trap for it.
  trap 'exit 1' TERM
  trap 'rm -f "$part"; drop_scratch' EXIT
  echo "restoring the archive into the scratch database $SCRATCH"
  # The shell handles a signal at once only while it waits.
  restore_into "$SCRATCH" "$part" &
  wait $! || fail "the archive cannot be restored"
  restored=$(PGDATABASE=$SCRATCH schema_version)
  [ "$restored" = "$before" ] || fail "restored, the archive has schema version $restored, the database has $before"
  counted=$(echo "$tables \gexec" | PGDATABASE=$SCRATCH count_rows) || fail "the restored rows could not be counted"
  differences=$(printf '%s\n\n%s\n' "$dumped" "$counted" | differing)
  [ -z "$differences" ] || fail "restored, the archive is not what was dumped: $differences"
  echo "restored, the archive has every row of all $(echo "$dumped" | grep -c .) tables"
}
# Prints how two lists of tables with their row counts differ; an empty line separates the lists.
differing() {
  awk '
    function shown(rows) { return (name in rows) ? rows[name] " rows" : "none" }
    /^$/ { second = 1; next }
    { name = $0; sub(/ [0-9]+$/, "", name); all[name] = 1; if (second) now[name] = $NF; else had[name] = $NF }
    END {
      for (name in all) if (shown(had) != shown(now) && ++count <= 3)
        text = text (count == 1 ? "" : ", ") "table " name " had " shown(had) ", restored " shown(now)
      if (count > 3) text = text ", and " count - 3 " more"
      if (count > 0) print text
    }'
}
`;
