package store

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden database of a schema that has none")

// golden is the database of a released schema, with a row in every table.
func golden(version int) string {
	return filepath.Join("testdata", fmt.Sprintf("schema-%04d.db", version))
}

// build makes a database of a version of the schema, with a row in every table.
func build(t *testing.T, path string, version int) {
	t.Helper()
	list, err := steps()
	if err != nil {
		t.Fatal(err)
	}
	db := raw(t, path)
	run := func(text string) {
		if _, err := db.Exec(text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	run("PRAGMA page_size = 512")
	for _, m := range list[:version] {
		run(m.sql)
	}
	run(fmt.Sprintf("PRAGMA user_version = %d", version))
	for _, table := range query(t, db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid") {
		var names, values []string
		for _, column := range query(t, db, "SELECT name || ' ' || type FROM pragma_table_info('"+table+"')") {
			name, kind, _ := strings.Cut(column, " ")
			names = append(names, name)
			// The same everywhere, so that what refers to something finds it.
			values = append(values, map[string]string{"INTEGER": "1", "TEXT": "'text'", "BLOB": "x'01'", "REAL": "1.5"}[kind])
		}
		run("INSERT INTO " + table + " (" + strings.Join(names, ", ") + ") VALUES (" + strings.Join(values, ", ") + ")")
	}
	run("VACUUM")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func raw(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	return db
}

// query returns the first column of what a statement returns.
func query(t *testing.T, db *sql.DB, text string) (list []string) {
	t.Helper()
	rows, err := db.Query(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer rows.Close()
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			t.Fatal(err)
		}
		list = append(list, one)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// schema returns what a database consists of.
func schema(t *testing.T, db *sql.DB) []string {
	t.Helper()
	return query(t, db, "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
}

// contents returns the rows of each table.
func contents(t *testing.T, db *sql.DB) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, table := range query(t, db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'") {
		columns := query(t, db, "SELECT 'quote(' || name || ')' FROM pragma_table_info('"+table+"')")
		all[table] = query(t, db, "SELECT "+strings.Join(columns, " || ' ' || ")+" FROM "+table)
	}
	return all
}

// inspect opens a database as it is.
func inspect(t *testing.T, path string) (tables []string, rows map[string][]string) {
	t.Helper()
	db := raw(t, path)
	defer db.Close()
	return schema(t, db), contents(t, db)
}

// upgrade opens a store and closes it again.
func upgrade(t *testing.T, path string) {
	t.Helper()
	s, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestMigrationsHaveNoGap: a number that came later would never be applied.
func TestMigrationsHaveNoGap(t *testing.T) {
	list, err := steps()
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range list {
		if m.version != i+1 {
			t.Fatalf("migration %d stands at place %d", m.version, i+1)
		}
	}
}

// TestUpgrade: from whichever version of the schema, all that was there is there, in
// the same tables as in a new database.
func TestUpgrade(t *testing.T) {
	list, err := steps()
	if err != nil {
		t.Fatal(err)
	}
	fresh := filepath.Join(t.TempDir(), "fresh.db")
	upgrade(t, fresh)
	want, _ := inspect(t, fresh)
	for v := 1; v <= len(list); v++ {
		path := filepath.Join(t.TempDir(), "warren.db")
		build(t, path, v)
		kept(t, path, want)
	}
}

// kept upgrades a database, and expects its rows and the tables of a new one.
func kept(t *testing.T, path string, want []string) {
	t.Helper()
	_, before := inspect(t, path)
	upgrade(t, path)
	got, after := inspect(t, path)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: the tables differ from those of a new one: %s", path, diff)
	}
	for table, rows := range before {
		if len(rows) != 1 {
			t.Errorf("%s has %d rows: the test proves too little", table, len(rows))
		}
		if diff := cmp.Diff(rows, after[table]); diff != "" {
			t.Errorf("%s: %s: %s", path, table, diff)
		}
	}
}

// TestGolden: a database of each schema that was released is brought to the newest, and
// no migration that was released is another one now. -update adds that of the newest;
// it is done for a release.
func TestGolden(t *testing.T) {
	list, err := steps()
	if err != nil {
		t.Fatal(err)
	}
	fresh := filepath.Join(t.TempDir(), "fresh.db")
	upgrade(t, fresh)
	want, _ := inspect(t, fresh)
	found := 0
	for v := 1; v <= len(list); v++ {
		b, err := os.ReadFile(golden(v))
		if errors.Is(err, os.ErrNotExist) {
			if !*update || v < len(list) {
				continue
			}
			build(t, golden(v), v)
			b, err = os.ReadFile(golden(v))
		}
		if err != nil {
			t.Fatal(err)
		}
		found++
		path, same := filepath.Join(t.TempDir(), "warren.db"), filepath.Join(t.TempDir(), "same.db")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		build(t, same, v)
		released, _ := inspect(t, path)
		now, _ := inspect(t, same)
		if diff := cmp.Diff(released, now); diff != "" {
			t.Errorf("schema %d was released otherwise: make another migration instead of changing one: %s", v, diff)
		}
		kept(t, path, want)
	}
	if found == 0 {
		t.Error("no golden database: go test ./internal/store -run TestGolden -update")
	}
}
