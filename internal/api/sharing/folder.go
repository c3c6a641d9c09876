package sharing

import (
	"cmp"
	"context"
	"io/fs"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/share/record"
)

// maxEntries is more than anybody reads.
const maxEntries = 5000

// FolderEntry is a file or folder.
type FolderEntry struct {
	Name     string    `json:"name"`
	Path     string    `json:"path"`
	Folder   bool      `json:"folder"`
	Size     int64     `json:"size" doc:"Bytes of a file."`
	Modified time.Time `json:"modified"`
}

// Folder is what lies in a folder of the machine that the node runs on.
type Folder struct {
	Path      string        `json:"path"`
	Parent    string        `json:"parent,omitempty" doc:"Absent at the root of the disk."`
	Entries   []FolderEntry `json:"entries" nullable:"false" doc:"Folders first, by name."`
	Truncated bool          `json:"truncated" doc:"There are more than the 5,000 that are listed."`
}

func (s Service) registerFolder(r *operation.Registrar) {
	type asking struct {
		Path   string `query:"path" maxLength:"4096" doc:"A full path; if absent, that of the folder where the user keeps files."`
		Hidden bool   `query:"hidden" doc:"Whether files that begin with a dot are listed."`
	}
	type answer struct{ Body Folder }
	operation.Register(r, operation.Op{
		ID: "browse-folder", Method: http.MethodGet, Path: "/folder", Tag: tag, Scope: access.Admin,
		Errors: []problem.Kind{problem.Conflict}, Summary: "List a folder of the machine that the node runs on",
	}, func(_ context.Context, in *asking) (*answer, error) {
		f, err := s.Browse(in.Path, in.Hidden)
		if err != nil {
			return nil, err
		}
		return &answer{f}, nil
	})
}

// Browse lists a folder.
func (s Service) Browse(at string, hidden bool) (Folder, error) {
	if at == "" {
		at = s.Start()
	}
	if !filepath.IsAbs(at) {
		return Folder{}, &record.FieldError{Field: "path", Reason: "it does not begin at the root of the disk"}
	}
	at = filepath.Clean(at)
	fsys, name, err := s.Disk.Open(at)
	if err != nil {
		return Folder{}, err
	}
	defer fsys.Close()
	info, err := fsys.Stat(name)
	if err == nil && !info.IsDir() {
		err = &record.FieldError{Field: "path", Reason: "it is a file"}
	}
	if err != nil {
		return Folder{}, err
	}
	list, err := fsys.ReadDir(name)
	if err != nil {
		return Folder{}, err
	}
	out := Folder{Path: at, Parent: filepath.Dir(at), Entries: []FolderEntry{}}
	if out.Parent == at {
		out.Parent = ""
	}
	for _, e := range list {
		if !hidden && strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if len(out.Entries) == maxEntries {
			out.Truncated = true
			break
		}
		if one, ok := s.entry(filepath.Join(at, e.Name()), e); ok {
			out.Entries = append(out.Entries, one)
		}
	}
	slices.SortStableFunc(out.Entries, func(x, y FolderEntry) int {
		if x.Folder != y.Folder {
			return map[bool]int{true: -1, false: 1}[x.Folder]
		}
		return cmp.Compare(strings.ToLower(x.Name), strings.ToLower(y.Name))
	})
	return out, nil
}

// entry describes one, and what it leads to if it is a symbolic link; ok is false for
// what can be neither opened nor shared.
func (s Service) entry(full string, e fs.DirEntry) (FolderEntry, bool) {
	info, err := e.Info()
	if err == nil && info.Mode()&fs.ModeSymlink != 0 {
		info, err = s.led(full)
	}
	if err != nil || !info.IsDir() && !info.Mode().IsRegular() {
		return FolderEntry{}, false
	}
	out := FolderEntry{Name: e.Name(), Path: full, Folder: info.IsDir(), Modified: info.ModTime().UTC().Truncate(time.Second)}
	if !out.Folder {
		out.Size = info.Size()
	}
	return out, true
}

// led returns what a symbolic link leads to.
func (s Service) led(full string) (fs.FileInfo, error) {
	fsys, name, err := s.Disk.Open(full)
	if err != nil {
		return nil, err
	}
	defer fsys.Close()
	return fsys.Stat(name)
}
