package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"time"
)

// 1.7.0 migrates data in the background after start-up; no later release starts before that is done.

const (
	firstWithDataMigration = "1.7.0"
	firstThatNeedsIt       = "1.8.0"
	dataMigrationLock      = 1_007_000
	batchSize              = 200
	pauseOnTrouble         = time.Second
)

func runsDataMigration(release Release) bool {
	return release.atLeast(firstWithDataMigration) && !release.atLeast(firstThatNeedsIt)
}

// requireDataMigration refuses a database whose data migration is not done, also in maintenance.
func requireDataMigration(ctx context.Context, db *sql.DB, release Release) error {
	if !release.atLeast(firstThatNeedsIt) {
		return nil
	}
	if used, err := tableExists(ctx, db, "modules"); err != nil || !used {
		return err
	}
	if begun, err := tableExists(ctx, db, "data_migrations"); err != nil {
		return err
	} else if begun {
		var state string
		var rows int64
		if err := db.QueryRowContext(ctx, "SELECT state, rows_done FROM data_migrations WHERE name = 'module_digests'").Scan(&state, &rows); err != nil {
			return err
		}
		if state == "finished" {
			return nil
		}
		return fmt.Errorf("release %s needs the data migration of 1.7.0, which is not done (%s, %d rows so far): deploy 1.7.0 and wait until it has finished", release.Version, state, rows)
	}
	// No table for it: either a release before 1.7.0 used this database, or a pod of 1.8.0 or later is
	// making it right now.
	var fresh bool
	if err := db.QueryRowContext(ctx, "SELECT "+madeWithoutOldRows).Scan(&fresh); err != nil {
		return err
	}
	if !fresh {
		return fmt.Errorf("release %s needs the data migration of 1.7.0, which never ran on this database: deploy 1.7.0 first", release.Version)
	}
	return nil
}

// migrateData goes on until the data migration is finished, whatever happens on the way: a pod that was
// killed is taken over from by another, at the row where it was.
func migrateData(ctx context.Context, db *sql.DB, config Config) {
	for {
		done, err := takeTurn(ctx, db, config)
		if done || ctx.Err() != nil {
			return
		}
		if err != nil {
			fmt.Printf("data migration: %v\n", err)
		}
		if sleep(ctx, pauseOnTrouble) != nil {
			return
		}
	}
}

// takeTurn works if no other pod does. The lock lives as long as its connection.
func takeTurn(ctx context.Context, db *sql.DB, config Config) (done bool, err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return false, err
	}
	// A pooled connection would keep the lock: it is closed for good.
	defer func() { _ = conn.Raw(func(any) error { return driver.ErrBadConn }) }()
	var mine bool
	if err := conn.QueryRowContext(ctx, "SELECT pg_try_advisory_lock($1)", dataMigrationLock).Scan(&mine); err != nil || !mine {
		return false, err
	}
	var state string
	if err := conn.QueryRowContext(ctx, "SELECT state FROM data_migrations").Scan(&state); err != nil || state == "finished" {
		return state == "finished", err
	}
	err = fillDigests(ctx, conn, time.Duration(config.DataMigrationSeconds)*time.Second)
	return err == nil, err
}

func fillDigests(ctx context.Context, conn *sql.Conn, atLeast time.Duration) error {
	var begun time.Time
	var left int64
	if err := conn.QueryRowContext(ctx, `UPDATE data_migrations SET state = 'running', started_at = coalesce(started_at, now())
		RETURNING started_at, (SELECT count(*) FROM modules WHERE digest IS NULL)`).Scan(&begun, &left); err != nil {
		return err
	}
	end := begun.Add(atLeast)
	fmt.Printf("data migration: %d rows to do\n", left)
	for left > 0 {
		// Evenly spread over the time it shall take.
		batches := (left + batchSize - 1) / batchSize
		if err := sleep(ctx, time.Until(end)/time.Duration(batches+1)); err != nil {
			return err
		}
		var did int64
		err := conn.QueryRowContext(ctx, `WITH batch AS (
			  UPDATE modules SET digest = encode(digest(name || content, 'sha256'), 'hex')
			  WHERE id IN (SELECT id FROM modules WHERE digest IS NULL ORDER BY id LIMIT $1) RETURNING id),
			counted AS (UPDATE data_migrations SET rows_done = rows_done + (SELECT count(*) FROM batch))
			SELECT count(*) FROM batch`, batchSize).Scan(&did)
		if err != nil {
			return err
		}
		left -= did
		if did == 0 {
			break
		}
	}
	if err := sleep(ctx, time.Until(end)); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "UPDATE data_migrations SET state = 'finished', finished_at = now()"); err != nil {
		return err
	}
	fmt.Println("data migration: finished")
	return nil
}

func sleep(ctx context.Context, duration time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(duration):
		return nil
	}
}
