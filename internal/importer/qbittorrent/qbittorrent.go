// Package qbittorrent reads the folder in which qBittorrent keeps its torrents:
//
//	NAME.torrent      torrent files; none as long as only a magnet link is known
//	NAME.fastresume   what is wanted of each, and how far it is; bencoding
//	queue             info-hashes as they stand in the queue, one a line
//
// It is called BT_backup, usually ~/.local/share/qBittorrent/BT_backup. Instead of all of
// that qBittorrent can keep them in a database beside that folder, torrents.db. The keys are
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
	"math"
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
// importer.ErrRunning if that has not ended.
func Read(ctx context.Context, dir vfs.FS, open func(path string) (vfs.FS, error)) (importer.Found, error) {
	var found importer.Found
	places := map[*importer.Torrent]int{}
	var list []*importer.Torrent
	take := func(k kept, written time.Time, err error) {
		var t importer.Torrent
		if err == nil {
			t, err = k.torrent(written, open)
		}
		if err != nil {
			found.Leave(cmp.Or(t.Record.Name, k.title()), "%v", err)
			return
		}
		list, places[&t] = append(list, &t), k.place
		if k.place < 0 {
			places[&t] = math.MaxInt // behind those that wait
		}
	}
	if err := all(ctx, dir, take); err != nil {
		return importer.Found{}, err
	}
	slices.SortStableFunc(list, func(a, b *importer.Torrent) int {
		return cmp.Or(cmp.Compare(places[a], places[b]), a.Record.Added.Compare(b.Record.Added))
	})
	for _, t := range list {
		found.Torrents = append(found.Torrents, *t)
	}
	return found, nil
}

// all calls take with every torrent, when it was written down, and why it cannot be read.
func all(ctx context.Context, dir vfs.FS, take func(kept, time.Time, error)) error {
	st, err := dir.Stat(Database)
	if err == nil {
		return fromDatabase(ctx, dir, func(k kept, err error) { take(k, st.ModTime(), err) })
	}
	entries, err := dir.ReadDir(".")
	if err != nil {
		return fmt.Errorf("read torrents of qBittorrent: %w", err)
	}
	some, place := false, queue(dir)
	for _, e := range entries {
		base, ok := strings.CutSuffix(e.Name(), ".fastresume")
		if !ok {
			continue
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		some = true
		k, written, err := fromFiles(dir, base)
		k.place = -1
		if at, ok := place[base]; ok {
			k.place = at
		}
		take(k, written, err)
	}
	if !some {
		return fmt.Errorf("%w: it has neither fastresume files nor %s", importer.ErrFolder, Database)
	}
	return nil
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

// fromFiles reads the files of a torrent. After an error what is known is there.
func fromFiles(dir vfs.FS, base string) (k kept, written time.Time, err error) {
	k = kept{resume: &resume{}, name: base}
	b, err := importer.ReadFile(dir, base+".fastresume", importer.MaxResume)
	if err != nil {
		return k, written, err
	}
	r, err := decode(b)
	if err != nil {
		return k, written, err
	}
	k.resume = r
	k.file, err = importer.ReadFile(dir, base+".torrent", importer.MaxTorrent)
	if errors.Is(err, fs.ErrNotExist) {
		k.file, err = nil, nil
	}
	if err != nil {
		return k, written, err
	}
	st, err := dir.Stat(base + ".fastresume")
	if err != nil {
		return k, written, err
	}
	return k, st.ModTime(), nil
}

// title returns what a torrent is called as long as no more is known.
func (k *kept) title() string { return cmp.Or(k.resume.name, k.ownName, k.name) }

// torrent returns what comes along of a torrent. After an error its name is there.
func (k *kept) torrent(written time.Time, open func(path string) (vfs.FS, error)) (t importer.Torrent, err error) {
	t.Record.Name = k.title()
	if k.file == nil {
		err = k.link(&t)
	} else if t.Metainfo, err = metainfo.Parse(k.file); err != nil {
		t.Metainfo, err = nil, fmt.Errorf("its torrent file cannot be read: %w", err)
	} else {
		t.Record.Learn(t.Metainfo)
		t.Record.Name = cmp.Or(k.resume.name, t.Metainfo.Info.Name)
	}
	if err != nil {
		return t, err
	}
	if err := k.apply(&t); err != nil {
		return t, err
	}
	if why := t.Usable(); why != "" {
		return t, errors.New(why)
	}
	switch {
	case t.Metainfo == nil:
	case k.complete(t.Metainfo.Info.NumPieces()):
		// The state was written after the content was: what is newer was changed since.
		importer.Trust(&t, open, func(int) time.Time { return written })
	case k.some():
		t.Note("what is there of its content is checked")
	}
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
