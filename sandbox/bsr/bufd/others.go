package main

import (
	"context"
	"fmt"
	"net/http"
)

// The other workloads of the chart. They answer little, but they roll, drain and can fail like the rest.

func serveFrontend(ctx context.Context, release Release, config Config) error {
	text := "Buf Schema Registry " + release.Version
	if config.Maintenance {
		text = "The Buf Schema Registry is down for maintenance"
	}
	return serveOnly(ctx, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, "<!doctype html><title>BSR</title><h1>%s</h1>\n", text)
	}))
}

func serveOCIRegistry(ctx context.Context) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v2/{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Docker-Distribution-API-Version", "registry/2.0")
		writeJSON(w, http.StatusOK, struct{}{})
	})
	return serveOnly(ctx, mux)
}

// serveTools runs beside bufd in the same pod, so it may not take bufd's ports.
func serveTools(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

func serveOnly(ctx context.Context, handler http.Handler) error {
	servers := newServers()
	defer servers.close()
	if err := servers.listenProbes(); err != nil {
		return err
	}
	if err := servers.listen(apiAddress, handler); err != nil {
		return err
	}
	return servers.serveUntil(ctx)
}
