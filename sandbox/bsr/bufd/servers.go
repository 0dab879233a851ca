package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

const (
	probesAddress = ":8081"
	// drainTime is how long a pod that was told to end goes on answering: kube-proxy needs a moment to
	// take it out of its Services, and clients need an answer that sends them elsewhere.
	drainTime = 3 * time.Second
	// shutdownTime is for requests that are still being answered then.
	shutdownTime = 8 * time.Second
)

// servers are all that a pod listens with. They become ready together and drain together.
type servers struct {
	all             []*http.Server
	failed          chan error
	ready, draining atomic.Bool
	// lastAnswer is when the last request came while it drained: close to drainTime, that is too short.
	lastAnswer atomic.Int64
}

func newServers() *servers { return &servers{failed: make(chan error, 3)} }

func (s *servers) listen(address string, handler http.Handler) error {
	return s.listenPlain(address, s.sendElsewhere(handler))
}

func (s *servers) listenPlain(address string, handler http.Handler) error {
	listener, err := net.Listen("tcp", fromEnvironment("BIND_ADDRESS", "")+address)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	s.all = append(s.all, server)
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.failed <- err
		}
	}()
	return nil
}

// sendElsewhere tells a client with a kept-alive connection to open a new one, which reaches another pod.
// Switching keep-alive off in the server would close idle connections at once, under a request on its way.
func (s *servers) sendElsewhere(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.draining.Load() {
			w.Header().Set("Connection", "close")
			s.lastAnswer.Store(time.Now().UnixMilli())
		}
		handler.ServeHTTP(w, r)
	})
}

func (s *servers) listenProbes() error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /live", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("GET /ready", func(w http.ResponseWriter, _ *http.Request) {
		if !s.ready.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	return s.listenPlain(probesAddress, mux)
}

// serveUntil returns nil after an orderly end.
func (s *servers) serveUntil(ctx context.Context) error {
	s.ready.Store(true)
	select {
	case err := <-s.failed:
		return err
	case <-ctx.Done():
	}
	fmt.Println("draining")
	begun := time.Now().UnixMilli()
	s.lastAnswer.Store(begun)
	s.ready.Store(false)
	s.draining.Store(true)
	time.Sleep(drainTime)
	limit, cancel := context.WithTimeout(context.Background(), shutdownTime)
	defer cancel()
	var failures []error
	for _, server := range s.all {
		failures = append(failures, server.Shutdown(limit))
	}
	fmt.Printf("drained: the last request came after %d ms\n", s.lastAnswer.Load()-begun)
	return errors.Join(failures...)
}

func (s *servers) close() {
	for _, server := range s.all {
		_ = server.Close()
	}
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value)
}
