package qbittorrent

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"strings"

	_ "modernc.org/sqlite" // registers the driver
	sqlitevfs "modernc.org/sqlite/vfs"

	"github.com/warren-p2p/warren/internal/importer"
	"github.com/warren-p2p/warren/internal/vfs"
)

// Database is the name of the file in which qBittorrent keeps its torrents if it is set
// to (since version 4.4, dbresumedatastorage.cpp). It is there as long as it is used.
const Database = "torrents.db"

// kept is a torrent as one of the two ways of keeping them has it.
type kept struct {
	*resume
	name  string // of its files, or its info-hash
	file  []byte // of the torrent; nil if only a magnet link is known
	place int    // in the queue, below 0 if it does not wait
}

// read is what SQLite reads files by: it makes none, unlike when it opens one itself.
type read struct{ vfs.FS }

// Open implements fs.FS.
func (r read) Open(name string) (fs.File, error) {
	f, err := r.FS.Open(name)
	if err != nil {
		return nil, err
	}
	st, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &readFile{io.NewSectionReader(f, 0, st.Size()), f}, nil
}

type readFile struct {
	*io.SectionReader
	file vfs.File
}

// Stat implements fs.File.
func (f *readFile) Stat() (fs.FileInfo, error) { return f.file.Stat() }

// Close implements fs.File.
func (f *readFile) Close() error { return f.file.Close() }

// rows calls each with every torrent of the database, whose values are strings, byte
// slices and int64, by their columns.
func rows(ctx context.Context, dir vfs.FS, each func(row map[string]any) error) (err error) {
	if st, err := dir.Stat(Database + "-wal"); err == nil && st.Size() > 0 {
		return importer.ErrRunning // what was done last is not in the database itself
	}
	name, reading, err := sqlitevfs.New(read{dir})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reading.Close()) }()
	q := url.Values{"vfs": {name}, "mode": {"ro"}, "immutable": {"1"}, "_pragma": {"trusted_schema(OFF)", "cell_size_check(ON)"}}
	db, err := sql.Open("sqlite", "file:"+Database+"?"+q.Encode())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	list, err := db.QueryContext(ctx, "SELECT * FROM torrents ORDER BY id")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, list.Close()) }()
	columns, err := list.Columns()
	if err != nil {
		return err
	}
	for list.Next() {
		values, at, row := make([]any, len(columns)), make([]any, len(columns)), map[string]any{}
		for i := range values {
			at[i] = &values[i]
		}
		if err := list.Scan(at...); err != nil {
			return err
		}
		for i, c := range columns {
			row[c] = values[i]
		}
		if err := each(row); err != nil {
			return err
		}
	}
	return list.Err()
}

// fromDatabase calls each with every torrent of the database, or why it cannot be read.
func fromDatabase(ctx context.Context, dir vfs.FS, each func(k kept, err error)) error {
	err := rows(ctx, dir, func(row map[string]any) error {
		k := kept{name: str(row, "torrent_id"), place: int(num(row, "queue_position"))}
		if text := str(row, "metadata"); text != "" {
			k.file = []byte(text)
		}
		var err error
		if k.resume, err = decode([]byte(str(row, "libtorrent_resume_data"))); err == nil {
			k.columns(row)
		} else {
			k.resume = &resume{name: str(row, "name")}
		}
		each(k, err)
		return ctx.Err()
	})
	if err != nil {
		return fmt.Errorf("read the database of qBittorrent: %w", err)
	}
	return nil
}

// columns takes over what lies beside the resume data.
func (r *resume) columns(row map[string]any) {
	r.name, r.category, r.final = str(row, "name"), str(row, "category"), str(row, "target_save_path")
	if tags := str(row, "tags"); tags != "" {
		r.tags = strings.Split(tags, ",")
	}
	stopped, forced := num(row, "stopped") != 0, str(row, "operating_mode") == "Forced"
	r.paused, r.managed, r.waiting = stopped, !stopped && !forced, false
	r.firstLast = num(row, "has_outer_pieces_priority") != 0
	r.goals(num(row, "ratio_limit"), num(row, "seeding_time_limit"), num(row, "inactive_seeding_time_limit"))
}

func str(row map[string]any, column string) string {
	switch v := row[column].(type) {
	case string:
		return v
	case []byte:
		return string(v)
	}
	return ""
}

func num(row map[string]any, column string) int64 {
	n, _ := row[column].(int64)
	return n
}
