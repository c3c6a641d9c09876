package home

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
)

// metadataDir is where torrents are kept that peers have told of.
const metadataDir = "metadata"

func metadataFile(hash string) string { return metadataDir + "/" + hash + ".torrent" }

// names returns what a torrent may be kept as.
func names(h metainfo.InfoHashes) (list []string) {
	if h.HasV1 {
		list = append(list, h.V1.String())
	}
	if h.HasV2 {
		list = append(list, h.V2.String())
	}
	return list
}

// Metadata returns a torrent that was kept, nil if there is none. The error says
// why the one that is there cannot be used; it is fetched anew then.
func Metadata(dir vfs.FS, h metainfo.InfoHashes) (*metainfo.Torrent, error) {
	for _, name := range names(h) {
		b, err := vfs.ReadFile(dir, metadataFile(name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		var m *metainfo.Torrent
		if err == nil {
			m, err = metainfo.Parse(b)
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", metadataFile(name), err)
		}
		if m.Hashes().Match(h) {
			return m, nil
		}
	}
	return nil, nil
}

// KeepMetadata keeps a torrent, so that its magnet link is enough without peers.
func KeepMetadata(dir vfs.FS, m *metainfo.Torrent) error {
	err := dir.MkdirAll(metadataDir, 0o700)
	for _, name := range names(m.Hashes()) {
		if err == nil {
			err = vfs.WriteFileAtomic(dir, metadataFile(name), m.Bytes(), 0o600)
		}
	}
	if err != nil {
		return fmt.Errorf("keep the info dictionary: %w", err)
	}
	return nil
}

// ForgetMetadata removes what KeepMetadata kept.
func ForgetMetadata(dir vfs.FS, h metainfo.InfoHashes) error {
	var errs []error
	for _, name := range names(h) {
		if err := dir.Remove(metadataFile(name)); !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
