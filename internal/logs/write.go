package logs

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
)

// Text returns a line for people:
//
//	15:04:05 warn  swarm: cannot store content  torrent=films err="no space left"
func (n Line) Text() string {
	var b strings.Builder
	b.WriteString(n.Time.Local().Format("15:04:05 "))
	b.WriteString(n.Level)
	b.WriteString(strings.Repeat(" ", len("error ")-len(n.Level)))
	b.WriteString(n.Part + ": " + words.Plain(n.Message))
	for i, a := range n.Attrs {
		if i == 0 {
			b.WriteByte(' ')
		}
		b.WriteString(" " + words.Plain(a.Key) + "=" + quoted(words.Plain(a.Value)))
	}
	b.WriteByte('\n')
	return b.String()
}

// quoted puts text into quotes if it would not be told from what follows.
func quoted(s string) string {
	if s == "" || strings.ContainsAny(s, " \"=") {
		return strconv.Quote(s)
	}
	return s
}

// json returns a line for programs.
func (n Line) json() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(n) // never fails: a Line is text and a time
	return b.Bytes()
}

// file is a log of bounded size: when it is full it takes the place of the one
// before, and a new one begins.
type file struct {
	dir  vfs.FS
	name string
	size int64
	f    vfs.File
	at   int64
}

func openFile(dir vfs.FS, name string, size int64) (*file, error) {
	l := &file{dir: dir, name: name, size: size}
	return l, l.open()
}

func (l *file) open() error {
	f, err := l.dir.OpenFile(l.name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return errors.Join(err, f.Close())
	}
	l.f, l.at = f, info.Size()
	return nil
}

// write appends a line. One that the volume has no room for is lost; the next one
// takes its place.
func (l *file) write(line []byte) error {
	if l.f == nil { // could not be opened after the last turn
		if err := l.open(); err != nil {
			return err
		}
	}
	if l.at > 0 && l.at+int64(len(line)) > l.size/2 {
		if err := l.turn(); err != nil {
			return err
		}
	}
	if _, err := l.f.WriteAt(line, l.at); err != nil {
		return err
	}
	l.at += int64(len(line))
	return nil
}

func (l *file) turn() error {
	err := l.f.Close()
	l.f = nil
	if err != nil {
		return err
	}
	if err := l.dir.Rename(l.name, l.name+".1"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return l.open()
}

func (l *file) close() error {
	if l.f == nil {
		return nil
	}
	return errors.Join(l.f.Sync(), l.f.Close())
}
