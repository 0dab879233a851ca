package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

const (
	largestBody = 1 << 20
	largestPage = 100
)

// Module is a row of the API. Features holds what the release's newest column and table say of it, by the
// name of the column or table: what a way down loses.
type Module struct {
	ID        int64              `json:"id"`
	Name      string             `json:"name"`
	Content   string             `json:"content"`
	CreatedAt time.Time          `json:"createdAt"`
	Digest    string             `json:"digest,omitempty"`
	Features  map[string]*string `json:"features,omitempty"`
}

type api struct {
	release       Release
	db            *sql.DB
	column, table string
	digests       bool
}

func newAPI(release Release, db *sql.DB) http.Handler {
	a := api{release: release, db: db, digests: release.DatabaseVersion >= dataMigrationSchema}
	if version := newestOfKind(columnKind, release); version > 0 {
		a.column = fmt.Sprintf("field_%d", version)
	}
	if version := newestOfKind(tableKind, release); version > 0 {
		a.table = fmt.Sprintf("feature_%d", version)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/modules", a.create)
	mux.HandleFunc("GET /v1/modules/{id}", a.get)
	mux.HandleFunc("GET /v1/modules", a.list)
	mux.HandleFunc("GET /v1/version", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]string{"version": release.Version})
	})
	return mux
}

func (a api) create(w http.ResponseWriter, r *http.Request) {
	var input struct{ Name, Content, Note string }
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, largestBody)).Decode(&input); err != nil || input.Name == "" {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "a module needs a name"})
		return
	}
	if input.Note == "" {
		input.Note = "written by " + a.release.Version
	}
	module := Module{Name: input.Name, Content: input.Content}
	// One statement, so a module is there with all its features or not at all.
	insert, arguments := "INSERT INTO modules (name, content) VALUES ($1, $2)", []any{input.Name, input.Content}
	if a.column != "" {
		insert = "INSERT INTO modules (name, content, " + a.column + ") VALUES ($1, $2, $3)"
		arguments = append(arguments, input.Note)
	}
	query := insert + " RETURNING id, created_at"
	if a.table != "" {
		query = "WITH module AS (" + query + "), feature AS (INSERT INTO " + a.table +
			" (module_id, note) SELECT id, $3 FROM module) SELECT id, created_at FROM module"
	}
	if err := a.db.QueryRowContext(r.Context(), query, arguments...).Scan(&module.ID, &module.CreatedAt); err != nil {
		fail(w, err)
		return
	}
	module.Features = a.features(&input.Note, &input.Note)
	writeJSON(w, http.StatusCreated, module)
}

func (a api) get(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "an id is a number"})
		return
	}
	modules, err := a.query(r, "WHERE m.id = $1", id)
	switch {
	case err != nil:
		fail(w, err)
	case len(modules) == 0:
		writeJSON(w, http.StatusNotFound, map[string]string{"error": "there is no such module"})
	default:
		writeJSON(w, http.StatusOK, modules[0])
	}
}

func (a api) list(w http.ResponseWriter, r *http.Request) {
	limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil || limit < 1 || limit > largestPage {
		limit = 20
	}
	modules, err := a.query(r, "ORDER BY m.id DESC LIMIT $1", limit)
	if err != nil {
		fail(w, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"modules": modules})
}

// query names every column: a newer release may add some while this one serves.
func (a api) query(r *http.Request, rest string, arguments ...any) ([]Module, error) {
	digest, column, note, join := "NULL", "NULL", "NULL", ""
	if a.digests {
		digest = "m.digest"
	}
	if a.column != "" {
		column = "m." + a.column
	}
	if a.table != "" {
		note, join = "f.note", " LEFT JOIN "+a.table+" f ON f.module_id = m.id"
	}
	rows, err := a.db.QueryContext(r.Context(), "SELECT m.id, m.name, m.content, m.created_at, "+digest+", "+column+", "+note+
		" FROM modules m"+join+" "+rest, arguments...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	modules := []Module{}
	for rows.Next() {
		var module Module
		var digest sql.NullString
		var inColumn, inTable *string
		if err := rows.Scan(&module.ID, &module.Name, &module.Content, &module.CreatedAt, &digest, &inColumn, &inTable); err != nil {
			return nil, err
		}
		module.Digest = digest.String
		module.Features = a.features(inColumn, inTable)
		modules = append(modules, module)
	}
	return modules, rows.Err()
}

func (a api) features(inColumn, inTable *string) map[string]*string {
	features := map[string]*string{}
	if a.column != "" {
		features[a.column] = inColumn
	}
	if a.table != "" {
		features[a.table] = inTable
	}
	return features
}

func fail(w http.ResponseWriter, err error) {
	fmt.Printf("error: %v\n", err)
	writeJSON(w, http.StatusInternalServerError, map[string]string{"error": err.Error()})
}
