package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"html"
	"net"
	"net/http"
	"os"
	"time"
)

const statusTimeout = 2 * time.Second

// The status page as documented: names, messages and shape are those of the real one.

type statusItem struct {
	Name    string `json:"name"`
	Status  string `json:"status"`
	Message string `json:"message"`
}

type status struct {
	OverallStatus string       `json:"overall_status"`
	Results       []statusItem `json:"results"`
}

func statusPage(release Release, registry string, db *sql.DB) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /-/status/json", func(w http.ResponseWriter, r *http.Request) {
		writeJSON(w, http.StatusOK, readStatus(r.Context(), release, registry, db))
	})
	mux.HandleFunc("GET /-/status", func(w http.ResponseWriter, r *http.Request) {
		now := readStatus(r.Context(), release, registry, db)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, "<!doctype html><title>Status</title><h1>%s</h1><table>", now.OverallStatus)
		for _, item := range now.Results {
			fmt.Fprintf(w, "<tr><td>%s<td>%s<td>%s", item.Name, item.Status, html.EscapeString(item.Message))
		}
		fmt.Fprintln(w, "</table>")
	})
	return mux
}

func readStatus(ctx context.Context, release Release, registry string, db *sql.DB) status {
	ctx, cancel := context.WithTimeout(ctx, statusTimeout)
	defer cancel()
	now := status{OverallStatus: "healthy"}
	add := func(name, message string, err error) {
		item := statusItem{name, "healthy", message}
		if err != nil {
			item.Status, now.OverallStatus = "unhealthy", "unhealthy"
			if message == "" {
				item.Message = err.Error()
			}
		} else if message == "" {
			item.Message = "ok"
		}
		now.Results = append(now.Results, item)
	}
	message, err := migrationsStatus(ctx, release, db)
	add("migrations", message, err)
	add("oci-registry", "", checkOCIRegistry(ctx, registry))
	add("postgres", "", db.PingContext(ctx))
	// The stand-in has none of these three, so nothing can be wrong with them.
	add("redis", "", nil)
	add("sandboxd", "", nil)
	add("storage", "", nil)
	add("version", "bsr version: "+release.Version, nil)
	return now
}

// migrationsStatus is unhealthy whenever the numbers differ, also when a newer release owns the database.
func migrationsStatus(ctx context.Context, release Release, db *sql.DB) (string, error) {
	current, err := schemaVersion(ctx, db)
	if err != nil {
		return "", err
	}
	message := fmt.Sprintf("Migrations: current: %d, target: %d", current, release.DatabaseVersion)
	if current != release.DatabaseVersion {
		return message, fmt.Errorf("the database is not at the target")
	}
	return message, nil
}

// findOCIRegistry gives the address of the Service, from what Kubernetes puts into a container's environment: a small
// cluster may have no DNS. A container that was made before the Service was known is made anew when it fails.
func findOCIRegistry() (string, error) {
	host, port := os.Getenv("OCI_REGISTRY_SERVICE_HOST"), os.Getenv("OCI_REGISTRY_SERVICE_PORT")
	if host == "" || port == "" {
		return "", errors.New("the Service oci-registry is not known yet")
	}
	return "http://" + net.JoinHostPort(host, port), nil
}

func checkOCIRegistry(ctx context.Context, address string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/v2/", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the registry answered %s", response.Status)
	}
	return nil
}
