// Package qbittorrent reads the folder in which qBittorrent keeps its torrents:
//
//	NAME.torrent      torrent files; none as long as only a magnet link is known
//	NAME.fastresume   what is wanted of each, and how far it is; bencoding
//	queue             info-hashes as they stand in the queue, one a line
//
// It is called BT_backup, usually ~/.local/share/qBittorrent/BT_backup. The keys are
// those of libtorrent (write_resume_data.cpp) and, with qBt- before them, of
// qBittorrent 4.2 to 5.0 (bencoderesumedatastorage.cpp).
package qbittorrent

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/importer"
	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
)

// Read reads the folder. open opens a folder that content lies in, to look at it. The
// error matches importer.ErrFolder if dir is not that of qBittorrent, and
// importer.ErrDatabase if it has a database instead.
func Read(ctx context.Context, dir vfs.FS, open func(path string) (vfs.FS, error)) (importer.Found, error) {
	var found importer.Found
	entries, err := dir.ReadDir(".")
	if err != nil {
		return found, fmt.Errorf("read torrents of qBittorrent: %w", err)
	}
	database := false
	place := queue(dir)
	places := map[*importer.Torrent]int{}
	var list []*importer.Torrent
	for _, e := range entries {
		database = database || e.Name() == "torrents.db"
		base, ok := strings.CutSuffix(e.Name(), ".fastresume")
		if !ok {
			continue
		}
		if ctx.Err() != nil {
			return importer.Found{}, ctx.Err()
		}
		t, err := one(dir, base, open)
		if err != nil {
			found.Leave(cmp.Or(t.Record.Name, e.Name()), "%v", err)
			continue
		}
		list = append(list, &t)
		if at, ok := place[base]; ok {
			places[&t] = at
		} else {
			places[&t] = len(place) // behind those that wait
		}
	}
	if len(list) == 0 && len(found.Left) == 0 {
		if database {
			return found, importer.ErrDatabase
		}
		return found, fmt.Errorf("%w: it has no fastresume files", importer.ErrFolder)
	}
	slices.SortStableFunc(list, func(a, b *importer.Torrent) int {
		return cmp.Or(cmp.Compare(places[a], places[b]), a.Record.Added.Compare(b.Record.Added))
	})
	for _, t := range list {
		found.Torrents = append(found.Torrents, *t)
	}
	return found, nil
}

// queue returns the place of each torrent that waits.
func queue(dir vfs.FS) map[string]int {
	place := map[string]int{}
	b, err := importer.ReadFile(dir, "queue", importer.MaxResume)
	if err != nil {
		return place // it is not there if nothing waits
	}
	for line := range strings.Lines(string(b)) {
		place[strings.TrimSpace(line)] = len(place)
	}
	return place
}

// one reads a torrent. After an error its name is there, if it is known.
func one(dir vfs.FS, base string, open func(path string) (vfs.FS, error)) (t importer.Torrent, err error) {
	b, err := importer.ReadFile(dir, base+".fastresume", importer.MaxResume)
	if err != nil {
		return t, err
	}
	r, err := decode(b)
	if err != nil {
		return t, err
	}
	t.Record.Name = cmp.Or(r.name, r.ownName, base)
	switch b, err := importer.ReadFile(dir, base+".torrent", importer.MaxTorrent); {
	case errors.Is(err, fs.ErrNotExist):
		if err := r.link(&t); err != nil {
			return t, err
		}
	case err != nil:
		return t, err
	default:
		m, err := metainfo.Parse(b)
		if err != nil {
			return t, fmt.Errorf("its torrent file cannot be read: %w", err)
		}
		t.Metainfo = m
		t.Record.Learn(m)
		t.Record.Name = cmp.Or(r.name, m.Info.Name)
	}
	if err := r.apply(&t); err != nil {
		return t, err
	}
	if why := t.Usable(); why != "" {
		return t, errors.New(why)
	}
	if t.Metainfo == nil {
		return t, nil
	}
	if !r.complete(t.Metainfo.Info.NumPieces()) {
		if r.some() {
			t.Note("what is there of its content is checked")
		}
		return t, nil
	}
	st, err := dir.Stat(base + ".fastresume")
	if err != nil {
		return t, err
	}
	// The state was written after the content was: what is newer was changed since.
	importer.Trust(&t, open, func(int) time.Time { return st.ModTime() })
	return t, nil
}

// Categories reads categories.json, which lies in the folder of the configuration.
// What has no path lands in the default folder.
func Categories(b []byte) ([]record.Category, error) {
	var all map[string]struct {
		SavePath string `json:"save_path"`
	}
	if err := json.Unmarshal(b, &all); err != nil {
		return nil, fmt.Errorf("read categories of qBittorrent: %w", err)
	}
	var list []record.Category
	for _, name := range slices.Sorted(maps.Keys(all)) {
		dir := all[name].SavePath
		if !filepath.IsAbs(dir) {
			dir = "" // below qBittorrent's default folder
		}
		if record.CheckName("category", name) == nil {
			list = append(list, record.Category{Name: name, Dir: dir})
		}
	}
	return list, nil
}
