package hook

import (
	"path/filepath"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/library"
)

// Of returns an event of a library as hooks are told of it.
func Of(e library.Event, at time.Time) Event {
	v := &e.View
	t := Event{
		Kind: Kind(e.Kind), At: at, ID: v.ID, Name: v.Name, Dir: v.Dir, Path: pathOf(e), Size: v.Size,
		Category: v.Category, Labels: v.Labels,
	}
	if v.Hashes.HasV1 {
		t.V1 = v.Hashes.V1.String()
	}
	if v.Hashes.HasV2 {
		t.V2 = v.Hashes.V2.String()
	}
	if v.Status.Reason != nil && e.Kind == library.Failed {
		t.Problem = v.Status.Reason.Error()
	}
	return t
}

// pathOf returns where the content is: the file, or the folder that all of it lies in.
// What a torrent is called is no answer to that: a link names it as whoever made it
// likes, "../../x" for instance, and so do programs.
func pathOf(e library.Event) string {
	if e.Torrent != nil {
		if files, err := e.Torrent.Files(); err == nil && len(files) > 0 {
			names := make([]string, len(files))
			for i := range files {
				names[i] = files[i].Path
			}
			return below(e.View.Dir, root(names))
		}
	}
	if name := e.View.Name; e.View.Size > 0 && name != "." && !strings.ContainsAny(name, `/\`) && filepath.IsLocal(name) {
		return below(e.View.Dir, name)
	}
	return "" // nobody knows yet
}

// root returns the first part that all paths have in common, "" if there is none.
func root(paths []string) string {
	first, _, _ := strings.Cut(paths[0], "/")
	for _, p := range paths {
		if p != first && !strings.HasPrefix(p, first+"/") {
			return ""
		}
	}
	return first
}

func below(dir, name string) string {
	if name == "" {
		return ""
	}
	return filepath.Join(dir, name)
}

// Simple returns the hooks of a configuration that names one program, with its
// arguments, for each kind of events, and one server for all of them.
func Simple(complete, added, failed []string, url string) (list []Hook) {
	for _, h := range []struct {
		name string
		args []string
		on   Kind
	}{{"complete", complete, Completed}, {"added", added, Added}, {"failed", failed, Failed}} {
		if len(h.args) > 0 {
			list = append(list, Hook{Name: h.name, On: []Kind{h.on}, Program: h.args[0], Args: h.args[1:]})
		}
	}
	if url != "" {
		list = append(list, Hook{Name: "url", On: []Kind{Added, Completed, Failed, Removed}, URL: url})
	}
	return list
}
