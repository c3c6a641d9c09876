package hook

import (
	"path/filepath"
	"time"

	"github.com/warren-p2p/warren/internal/library"
)

// Of returns an event of a library as hooks are told of it.
func Of(e library.Event, at time.Time) Event {
	v := &e.View
	t := Event{
		Kind: Kind(e.Kind), At: at, ID: v.ID, Name: v.Name, Dir: v.Dir, Path: filepath.Join(v.Dir, v.Name), Size: v.Size,
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
