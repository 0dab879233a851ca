package main

import (
	"context"
	"fmt"
	"net/http"
)

const (
	apiAddress    = ":8080"
	statusAddress = ":3003"
	statusSince   = "1.11.0"
	licenseSince  = "1.16.0"
)

// serve is a bufd pod's life: refuse what cannot be served, migrate, answer, drain.
func serve(ctx context.Context, release Release, config Config) error {
	if release.atLeast(licenseSince) && config.LicenseKey == "" {
		return fmt.Errorf("release %s needs a license: set license.key", release.Version)
	}
	servers := newServers()
	if err := servers.listenProbes(); err != nil {
		return err
	}
	defer servers.close()

	db, err := connect(ctx, release, config)
	if err != nil {
		return err
	}
	defer db.Close()
	if release.atLeast(statusSince) {
		registry, err := findOCIRegistry()
		if err != nil {
			return err
		}
		if err := servers.listen(statusAddress, statusPage(release, registry, db)); err != nil {
			return err
		}
	}
	if err := requireDataMigration(ctx, db, release); err != nil {
		return err
	}
	handler := http.Handler(newAPI(release, db))
	if config.Maintenance {
		// Nothing is written: no migration, no data migration, no call served.
		handler = http.HandlerFunc(refuseInMaintenance)
	} else if err := migrateUp(ctx, db, release); err != nil {
		return err
	}
	if err := servers.listen(apiAddress, handler); err != nil {
		return err
	}
	if runsDataMigration(release) && !config.Maintenance {
		go migrateData(ctx, db, config)
	}
	fmt.Printf("bufd %s serves (maintenance: %t)\n", release.Version, config.Maintenance)
	return servers.serveUntil(ctx)
}

func refuseInMaintenance(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusServiceUnavailable, map[string]string{"error": "the registry is in maintenance"})
}
