package main

import (
	"fmt"
	"strings"
	"testing/fstest"
)

// The migrations of the database are numbered like those of the real releases; what one does follows
// from its number. Every one is additive, so that the minor before goes on serving while pods roll, and
// every even one holds data that is gone once it is migrated down.

// migration is one schema version.
type migration struct {
	name     string
	up, down string
}

// dataMigrationSchema is the first schema version of 1.7.0: the table that its data migration keeps its
// progress in, and the column that it fills.
const dataMigrationSchema = 256

// baseMigrations make the tables that 1.0.0 had before there were migrations, so each of them also
// accepts that they are there already.
func baseMigrations(release Release) []migration {
	return []migration{
		{
			name: "settings",
			up: `CREATE EXTENSION IF NOT EXISTS pgcrypto;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TABLE IF NOT EXISTS settings (name text PRIMARY KEY, value text NOT NULL);
INSERT INTO settings VALUES ('made_by', '` + release.Version + `') ON CONFLICT DO NOTHING;`,
			down: `DROP TABLE settings;`,
		},
		{
			name: "modules",
			up: `CREATE TABLE IF NOT EXISTS modules (
  id bigserial PRIMARY KEY, name text NOT NULL, content text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());`,
			down: `DROP TABLE modules;`,
		},
		{
			name: "search",
			up:   `CREATE INDEX IF NOT EXISTS modules_search ON modules USING gin (name gin_trgm_ops);`,
			down: `DROP INDEX modules_search;`,
		},
	}
}

// dataMigrationTables: new rows get their digest from a trigger, whichever release writes them; the rows
// that exist are left to the data migration. A database that 1.8.0 or later made has none to migrate.
var dataMigrationTables = migration{
	name: "data_migrations",
	up: `CREATE TABLE data_migrations (name text PRIMARY KEY, state text NOT NULL, rows_done bigint NOT NULL DEFAULT 0,
  started_at timestamptz, finished_at timestamptz);
INSERT INTO data_migrations (name, state) SELECT 'module_digests', CASE WHEN ` + madeWithoutOldRows + ` THEN 'finished' ELSE 'pending' END;
ALTER TABLE modules ADD COLUMN digest text;
-- +goose StatementBegin
CREATE FUNCTION module_digest() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN NEW.digest := encode(digest(NEW.name || NEW.content, 'sha256'), 'hex'); RETURN NEW; END $$;
-- +goose StatementEnd
CREATE TRIGGER module_digest BEFORE INSERT ON modules FOR EACH ROW EXECUTE FUNCTION module_digest();`,
	down: `DROP TRIGGER module_digest ON modules;
DROP FUNCTION module_digest();
ALTER TABLE modules DROP COLUMN digest;
DROP TABLE data_migrations;`,
}

// madeWithoutOldRows: made by 1.8.0 or later, and nothing was written yet.
const madeWithoutOldRows = `(SELECT string_to_array(value, '.')::int[] >= ARRAY[1,8,0] FROM settings WHERE name = 'made_by')
  AND NOT EXISTS (SELECT FROM modules)`

// kinds are what all other numbers mean, by their remainder. %[1]d is the number, %[2]d the one before.
var kinds = [4]migration{
	{
		name: "column",
		up:   `ALTER TABLE modules ADD COLUMN field_%[1]d text;`,
		down: `ALTER TABLE modules DROP COLUMN field_%[1]d;`,
	},
	{
		name: "setting",
		up:   `INSERT INTO settings VALUES ('limit_%[1]d', (SELECT count(*) FROM settings)::text);`,
		down: `DELETE FROM settings WHERE name = 'limit_%[1]d';`,
	},
	{
		name: "table",
		up:   `CREATE TABLE feature_%[1]d (module_id bigint PRIMARY KEY, note text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());`,
		down: `DROP TABLE feature_%[1]d;`,
	},
	{
		name: "index",
		up:   `CREATE INDEX feature_%[2]d_created ON feature_%[2]d (created_at);`,
		down: `DROP INDEX feature_%[2]d_created;`,
	},
}

const (
	columnKind = 0
	tableKind  = 2
)

// migrationOf gives the migration that leads to a schema version.
func migrationOf(version int64, release Release) migration {
	if base := baseMigrations(release); version <= int64(len(base)) {
		return base[version-1]
	}
	if version == dataMigrationSchema {
		return dataMigrationTables
	}
	kind := kinds[version%4]
	fill := func(text string) string {
		if strings.Contains(text, "%[2]d") {
			return fmt.Sprintf(text, version, version-1)
		}
		return fmt.Sprintf(text, version)
	}
	return migration{name: kind.name, up: fill(kind.up), down: fill(kind.down)}
}

// migrationFiles are the migrations that a release knows, as goose reads them.
func migrationFiles(release Release) fstest.MapFS {
	files := fstest.MapFS{}
	for version := int64(1); version <= release.DatabaseVersion; version++ {
		m := migrationOf(version, release)
		text := "-- +goose Up\n" + m.up + "\n-- +goose Down\n" + m.down + "\n"
		files[fmt.Sprintf("%05d_%s.sql", version, m.name)] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

// newestOfKind is the newest schema version of a kind that a release knows; 0 when it knows none.
func newestOfKind(kind int64, release Release) int64 {
	for version := release.DatabaseVersion; version > 3; version-- {
		if version%4 == kind && version != dataMigrationSchema {
			return version
		}
	}
	return 0
}
