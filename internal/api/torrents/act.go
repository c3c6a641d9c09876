package torrents

import (
	"context"
	"net/http"
	"path/filepath"
	"time"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/api/torrent"
	"github.com/warren-p2p/warren/internal/library"
)

// patience is how long a request waits for content to be moved, which may take hours.
const patience = 10 * time.Second

type moving struct {
	torrent.Named
	Body struct {
		Dir string `json:"dir" minLength:"1" maxLength:"4096" doc:"Full path of a folder; made if it is not there."`
	}
}

type renaming struct {
	torrent.Named
	Body struct {
		From string `json:"from" minLength:"1" maxLength:"4096" doc:"Path of a file or folder of the torrent, with slashes."`
		To   string `json:"to" minLength:"1" maxLength:"4096" doc:"Path that it gets."`
	}
}

type placing struct {
	torrent.Named
	Body struct {
		Position int `json:"position" minimum:"0" doc:"How many are to stand before it in the queue."`
	}
}

// Moved says whether content has been moved.
type Moved struct {
	Status int
	Body   struct {
		Done bool `json:"done" doc:"Whether that is done; otherwise it goes on."`
	}
}

// actions are those that need nothing but the torrent.
func (s *Service) actions() map[string]func(context.Context, *library.Torrent) error {
	return map[string]func(context.Context, *library.Torrent) error{
		"pause":      func(ctx context.Context, t *library.Torrent) error { return t.Pause(ctx) },
		"resume":     func(ctx context.Context, t *library.Torrent) error { return t.Resume(ctx) },
		"recheck":    func(_ context.Context, t *library.Torrent) error { return t.Recheck() },
		"reannounce": func(_ context.Context, t *library.Torrent) error { return t.Reannounce() },
	}
}

func (s *Service) registerActions(r *operation.Registrar) {
	errs := []problem.Kind{problem.NotFound, problem.Conflict}
	for verb, summary := range map[string]string{
		"pause": "Pause a torrent", "resume": "Resume a torrent", "recheck": "Check all content of a torrent once more, in the background",
		"reannounce": "Ask trackers and the DHT for peers, as soon as they allow it",
	} {
		do := s.actions()[verb]
		operation.Register(r, operation.Op{
			ID: verb + "-torrent", Method: http.MethodPost, Path: "/torrents/{key}/" + verb, Tag: torrent.Tag, Scope: access.Control, Errors: errs,
			Status: http.StatusNoContent, Summary: summary,
		}, func(ctx context.Context, in *torrent.Named) (*operation.Empty, error) {
			t, err := s.find(in.Key)
			if err != nil {
				return nil, err
			}
			return nil, do(ctx, t)
		})
	}
	operation.Register(r, operation.Op{
		ID: "move-torrent", Method: http.MethodPost, Path: "/torrents/{key}/move", Tag: torrent.Tag, Scope: access.Control, Errors: append(errs, problem.DiskFull),
		Summary: "Move the content of a torrent to another folder",
		Doc:     "What takes longer than ten seconds is answered with 202, and goes on; if it fails, the log of the node has why, and the content is where it was.",
	}, s.move)
	operation.Register(r, operation.Op{
		ID: "rename-file", Method: http.MethodPost, Path: "/torrents/{key}/rename", Tag: torrent.Tag, Scope: access.Control, Errors: errs,
		Status: http.StatusNoContent, Summary: "Rename a file or a folder of a torrent",
	}, func(ctx context.Context, in *renaming) (*operation.Empty, error) {
		t, err := s.find(in.Key)
		if err != nil {
			return nil, err
		}
		return nil, t.Rename(ctx, in.Body.From, in.Body.To)
	})
	operation.Register(r, operation.Op{
		ID: "place-torrent", Method: http.MethodPost, Path: "/torrents/{key}/position", Tag: torrent.Tag, Scope: access.Control, Errors: errs,
		Status: http.StatusNoContent, Summary: "Give a torrent another place in the queue",
	}, func(ctx context.Context, in *placing) (*operation.Empty, error) {
		t, err := s.find(in.Key)
		if err != nil {
			return nil, err
		}
		return nil, s.lib.SetPosition(ctx, t, in.Body.Position)
	})
	s.registerBulk(r)
}

// move moves content, and waits for that only so long. It goes on without the client.
func (s *Service) move(ctx context.Context, in *moving) (*Moved, error) {
	t, err := s.find(in.Key)
	if err != nil {
		return nil, err
	}
	if !filepath.IsAbs(in.Body.Dir) {
		return nil, problem.Input("body.dir", "want the full path of a folder")
	}
	done, left := make(chan error), make(chan struct{})
	if !s.begin(func() {
		err := t.Move(s.ctx, in.Body.Dir)
		select {
		case done <- err:
		case <-left: // nobody waits for it any more
			if err != nil {
				s.cfg.Failed(s.ctx, "move-torrent", err)
			}
		}
	}) {
		return nil, library.ErrClosed
	}
	wait := time.NewTimer(patience)
	defer wait.Stop()
	out := &Moved{Status: http.StatusOK}
	select {
	case err := <-done:
		out.Body.Done = err == nil
		return out, err
	case <-ctx.Done():
	case <-wait.C:
	}
	close(left)
	out.Status = http.StatusAccepted
	return out, nil
}
