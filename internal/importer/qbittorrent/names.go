package qbittorrent

import (
	"fmt"
	"path"
	"strings"

	"github.com/warren-p2p/warren/internal/importer"
)

// unfinished is what qBittorrent may add to the names of files that are not complete.
const unfinished = ".!qB"

// rename takes over the names of files that lie under others than those of the torrent.
func (r *resume) rename(t *importer.Torrent) error {
	if t.Metainfo == nil {
		return nil
	}
	for i := range t.Metainfo.Info.Files {
		f := &t.Metainfo.Info.Files[i]
		if f.Pad || i >= len(r.mapped) || r.mapped[i] == "" {
			continue
		}
		name := path.Clean(slashed(r.mapped[i]))
		if strings.HasSuffix(name, unfinished) {
			return fmt.Errorf("files that are not complete end in %s: let qBittorrent finish them, or turn that suffix off", unfinished)
		}
		if name != f.Name() {
			t.Place(i, name)
		}
	}
	return nil
}

func slashed(name string) string { return strings.ReplaceAll(name, `\`, "/") }
