package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
)

const configFile = "/etc/bufd/config.json"

// Config is what the chart renders from its values. Secrets come by environment, from Secrets.
type Config struct {
	Host        string `json:"host"`
	Maintenance bool   `json:"maintenance"`
	Postgres    struct {
		Host           string `json:"host"`
		Port           uint16 `json:"port"`
		Database       string `json:"database"`
		User           string `json:"user"`
		MaxConnections int    `json:"maxConnections"`
	} `json:"postgres"`

	PostgresPassword string `json:"-"`
	LicenseKey       string `json:"-"`
	// DataMigrationSeconds is the least time that 1.7.0's data migration takes. Only tests slow it down.
	DataMigrationSeconds int `json:"-"`
}

func readConfig() (Config, error) {
	config := Config{
		PostgresPassword: os.Getenv("POSTGRES_PASSWORD"),
		LicenseKey:       os.Getenv("LICENSE_KEY"),
	}
	// A hook Job runs before the ConfigMap exists, so it carries the same text in its environment.
	content := []byte(os.Getenv("BUFD_CONFIG"))
	if len(content) == 0 {
		var err error
		if content, err = os.ReadFile(configFile); err != nil {
			return config, fmt.Errorf("no configuration: %w", err)
		}
	}
	if err := json.Unmarshal(content, &config); err != nil {
		return config, fmt.Errorf("the configuration is not valid: %w", err)
	}
	seconds, err := strconv.Atoi(fromEnvironment("DATA_MIGRATION_SECONDS", "0"))
	if err != nil || seconds < 0 {
		return config, fmt.Errorf("DATA_MIGRATION_SECONDS is no number of seconds: %q", os.Getenv("DATA_MIGRATION_SECONDS"))
	}
	config.DataMigrationSeconds = seconds
	return config, nil
}
