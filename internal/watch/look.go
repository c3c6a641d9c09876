package watch

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/magnet"
)

const (
	settled  = time.Second      // without a change a file may be whole
	hopeless = 10 * time.Second // and if it is not by now it never will be
	later    = time.Minute      // until something that failed here is tried again
	maxFile  = 32 << 20         // bytes of a torrent file
	maxLinks = 1 << 20          // bytes of a file of magnet links
)

// folder is a folder that is watched. What is in it is touched with busy held, its
// problem with mu held.
type folder struct {
	Folder
	files   map[string]*file
	problem string
	watched bool // the system tells of changes
}

// file is one that was seen.
type file struct {
	size     int64
	modified time.Time
	since    time.Time // it is so
	again    time.Time // not before then
	done     bool      // it was added, and could not be put away
}

// look looks into all folders, and reports whether it should do so again soon.
func (w *Watch) look() (soon bool) {
	w.busy.Lock()
	defer w.busy.Unlock()
	w.mu.Lock()
	folders := slices.Clone(w.folders)
	w.mu.Unlock()
	for _, f := range folders {
		more, err := w.into(f)
		soon = soon || more
		problem := ""
		if err != nil {
			f.watched = false
			problem = words.Cause(err).Error()
		}
		w.mu.Lock()
		if problem != f.problem && problem != "" {
			w.cfg.Log.Warn("a watch folder cannot be looked into", "folder", f.Path, "problem", problem)
		}
		f.problem = problem
		w.mu.Unlock()
	}
	return soon
}

// into looks into a folder.
func (w *Watch) into(f *folder) (soon bool, err error) {
	fsys, err := w.cfg.Open(f.Path)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, fsys.Close()) }()
	if w.notify != nil && !f.watched {
		f.watched = w.notify.Add(f.Path) == nil // it is looked into in any case
	}
	list, err := fsys.ReadDir(".")
	if err != nil {
		return false, err
	}
	there := map[string]bool{}
	for _, e := range list {
		name := e.Name()
		if !e.Type().IsRegular() || strings.HasPrefix(name, ".") || !wanted(name) {
			continue
		}
		there[name] = true
		info, err := fsys.Lstat(name)
		if err != nil || w.ctx.Err() != nil {
			continue // it has gone meanwhile
		}
		soon = w.file(f, fsys, name, info) || soon
	}
	for name := range f.files {
		if !there[name] {
			delete(f.files, name)
		}
	}
	return soon, nil
}

func wanted(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return ext == ".torrent" || ext == ".magnet"
}

// file takes a file if it is time, and reports whether it soon is.
func (w *Watch) file(f *folder, fsys vfs.FS, name string, info fs.FileInfo) (soon bool) {
	now := w.cfg.Clock.Now()
	s := f.files[name]
	if s == nil || s.size != info.Size() || !s.modified.Equal(info.ModTime()) {
		f.files[name] = &file{size: info.Size(), modified: info.ModTime(), since: now}
		return true
	}
	age := now.Sub(s.since)
	switch {
	case s.done || now.Before(s.again):
		return false
	case age < settled:
		return true
	}
	adds, err := read(fsys, name, info.Size())
	if err != nil {
		if age < hopeless {
			return true
		}
		w.spoilt(f, fsys, s, name, err)
		return false
	}
	var id int64
	for _, a := range adds {
		a.Category, a.Labels, a.Dir, a.Paused = f.Category, f.Labels, f.Dir, f.Paused
		t, err := w.cfg.Library.Add(w.ctx, a)
		switch input, wrong := errors.AsType[*library.InputError](err); {
		case wrong:
			w.spoilt(f, fsys, s, name, input)
			return false
		case err != nil && !errors.Is(err, library.ErrDuplicate):
			s.again = now.Add(later)
			w.note(Result{At: now, File: filepath.Join(f.Path, name), Problem: err.Error()})
			return false
		}
		if t != nil {
			id = t.ID()
		}
	}
	s.done = true
	res := Result{At: now, File: filepath.Join(f.Path, name), Torrent: id}
	if err := w.putAway(f, fsys, name); err != nil {
		res.Problem = fmt.Sprintf("it was added, but stays there: %v", err)
	}
	w.note(res)
	return false
}

// read returns what is in a file.
func read(fsys vfs.FS, name string, size int64) (list []library.Add, err error) {
	isTorrent := strings.EqualFold(path.Ext(name), ".torrent")
	if size > maxFile || !isTorrent && size > maxLinks {
		return nil, fmt.Errorf("%s are too many", words.Bytes(size))
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	data, err := io.ReadAll(io.NewSectionReader(f, 0, size+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > size {
		return nil, errors.New("it is being written to")
	}
	if isTorrent {
		m, err := metainfo.Parse(data)
		if err != nil {
			return nil, err
		}
		return []library.Add{{Metainfo: m}}, nil
	}
	for line := range strings.FieldsSeq(string(data)) {
		link, err := magnet.Parse(line)
		if err != nil {
			return nil, err
		}
		list = append(list, library.Add{Magnet: link})
	}
	if list == nil {
		return nil, errors.New("there is no link in it")
	}
	return list, nil
}

// spoilt puts a file aside that is none, and says why.
func (w *Watch) spoilt(f *folder, fsys vfs.FS, s *file, name string, why error) {
	s.done = true
	res := Result{At: w.cfg.Clock.Now(), File: filepath.Join(f.Path, name), Problem: why.Error()}
	if err := fsys.Rename(name, name+".invalid"); err != nil {
		res.Problem += fmt.Sprintf("; and it cannot be renamed: %v", words.Cause(err))
	}
	w.note(res)
}

// putAway does with a file what the folder says.
func (w *Watch) putAway(f *folder, fsys vfs.FS, name string) error {
	switch f.Then {
	case Delete:
		return fsys.Remove(name)
	case Move:
		to, err := w.cfg.Open(f.To)
		if err != nil {
			return err
		}
		data, err := vfs.ReadFile(fsys, name)
		if err == nil {
			err = vfs.WriteFileAtomic(to, name, data, 0o644)
		}
		if err = errors.Join(err, to.Close()); err != nil {
			return err
		}
		return fsys.Remove(name)
	}
	return fsys.Rename(name, name+".added")
}

// note remembers what became of a file, and says so.
func (w *Watch) note(r Result) {
	if r.Problem != "" {
		w.cfg.Log.Warn("a file in a watch folder", "file", r.File, "problem", r.Problem)
	} else {
		w.cfg.Log.Info("added from a watch folder", "file", r.File, "torrent", r.Torrent)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.results = append(w.results, r)
	if n := len(w.results) - maxResults; n > 0 {
		w.results = slices.Delete(w.results, 0, n)
	}
}
