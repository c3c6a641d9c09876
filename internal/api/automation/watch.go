package automation

import (
	"context"
	"net/http"
	"path/filepath"
	"time"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/watch"
)

// WatchFolder is a folder that is watched, and how what is put into it is added.
type WatchFolder struct {
	Path     string   `json:"path" minLength:"1" maxLength:"4096" doc:"Its full path."`
	Category string   `json:"category,omitempty" maxLength:"200" doc:"Category of its torrents."`
	Labels   []string `json:"labels,omitempty" maxItems:"100" nullable:"false" doc:"Labels of its torrents."`
	Dir      string   `json:"dir,omitempty" maxLength:"4096" doc:"Full path of the folder that content goes to; empty for the default."`
	Paused   *bool    `json:"paused,omitempty" doc:"Whether torrents wait for being resumed; as queue.add-paused says if this is left out."`
	Then     string   `json:"then,omitempty" enum:"rename,move,delete" doc:"What becomes of a file whose torrent was added: it gets the ending .added if nothing is said."`
	To       string   `json:"to,omitempty" maxLength:"4096" doc:"Full path of the folder to which move moves it."`
}

// WatchStatus is a folder that is watched, and how it stands.
type WatchStatus struct {
	Folder  WatchFolder `json:"folder" doc:"What was said of it."`
	Problem string      `json:"problem,omitempty" doc:"Why it cannot be looked into, if it cannot."`
}

// WatchResult is what became of a file.
type WatchResult struct {
	At      time.Time `json:"at" doc:"When."`
	File    string    `json:"file" doc:"Its full path."`
	Torrent int64     `json:"torrent,omitempty" doc:"Number of the torrent, 0 if none was added."`
	Problem string    `json:"problem,omitempty" doc:"What is wrong with it, if something is."`
}

// WatchList is all folders.
type WatchList struct {
	Folders []WatchStatus `json:"folders" nullable:"false" doc:"In the order in which they are looked into."`
	Results []WatchResult `json:"results" nullable:"false" doc:"Of the last files, the newest first; of this run alone."`
}

type watchAnswer struct{ Body WatchList }

func (s Service) registerWatch(r *operation.Registrar) {
	operation.Register(r, operation.Op{
		ID: "list-watch-folders", Method: http.MethodGet, Path: "/watch-folders", Tag: tag, Scope: access.Read, Summary: "List folders that are watched for torrent files, and what became of these",
	}, func(context.Context, *operation.Empty) (*watchAnswer, error) { return &watchAnswer{s.Watched()}, nil })
	type setting struct{ Body WatchFolder }
	operation.Register(r, operation.Op{
		ID: "set-watch-folder", Method: http.MethodPut, Path: "/watch-folders", Tag: tag, Scope: access.Settings, Errors: []problem.Kind{problem.Conflict},
		Summary: "Watch a folder, or change how it is watched",
		Doc:     "It is kept as the setting paths.watch, which then counts instead of the list in the configuration file.",
	}, func(ctx context.Context, in *setting) (*watchAnswer, error) {
		if err := s.SetWatch(ctx, in.Body); err != nil {
			return nil, err
		}
		return &watchAnswer{s.Watched()}, nil
	})
	type removing struct {
		Path string `query:"path" required:"true" minLength:"1" maxLength:"4096" doc:"Full path of the folder."`
	}
	operation.Register(r, operation.Op{
		ID: "remove-watch-folder", Method: http.MethodDelete, Path: "/watch-folders", Tag: tag, Scope: access.Settings, Status: http.StatusNoContent,
		Errors: []problem.Kind{problem.NotFound, problem.Conflict}, Summary: "Watch a folder no more", Doc: "Nothing happens to the folder.",
	}, func(ctx context.Context, in *removing) (*operation.Empty, error) {
		return nil, s.RemoveWatch(ctx, in.Path)
	})
}

// Watched returns the folders that are watched.
func (s Service) Watched() WatchList {
	out := WatchList{Folders: []WatchStatus{}, Results: []WatchResult{}}
	for _, f := range s.Watch.List() {
		out.Folders = append(out.Folders, WatchStatus{
			Folder:  WatchFolder{f.Path, f.Category, f.Labels, f.Dir, f.Paused, string(f.Then), f.To},
			Problem: f.Problem,
		})
	}
	for _, res := range s.Watch.Results() {
		out.Results = append(out.Results, WatchResult{At: res.At.UTC(), File: res.File, Torrent: res.Torrent, Problem: res.Problem})
	}
	return out
}

// SetWatch watches a folder, or changes how it is watched.
func (s Service) SetWatch(ctx context.Context, f WatchFolder) error {
	folder := watch.Folder{Path: f.Path, Category: f.Category, Labels: f.Labels, Dir: f.Dir, Paused: f.Paused, Then: watch.Then(f.Then), To: f.To}
	if err := watch.Check([]watch.Folder{folder}); err != nil {
		return problem.Input("body", err.Error())
	}
	text, err := folder.Text()
	if err != nil {
		return problem.Input("body", err.Error())
	}
	return s.edit(ctx, "paths.watch", s.watches(f.Path), text, nil)
}

// RemoveWatch watches a folder no more.
func (s Service) RemoveWatch(ctx context.Context, path string) error {
	return s.edit(ctx, "paths.watch", s.watches(path), "", problem.New(problem.NotFound, "this folder is not watched"))
}

// watches returns what finds a folder in the settings.
func (s Service) watches(path string) func(string) bool {
	return func(text string) bool {
		f, err := watch.ParseFolder(text)
		return err == nil && filepath.Clean(s.Node.Path(f.Path)) == filepath.Clean(path)
	}
}
