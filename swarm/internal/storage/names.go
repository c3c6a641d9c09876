package storage

import (
	"path"
	"strings"

	"github.com/warren-p2p/warren/metainfo"
)

// partialSuffix is what incomplete files are called by. It depends on nothing
// but the torrent, so that every session finds the same files.
func partialSuffix(info *metainfo.Info) string {
	taken := make(map[string]bool, len(info.Files))
	for i := range info.Files {
		for name := info.Files[i].Name(); name != "."; name = path.Dir(name) {
			taken[strings.ToLower(name)] = true
		}
	}
	suffix := ".part"
	for i := 0; i < len(info.Files); i++ {
		if taken[strings.ToLower(info.Files[i].Name()+suffix)] {
			suffix += "ial"
			i = -1
		}
	}
	return suffix
}

// linkTarget is what a symbolic link points to, from the download folder.
func linkTarget(f *metainfo.File) string {
	return path.Join(path.Dir(f.Name()), f.LinkTarget())
}
