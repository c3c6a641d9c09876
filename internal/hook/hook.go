// Package hook tells programs and web servers of the user what happened to torrents.
//
// A program is run without a shell: each argument is one argument, whatever a
// torrent is called. It gets a small environment, in which WARREN_* say what
// happened, has bounded time, and ends with the node, with all that it started.
// A web server gets the same as JSON.
//
//	r, err := hook.New(hook.Config{Hooks: hooks, Courier: courier, Clock: clk, Log: log})
//	r.Emit(hook.Event{Kind: hook.Completed, Name: "film", ...}) // does not wait
//	defer r.Close()
package hook

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/courier"
)

// Kind is what happened.
type Kind string

// The kinds.
const (
	Added     Kind = "added"
	Completed Kind = "completed"
	Failed    Kind = "failed"
	Removed   Kind = "removed"
)

// Event is something that happened to a torrent. Its JSON is what web servers get.
type Event struct {
	Kind     Kind      `json:"event"`
	At       time.Time `json:"at"`
	ID       int64     `json:"id"`
	Name     string    `json:"name"`
	V1       string    `json:"info_hash_v1,omitempty"` // in hex
	V2       string    `json:"info_hash_v2,omitempty"`
	Dir      string    `json:"dir"`  // the folder that the content is in
	Path     string    `json:"path"` // of the content: a file, or a folder; "" if it is unknown, or not in one place
	Size     int64     `json:"size"` // bytes
	Category string    `json:"category"`
	Labels   []string  `json:"labels"`
	Problem  string    `json:"problem,omitempty"` // of Failed
}

// fields are the names under which an event is told, in arguments and, in upper
// case after WARREN_, in the environment.
func (e Event) fields() map[string]string {
	hash := e.V1
	if hash == "" {
		hash = e.V2
	}
	return map[string]string{
		"event": string(e.Kind), "id": strconv.FormatInt(e.ID, 10), "name": e.Name,
		"hash": hash, "hash_v1": e.V1, "hash_v2": e.V2, "dir": e.Dir, "path": e.Path,
		"size": strconv.FormatInt(e.Size, 10), "category": e.Category, "labels": strings.Join(e.Labels, ","), "problem": e.Problem,
	}
}

// Hook says what is told of which events: a program, or a web server.
type Hook struct {
	Name    string   `json:"name"`
	On      []Kind   `json:"on"`      // Completed, if none is said
	Program string   `json:"program"` // full path
	Args    []string `json:"args"`    // {name}, {path} and the like stand for what happened
	URL     string   `json:"url"`     // instead of a program: gets a POST with the event as JSON
	// Timeout is how long the program may take, or the server each time; 10 minutes
	// if it is not said.
	Timeout time.Duration `json:"timeout"`
}

// Bounds on what users may want.
const (
	maxHooks   = 50
	maxArgs    = 100
	maxTimeout = 24 * time.Hour
	usually    = 10 * time.Minute
)

// Kinds returns what the hook is told of.
func (h Hook) Kinds() []Kind {
	if len(h.On) == 0 {
		return []Kind{Completed}
	}
	return slices.Clone(h.On)
}

// wants reports whether the hook is told of a kind of events.
func (h Hook) wants(k Kind) bool { return slices.Contains(h.Kinds(), k) }

// Limit returns how long it may take.
func (h Hook) Limit() time.Duration {
	if h.Timeout == 0 {
		return usually
	}
	return h.Timeout
}

// Check says what is wrong with a hook.
func (h Hook) Check() error {
	for _, k := range h.On {
		switch k {
		case Added, Completed, Failed, Removed:
		default:
			return fmt.Errorf("%q never happens: want %s, %s, %s or %s", k, Added, Completed, Failed, Removed)
		}
	}
	switch {
	case (h.Program == "") == (h.URL == ""):
		return errors.New("want a program or a URL, one of the two")
	case h.Timeout < 0 || h.Timeout > maxTimeout:
		return fmt.Errorf("a timeout of %v is none", h.Timeout)
	case h.URL != "":
		_, err := courier.ParseURL(h.URL)
		return err
	case !filepath.IsAbs(h.Program) || strings.ContainsRune(h.Program, 0):
		return fmt.Errorf("%q is not the full path of a program; there is no shell that would look for it", h.Program)
	case len(h.Args) > maxArgs:
		return fmt.Errorf("%d arguments are too many: at most %d", len(h.Args), maxArgs)
	}
	_, err := h.arguments(Event{})
	return err
}

// arguments returns the arguments of the program for an event. Each is one
// argument, whatever is put into it.
func (h Hook) arguments(e Event) (list []string, err error) {
	fields := e.fields()
	for _, a := range h.Args {
		text, err := fill(a, fields)
		if err != nil {
			return nil, err
		}
		list = append(list, text)
	}
	return list, nil
}

// fill puts fields where their names stand in braces. Braces around what is no name
// are an error: somebody expected something else there.
func fill(text string, fields map[string]string) (string, error) {
	var b strings.Builder
	for {
		before, rest, open := strings.Cut(text, "{")
		b.WriteString(before)
		if !open {
			return clean(b.String()), nil
		}
		name, after, closed := strings.Cut(rest, "}")
		value, known := fields[name]
		if !closed || !known {
			return "", fmt.Errorf("{%.40s in an argument stands for nothing: want one of %s", rest, names(fields))
		}
		b.WriteString(value)
		text = after
	}
}

func names(fields map[string]string) string {
	var list []string
	for name := range fields {
		list = append(list, "{"+name+"}")
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// clean leaves out what would end an argument or a variable early.
func clean(text string) string { return strings.ReplaceAll(text, "\x00", "") }

// environment returns what a program is told beside its arguments: what it needs of
// ours to run at all, and the event.
func environment(own []string, e Event) (list []string) {
	for _, kv := range own {
		name, _, _ := strings.Cut(kv, "=")
		switch name {
		case "PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "SYSTEMROOT":
			list = append(list, kv)
		}
	}
	for name, value := range e.fields() {
		list = append(list, "WARREN_"+strings.ToUpper(name)+"="+clean(value))
	}
	slices.Sort(list)
	return list
}
