package layout

import (
	"errors"

	"github.com/warren-p2p/warren/swarm/internal/storage/content"
)

// Finish gives the complete files that lie under the partial suffix their own
// names. It tries all and returns what went wrong.
func (l *Layout) Finish(complete func(file int) bool) (err error) {
	for i := range l.Files {
		f := &l.Files[i]
		if f.File != nil && !f.Entry.InParts && l.info.Files[i].Length > 0 && complete(i) {
			err = errors.Join(err, f.Finish())
		}
	}
	return err
}

// AddExtras makes the wanted files that have no bytes: empty ones and links
// (BEP 47).
func (l *Layout) AddExtras() (err error) {
	for i := range l.Files {
		f := &l.Files[i]
		if f.File != nil && l.info.Files[i].Length == 0 && !f.Entry.Unwanted {
			err = errors.Join(err, f.Create())
		}
	}
	return err
}

// HeldBy returns the files of the torrent whose bytes lie in one of ours.
func (l *Layout) HeldBy(which *content.File) (files []int) {
	for i := range l.Files {
		f := &l.Files[i]
		if f.File != nil && (f.File == which || which == l.Parts && f.Entry.InParts) {
			files = append(files, i)
		}
	}
	return files
}

// Moved records that a file was given another path.
func (l *Layout) Moved(file int, path string) {
	if path == l.info.Files[file].Name() {
		path = ""
	}
	l.Files[file].Entry.Path = path
}
