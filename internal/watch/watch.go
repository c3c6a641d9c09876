// Package watch adds the torrent files and magnet links that are put into folders.
//
//	w, err := watch.New(watch.Config{Folders: folders, Library: library, Open: open, Clock: clk, Log: log})
//	defer w.Close()
//
// A file is taken once it is whole: nobody has written to it for a second, and it can
// be read; what still cannot after ten is renamed to .invalid, and the log and
// [Watch.Results] say why. What was added is renamed, moved or deleted as the folder
// says. Folders are watched, and looked into every ten seconds all the same: not
// every file system tells of changes.
package watch

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/vfs"
)

const (
	maxFolders = 50
	maxResults = 100
	seldom     = 10 * time.Second // between two looks into folders where nothing happens
	often      = time.Second      // where something does
)

// Then is what becomes of a file when its torrent was added.
type Then string

// What may become of it; Rename if nothing is said.
const (
	Rename Then = "rename" // to NAME.added
	Move   Then = "move"
	Delete Then = "delete"
)

// Folder is one that is watched, and how what is in it is added.
type Folder struct {
	Path     string   `json:"path"` // absolute
	Category string   `json:"category"`
	Labels   []string `json:"labels"`
	Dir      string   `json:"dir"`    // where content lands, "" for the default
	Paused   *bool    `json:"paused"` // nil for the default
	Then     Then     `json:"then"`
	To       string   `json:"to"` // of Move, absolute
}

// Status is how a folder stands.
type Status struct {
	Folder
	Problem string `json:"problem"` // why it cannot be looked into, "" if it can
}

// Result is what became of a file.
type Result struct {
	At      time.Time `json:"at"`
	File    string    `json:"file"`
	Torrent int64     `json:"torrent"` // its ID, 0 if nothing was added
	Problem string    `json:"problem"`
}

// Library is where torrents are added; *library.Library is one.
type Library interface {
	Add(ctx context.Context, a library.Add) (*library.Torrent, error)
}

// Config is what a Watch needs.
type Config struct {
	Folders []Folder
	Library Library
	Open    func(path string) (vfs.FS, error) // of a folder, by its absolute path
	Clock   clock.Clock
	Log     *slog.Logger
	Poll    bool          // folders are looked into, and not watched
	Every   time.Duration // between two looks where nothing happens; ten seconds
}

// Watch watches folders until it is closed. Its methods are safe for concurrent use.
type Watch struct {
	cfg    Config
	wake   chan struct{}
	ctx    context.Context
	end    context.CancelFunc
	ended  sync.WaitGroup
	notify *fsnotify.Watcher // nil if the system has none left

	busy sync.Mutex // held while folders are looked into

	mu      sync.Mutex
	folders []*folder
	results []Result // the newest last
}

// New begins to watch folders. The error says which cannot be one.
func New(cfg Config) (*Watch, error) {
	if cfg.Every == 0 {
		cfg.Every = seldom
	}
	w := &Watch{cfg: cfg, wake: make(chan struct{}, 1)}
	w.ctx, w.end = context.WithCancel(context.Background())
	if err := w.Set(cfg.Folders); err != nil {
		return nil, err
	}
	w.subscribe()
	w.ended.Go(w.run)
	return w, nil
}

// Close ends watching, and waits.
func (w *Watch) Close() error {
	w.end()
	var err error
	if w.notify != nil {
		err = w.notify.Close()
	}
	w.ended.Wait()
	return err
}

// Set replaces all folders.
func (w *Watch) Set(list []Folder) error {
	if err := Check(list); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	old := w.folders
	w.folders = nil
	for _, f := range list {
		next := &folder{Folder: f, files: map[string]*file{}}
		if i := slices.IndexFunc(old, func(o *folder) bool { return o.Path == f.Path }); i >= 0 {
			next.files = old[i].files
		}
		w.folders = append(w.folders, next)
	}
	w.stir()
	return nil
}

// List returns all folders.
func (w *Watch) List() (list []Status) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range w.folders {
		list = append(list, Status{f.Folder, f.problem})
	}
	return list
}

// Results returns what became of the last files, the newest first.
func (w *Watch) Results() []Result {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := slices.Clone(w.results)
	slices.Reverse(list)
	return list
}

// stir has folders looked into soon.
func (w *Watch) stir() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}
