// Command bufd is the stand-in for the programs of a self-hosted Buf Schema Registry.
//
// One binary serves for every release. Which release it is comes from a file in the image, never from
// the chart's values, so a deploy really runs what its image is.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

const usage = `usage: bufd <command>
  serve              the API and, from 1.11.0 on, the status page
  migratedownto <N>  migrate the database down to schema version N
  frontend           the web page
  oci-registry       the registry for generated code
  buftoolsd          the tools daemon
  check              check the connection to Postgres, then end`

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := run(ctx, os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintf(os.Stderr, "bufd: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, command string, arguments []string) error {
	release, err := readRelease()
	if err != nil {
		return err
	}
	config, err := readConfig()
	if err != nil {
		return err
	}
	switch command {
	case "serve":
		return serve(ctx, release, config)
	case "migratedownto":
		return migrateDownTo(ctx, release, config, arguments)
	case "frontend":
		return serveFrontend(ctx, release, config)
	case "oci-registry":
		return serveOCIRegistry(ctx)
	case "buftoolsd":
		return serveTools(ctx)
	case "check":
		return checkPostgres(ctx, config)
	default:
		return fmt.Errorf("unknown command %q\n%s", command, usage)
	}
}
