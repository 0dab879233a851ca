package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// newProvider: goose with its session lock, so that pods which start together migrate one after the other.
func newProvider(db *sql.DB, release Release, progress io.Writer) (*goose.Provider, error) {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 600))
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, db, migrationFiles(release),
		goose.WithSessionLocker(locker),
		goose.WithVerbose(true),
		goose.WithLogger(doneOnly{log.New(progress, "", 0)}),
	)
}

// doneOnly keeps one line for each finished migration and drops goose's statements.
type doneOnly struct{ *log.Logger }

func (l doneOnly) Printf(format string, values ...any) {
	if line := fmt.Sprintf(format, values...); !strings.Contains(line, "Executing statement") {
		l.Print(line)
	}
}

// migrateUp brings the database to what this release knows. A newer database is left as it is: during a
// downgrade this release serves on it until it is migrated down.
func migrateUp(ctx context.Context, db *sql.DB, release Release) error {
	if release.DatabaseVersion == 0 {
		return createBaseTables(ctx, db, release)
	}
	before, err := schemaVersion(ctx, db)
	if err != nil {
		return err
	}
	if before >= release.DatabaseVersion {
		return nil
	}
	provider, err := newProvider(db, release, io.Discard)
	if err != nil {
		return err
	}
	results, err := provider.Up(ctx)
	if err != nil {
		return fmt.Errorf("migrating the database up: %w", err)
	}
	fmt.Printf("migrated the database to %d (%d migrations)\n", release.DatabaseVersion, len(results))
	return nil
}

// createBaseTables is how 1.0.0 makes its database, which later releases then take over.
func createBaseTables(ctx context.Context, db *sql.DB, release Release) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	// Two pods that start together would trip over each other's IF NOT EXISTS.
	if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", lock.DefaultLockID); err != nil {
		return err
	}
	for _, m := range baseMigrations(release) {
		if _, err := tx.ExecContext(ctx, m.up); err != nil {
			return fmt.Errorf("creating the tables: %w", err)
		}
	}
	return tx.Commit()
}

func migrateDownTo(ctx context.Context, release Release, config Config, arguments []string) error {
	if len(arguments) != 1 {
		return errors.New("usage: bufd migratedownto <schema version>")
	}
	wanted, err := strconv.ParseInt(arguments[0], 10, 64)
	if err != nil || wanted < 0 {
		return fmt.Errorf("%q is no schema version", arguments[0])
	}
	if release.DatabaseVersion == 0 {
		return fmt.Errorf("release %s has no migrations", release.Version)
	}
	db, err := connect(ctx, release, config)
	if err != nil {
		return err
	}
	defer db.Close()
	current, err := schemaVersion(ctx, db)
	switch {
	case err != nil:
		return err
	case current > release.DatabaseVersion:
		return fmt.Errorf("the database is at schema version %d, but release %s knows only up to %d: use the release that migrated it", current, release.Version, release.DatabaseVersion)
	case wanted > current:
		return fmt.Errorf("the database is at schema version %d: it cannot be migrated down to %d", current, wanted)
	case wanted == current:
		fmt.Printf("the database is at schema version %d: nothing to migrate down\n", current)
		return nil
	}
	fmt.Printf("migrating the database down from %d to %d\n", current, wanted)
	provider, err := newProvider(db, release, os.Stdout)
	if err != nil {
		return err
	}
	if _, err := provider.DownTo(ctx, wanted); err != nil {
		return fmt.Errorf("migrating the database down: %w", err)
	}
	fmt.Printf("the database is at schema version %d\n", wanted)
	return nil
}

// schemaVersion reads without writing: goose's own reading would create its table. 0 without one.
func schemaVersion(ctx context.Context, db *sql.DB) (int64, error) {
	there, err := tableExists(ctx, db, "goose_db_version")
	if err != nil || !there {
		return 0, err
	}
	var version int64
	err = db.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&version)
	return version, err
}

func tableExists(ctx context.Context, db *sql.DB, name string) (there bool, err error) {
	err = db.QueryRowContext(ctx, "SELECT to_regclass($1) IS NOT NULL", name).Scan(&there)
	return there, err
}
