// Package facade is what visitors of a node see: a folder of the user's, a site of
// the user's that is served elsewhere, or, in package made, one that is made up.
// Torrents have no part in it.
package facade

import (
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/warren-p2p/warren/internal/vfs"
)

// Folder serves the files below dir: index.html for a folder, 404.html for what is
// not there. It lists nothing, and serves nothing whose name or folder begins with a
// dot but .well-known (RFC 8615). Links that lead out of dir lead nowhere.
func Folder(dir vfs.FS) http.Handler { return &folder{dir} }

type folder struct{ dir vfs.FS }

const index = "index.html"

func (f *folder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	name, ok := local(r.URL.Path)
	if !ok {
		f.missing(w, r)
		return
	}
	info, err := f.dir.Stat(name)
	switch {
	case err != nil:
		f.missing(w, r)
	case info.IsDir() && !strings.HasSuffix(r.URL.Path, "/"):
		to := *r.URL
		to.Path += "/"
		http.Redirect(w, r, to.RequestURI(), http.StatusMovedPermanently)
	case info.IsDir():
		f.file(w, r, path.Join(name, index))
	case strings.HasSuffix(r.URL.Path, "/"):
		f.missing(w, r)
	default:
		f.file(w, r, name)
	}
}

// local returns the name of what a path asks for, if it may be asked for.
func local(p string) (string, bool) {
	name := strings.TrimPrefix(path.Clean("/"+p), "/")
	if name == "" {
		return ".", true
	}
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(part, ".") && part != ".well-known" {
			return "", false
		}
	}
	return name, fs.ValidPath(name) && !strings.Contains(name, "\\")
}

func (f *folder) file(w http.ResponseWriter, r *http.Request, name string) {
	file, info, err := f.open(name)
	if err != nil {
		f.missing(w, r)
		return
	}
	defer file.Close()
	w.Header().Set("Etag", fmt.Sprintf(`"%x-%x"`, info.ModTime().UnixMicro(), info.Size()))
	http.ServeContent(w, r, name, info.ModTime(), io.NewSectionReader(file, 0, info.Size()))
}

func (f *folder) open(name string) (vfs.File, fs.FileInfo, error) {
	// Before it is opened: opening a pipe would wait.
	if info, err := f.dir.Stat(name); err != nil || !info.Mode().IsRegular() {
		return nil, nil, fs.ErrNotExist
	}
	file, err := f.dir.Open(name)
	if err != nil {
		return nil, nil, err
	}
	info, err := file.Stat()
	if err != nil {
		_ = file.Close()
		return nil, nil, err
	}
	return file, info, nil
}

// missing answers that there is nothing.
func (f *folder) missing(w http.ResponseWriter, r *http.Request) {
	file, info, err := f.open("404.html")
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer file.Close()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(http.StatusNotFound)
	if r.Method != http.MethodHead {
		_, _ = io.Copy(w, io.NewSectionReader(file, 0, info.Size())) // the visitor may have gone
	}
}
