package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
)

const releaseFile = "/etc/bsr/release.json"

// Release is what the image says it is.
type Release struct {
	Version string `json:"version"`
	// DatabaseVersion is the newest migration that this release knows; 0 for 1.0.0, which has none.
	DatabaseVersion int64 `json:"databaseVersion"`
}

func readRelease() (Release, error) {
	var release Release
	path := fromEnvironment("BSR_RELEASE_FILE", releaseFile)
	content, err := os.ReadFile(path)
	if err != nil {
		return release, fmt.Errorf("this image does not say which release it is: %w", err)
	}
	if err := json.Unmarshal(content, &release); err != nil {
		return release, fmt.Errorf("%s: %w", path, err)
	}
	if _, err := parseVersion(release.Version); err != nil {
		return release, fmt.Errorf("%s: %w", path, err)
	}
	return release, nil
}

// atLeast orders by number, so that 1.10.0 comes after 1.9.1.
func (r Release) atLeast(version string) bool { return !versionLess(r.Version, version) }

func versionLess(a, b string) bool {
	left, errLeft := parseVersion(a)
	right, errRight := parseVersion(b)
	if errLeft != nil || errRight != nil {
		panic(fmt.Sprintf("no version: %q or %q", a, b))
	}
	for i := range left {
		if left[i] != right[i] {
			return left[i] < right[i]
		}
	}
	return false
}

func parseVersion(text string) ([3]int, error) {
	var version [3]int
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return version, fmt.Errorf("%q is no version", text)
	}
	for i, part := range parts {
		number, err := strconv.Atoi(part)
		if err != nil {
			return version, fmt.Errorf("%q is no version", text)
		}
		version[i] = number
	}
	return version, nil
}

func fromEnvironment(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}
