// Package files lists the files of a torrent as people see them.
package files

import (
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm"
)

// File is a file of a torrent.
type File struct {
	Index    int    // in metainfo.Info.Files
	Path     string // below the content folder, slash-separated
	Size     int64  // bytes
	Done     int64  // bytes that are verified
	Offset   int64  // of the first byte in the torrent
	Priority swarm.Priority
	// First and End are the pieces that hold it, End excluded.
	First, End int
}

// Of returns the files of a torrent without padding, as the engine says they stand. A
// torrent that sleeps says nothing: then it is whole if the engine has it.
func Of(info *metainfo.Info, stand []swarm.FileInfo, has bool) []File {
	list := make([]File, 0, len(info.Files))
	for i := range info.Files {
		f := &info.Files[i]
		if f.Pad {
			continue
		}
		out := File{Index: i, Path: f.Name(), Size: f.Length, Offset: f.Offset, Priority: swarm.Normal}
		out.First, out.End = info.FilePieces(i)
		switch {
		case stand != nil:
			out.Path, out.Done, out.Priority = stand[i].Path, stand[i].Done, stand[i].Priority
		case has:
			out.Done = f.Length
		}
		list = append(list, out)
	}
	return list
}
