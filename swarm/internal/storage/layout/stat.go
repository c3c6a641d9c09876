package layout

import (
	"github.com/warren-p2p/warren/swarm/internal/storage/content"
	"github.com/warren-p2p/warren/swarm/internal/storage/resume"
)

// Entries returns the table of files, the parts file last, without what the
// files look like.
func (l *Layout) Entries() []resume.Entry {
	out := make([]resume.Entry, len(l.Files)+1)
	for i := range l.Files {
		e := l.Files[i].Entry
		out[i] = resume.Entry{
			Path: e.Path, Next: e.Next,
			Unwanted: e.Unwanted, InParts: e.InParts, Allocated: l.Files[i].Allocated.Load(),
		}
	}
	return out
}

// Stat returns the table of files with what they look like.
func (l *Layout) Stat() ([]resume.Entry, error) {
	out := l.Entries()
	for i := range out {
		f := l.Parts
		if i < len(l.Files) {
			f = l.Files[i].File
		}
		if f == nil {
			continue
		}
		info, ok, err := f.Stat()
		if err != nil {
			return nil, err
		}
		if ok {
			out[i].Present, out[i].Size, out[i].ModTime = true, info.Size(), info.ModTime().UnixNano()
		}
	}
	return out, nil
}

// Same reports whether two entries saw the same file.
func Same(a, b resume.Entry) bool {
	return a.Present == b.Present && a.Size == b.Size && a.ModTime == b.ModTime
}

// Reaches reports whether the file, as long as seen says it is, can hold its
// bytes up to the end of a piece.
func (l *Layout) Reaches(file, piece int, seen resume.Entry) bool {
	f := &l.info.Files[file]
	need := min(int64(piece+1)*l.info.PieceLength, f.Offset+f.Length)
	if !l.Files[file].Entry.InParts {
		need -= f.Offset
	}
	return seen.Present && seen.Size >= need
}

// Absent reports whether a file lies nowhere.
func (l *Layout) Absent(file int) bool { return l.Files[file].State() == content.Absent }
