package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

const oldestPostgres = 140000

// connect waits a while for Postgres: a pod may be up before its network is.
func connect(ctx context.Context, release Release, config Config) (*sql.DB, error) {
	settings, err := pgx.ParseConfig("sslmode=disable connect_timeout=5")
	if err != nil {
		return nil, err
	}
	settings.Host, settings.Port = config.Postgres.Host, config.Postgres.Port
	settings.Database, settings.User = config.Postgres.Database, config.Postgres.User
	settings.Password = config.PostgresPassword
	settings.RuntimeParams["application_name"] = "bufd " + release.Version
	db := stdlib.OpenDB(*settings)
	// Two at least: goose holds one for its lock.
	db.SetMaxOpenConns(max(2, config.Postgres.MaxConnections))
	db.SetMaxIdleConns(max(2, config.Postgres.MaxConnections))
	db.SetConnMaxIdleTime(30 * time.Second)
	var last error
	for range 40 {
		if last = db.PingContext(ctx); last == nil {
			return db, nil
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), db.Close())
		case <-time.After(500 * time.Millisecond):
		}
	}
	return nil, errors.Join(fmt.Errorf("no connection to Postgres: %w", last), db.Close())
}

// checkPostgres is what the chart's hook runs before anything is deployed.
func checkPostgres(ctx context.Context, config Config) error {
	db, err := connect(ctx, Release{Version: "check"}, config)
	if err != nil {
		return err
	}
	defer db.Close()
	var number int
	if err := db.QueryRowContext(ctx, "SELECT current_setting('server_version_num')::int").Scan(&number); err != nil {
		return err
	}
	if number < oldestPostgres {
		return fmt.Errorf("Postgres 14 or later is needed, this is %d", number/10000)
	}
	fmt.Printf("Postgres %d answers\n", number/10000)
	return nil
}
