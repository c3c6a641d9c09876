package automation

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/operation"
)

// Hook is a program or a web server that is told what happened.
type Hook struct {
	Name    string   `json:"name" doc:"Of the setting, as complete for hooks.complete."`
	On      []string `json:"on" nullable:"false" doc:"What it is told of: added, completed, failed, removed."`
	Program string   `json:"program,omitempty" doc:"Full path of the program, unless it is a server."`
	Server  string   `json:"server,omitempty" doc:"Host of the server, unless it is a program."`
	Timeout int64    `json:"timeout" doc:"Seconds it may take."`
}

// HookResult is what came of telling one.
type HookResult struct {
	Hook    string    `json:"hook" doc:"Its name."`
	Event   string    `json:"event" doc:"What happened."`
	Torrent string    `json:"torrent" doc:"Name of the torrent."`
	At      time.Time `json:"at" doc:"When it was told."`
	Took    float64   `json:"took" doc:"Seconds."`
	Problem string    `json:"problem,omitempty" doc:"Why it has failed, if it has."`
	Output  string    `json:"output,omitempty" doc:"The beginning of what the program said; left out unless settings may be changed."`
}

// HookList is all of them.
type HookList struct {
	Hooks   []Hook       `json:"hooks" nullable:"false" doc:"In the order in which they are told."`
	Results []HookResult `json:"results" nullable:"false" doc:"Of the last events, the newest first; of this run alone."`
}

func (s Service) registerHooks(r *operation.Registrar) {
	type answer struct{ Body HookList }
	operation.Register(r, operation.Op{
		ID: "list-hooks", Method: http.MethodGet, Path: "/hooks", Tag: tag, Scope: access.Read, Summary: "List programs and servers that are told what happened, and what came of it",
		Doc: "They are set in the configuration file alone (hooks.complete and the like): an API that could set them could run anything as the user of the node, and so could whoever gets hold of a token, or of the owner's browser. No operation changes that.",
	}, func(ctx context.Context, _ *operation.Empty) (*answer, error) { return &answer{s.Told(ctx)}, nil })
}

// Told returns the hooks and what came of them, as whoever asks may see it.
func (s Service) Told(ctx context.Context) HookList {
	out := HookList{Hooks: []Hook{}, Results: []HookResult{}}
	for _, h := range s.Hooks.List() {
		one := Hook{Name: h.Name, On: []string{}, Program: h.Program, Timeout: int64(h.Limit() / time.Second)}
		for _, k := range h.Kinds() {
			one.On = append(one.On, string(k))
		}
		if u, err := url.Parse(h.URL); err == nil {
			one.Server = u.Host
		}
		out.Hooks = append(out.Hooks, one)
	}
	for _, res := range s.Hooks.Results() {
		one := HookResult{Hook: res.Hook, Event: string(res.Event), Torrent: res.Torrent, At: res.At.UTC(), Took: res.Took.Seconds(), Problem: res.Problem}
		if operation.Trusted(ctx) {
			one.Output = res.Output
		}
		out.Results = append(out.Results, one)
	}
	return out
}
