//go:build linux

// Package crowd measures what costs something although nothing happens: ten
// thousand torrents that are complete, and peers that are connected and want
// nothing.
package crowd

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/piecespace"
)

// Spec is what the torrents are like: each is one file with as many pieces.
type Spec struct {
	Torrents    int
	Pieces      int
	PieceLength int64
}

// Directories below that of a crowd.
const (
	TorrentsDir   = "torrents"
	ContentDir    = "content"
	homeDir       = "warren"
	libtorrentDir = "libtorrent"
)

// TorrentName is how the file of a torrent is called.
func TorrentName(i int) string { return fmt.Sprintf("%05d.torrent", i) }

// Make writes the torrents and their content below dir: files of the
// right length that are holes, and hashes that are random, since nobody hashes.
func Make(fsys vfs.FS, dir string, s Spec) error {
	for i := range s.Torrents {
		m, err := one(i, s)
		if err != nil {
			return fmt.Errorf("make torrent %d: %w", i, err)
		}
		if err := hole(fsys, path.Join(dir, ContentDir, m.Info.Name), m.Info.TotalLength()); err != nil {
			return fmt.Errorf("make content %d: %w", i, err)
		}
		if err := write(fsys, path.Join(dir, TorrentsDir, TorrentName(i)), m.Bytes()); err != nil {
			return fmt.Errorf("make torrent %d: %w", i, err)
		}
	}
	return errors.Join(fsys.MkdirAll(path.Join(dir, homeDir), 0o755), fsys.MkdirAll(path.Join(dir, libtorrentDir), 0o755))
}

func one(i int, s Spec) (*metainfo.Torrent, error) {
	name := fmt.Sprintf("file%05d.bin", i)
	space, err := piecespace.Lay(piecespace.Space{
		Name: name, PieceLength: s.PieceLength,
		Files: []piecespace.File{{Path: []string{name}, Length: int64(s.Pieces) * s.PieceLength}},
	})
	if err != nil {
		return nil, err
	}
	pieces := make([]byte, s.Pieces*len(metainfo.HashV1{}))
	_, _ = rand.Read(pieces) // never fails, says its documentation
	m := metainfo.New(metainfo.Content{Space: space, Pieces: pieces})
	// Nobody listens there: what an announce costs is not the question.
	m.SetTrackers([][]string{{"http://127.0.0.1:9/announce"}, {"udp://127.0.0.1:9/announce"}})
	return m, nil
}

func hole(dir vfs.FS, name string, size int64) error {
	f, err := dir.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	return errors.Join(f.Truncate(size), f.Close())
}

func write(dir vfs.FS, name string, b []byte) error {
	f, err := dir.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(b, 0)
	return errors.Join(err, f.Close())
}

func read(dir vfs.FS, name string) (*metainfo.Torrent, error) {
	b, err := vfs.ReadFile(dir, name)
	if err != nil {
		return nil, err
	}
	return metainfo.Parse(b)
}
