// Package transmission reads the folder in which Transmission keeps its torrents:
//
//	torrents/NAME.torrent   torrent files, of magnet links as long as no more is known
//	torrents/NAME.magnet    magnet links, since version 4
//	resume/NAME.resume      what is wanted of each, and how far it is; bencoding
//
// It is that of transmission-daemon, transmission-gtk and the others, usually
// ~/.config/transmission-daemon or ~/.config/transmission. Versions 2.4 to 4.0 were
// looked at (libtransmission/resume.c).
package transmission

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/internal/importer"
	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/magnet"
)

// Read reads the folder. open opens a folder that content lies in, to look at it. The
// error matches importer.ErrFolder if dir is not that of Transmission.
func Read(ctx context.Context, dir vfs.FS, open func(path string) (vfs.FS, error)) (importer.Found, error) {
	var found importer.Found
	entries, err := dir.ReadDir("torrents")
	if errors.Is(err, fs.ErrNotExist) {
		return found, fmt.Errorf("%w: it has no folder torrents", importer.ErrFolder)
	}
	if err != nil {
		return found, fmt.Errorf("read torrents of Transmission: %w", err)
	}
	for _, e := range entries {
		if ctx.Err() != nil {
			return importer.Found{}, ctx.Err()
		}
		base, ok := strings.CutSuffix(e.Name(), ".torrent")
		if !ok {
			if base, ok = strings.CutSuffix(e.Name(), ".magnet"); !ok {
				continue
			}
		}
		t, err := one(dir, e.Name(), base, open)
		if err != nil {
			found.Leave(cmp.Or(t.Record.Name, e.Name()), "%v", err)
			continue
		}
		found.Torrents = append(found.Torrents, t)
	}
	slices.SortStableFunc(found.Torrents, func(a, b importer.Torrent) int { return a.Record.Added.Compare(b.Record.Added) })
	return found, nil
}

// one reads a torrent. After an error its name is there, if it is known.
func one(dir vfs.FS, file, base string, open func(path string) (vfs.FS, error)) (t importer.Torrent, err error) {
	b, err := importer.ReadFile(dir, "torrents/"+file, importer.MaxTorrent)
	if err != nil {
		return t, err
	}
	if err := parse(&t, file, b); err != nil {
		return t, err
	}
	b, err = importer.ReadFile(dir, "resume/"+base+".resume", importer.MaxResume)
	if errors.Is(err, fs.ErrNotExist) {
		return t, errors.New("its resume file is missing, which says where its content lies")
	}
	if err != nil {
		return t, err
	}
	r, err := decode(b)
	if err != nil {
		return t, err
	}
	if err := r.apply(&t); err != nil {
		return t, err
	}
	if why := t.Usable(); why != "" {
		return t, errors.New(why)
	}
	if t.Metainfo != nil && r.complete {
		importer.Trust(&t, open, r.checkedAt)
	} else if t.Metainfo != nil && r.some {
		t.Note("what is there of its content is checked")
	}
	return t, nil
}

// parse reads a torrent file or a magnet link.
func parse(t *importer.Torrent, file string, b []byte) error {
	if strings.HasSuffix(file, ".magnet") {
		return link(t, strings.TrimSpace(string(b)))
	}
	if v, _, err := bencode.ParseLenient(b); err == nil && v.Get("magnet-info").Kind() == bencode.Dict {
		return link(t, magnetOf(v))
	}
	m, err := metainfo.Parse(b)
	if err != nil {
		return fmt.Errorf("its torrent file cannot be read: %w", err)
	}
	t.Metainfo = m
	t.Record.Learn(m)
	t.Record.Name = m.Info.Name
	return nil
}

func link(t *importer.Torrent, text string) error {
	m, err := magnet.Parse(text)
	if err != nil {
		return fmt.Errorf("its magnet link cannot be read: %w", err)
	}
	t.Record.Hashes, t.Record.Magnet = m.Hashes, m.String()
	t.Record.Name = cmp.Or(m.Name, m.Hashes.String())
	return nil
}

// magnetOf returns the link of a torrent file that is one (until version 3).
func magnetOf(v bencode.Value) string {
	info := v.Get("magnet-info")
	hash, _ := info.Get("info_hash").Bytes()
	l := magnet.Link{}
	l.Name, _ = info.Get("display-name").Text()
	if len(hash) == len(l.Hashes.V1) {
		l.Hashes.V1, l.Hashes.HasV1 = metainfo.HashV1(hash), true
	}
	for tier := range v.Get("announce-list").All() {
		for url := range tier.All() {
			if u, ok := url.Text(); ok {
				l.Trackers = append(l.Trackers, u)
			}
		}
	}
	if u, ok := v.Get("announce").Text(); ok && len(l.Trackers) == 0 {
		l.Trackers = append(l.Trackers, u)
	}
	return l.String()
}

// labels takes those that can be kept.
func labels(t *importer.Torrent, list []string) {
	for _, name := range list {
		if clean, err := record.CleanLabels([]string{name}); err == nil {
			t.Record.Labels = append(t.Record.Labels, clean...)
		} else {
			t.Note("its label %q is lost: %v", name, err)
		}
	}
	t.Record.Labels, _ = record.CleanLabels(t.Record.Labels) // each is clean
}
