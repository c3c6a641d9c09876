package sharing

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/share/draft"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
)

// MakeTorrent says what torrent is made of a draft, and whether the node seeds it.
type MakeTorrent struct {
	Private  bool     `json:"private,omitempty" doc:"Whether its trackers alone say who has it (BEP 27)."`
	Trackers []string `json:"trackers,omitempty" maxItems:"64" nullable:"false" doc:"URLs, each asked if those before it fail."`
	Comment  string   `json:"comment,omitempty" maxLength:"4000" doc:"That everybody reads."`
	Seed     bool     `json:"seed,omitempty" doc:"Add it to the node as well, which names its own tracker then, and gives it to others."`
}

func (s Service) registerTorrents(r *operation.Registrar, unwrap func(huma.Context) http.ResponseWriter) {
	errs := []problem.Kind{problem.NotFound, problem.Conflict}
	type making struct {
		Drafted
		Body MakeTorrent
	}
	operation.Register(r, operation.Op{
		ID: "make-torrent", Method: http.MethodPost, Path: "/shares/drafts/{id}/torrent", Tag: tag, Scope: access.Admin, Errors: errs,
		Summary: "Make a torrent of a draft, and no share",
		Doc:     "For versions 1 and 2 (hybrid). The answer does not wait until it is hashed: show-draft tells how far it is, drop-draft ends it, and download-draft has the torrent.",
	}, func(_ context.Context, in *making) (*oneDraft, error) {
		return shownDraft(s.MakeTorrent(in.ID, in.Body))
	})
	operation.Raw[Drafted, []byte](r, operation.Op{
		ID: "download-draft", Method: http.MethodGet, Path: "/shares/drafts/{id}/torrent/file", Tag: tag, Scope: access.Admin, Errors: errs,
		Summary: "Get the torrent file that was made of a draft",
	}, "application/x-bittorrent", s.file, unwrap)
}

// MakeTorrent begins to make a torrent of a draft.
func (s Service) MakeTorrent(id string, n MakeTorrent) (draft.Draft, error) {
	o := create.Options{Private: n.Private, Comment: n.Comment}
	for _, url := range n.Trackers {
		o.Trackers = append(o.Trackers, []string{url})
	}
	if _, _, err := record.SplitTrackers(o.Trackers, nil); err != nil { // each is looked at
		return draft.Draft{}, err
	}
	return s.Drafts.Torrent(id, o, func(ctx context.Context, m *metainfo.Torrent, dir string) error {
		if !n.Seed {
			return nil
		}
		_, err := s.Library.Add(ctx, library.Add{Metainfo: m, Dir: dir, Verified: true, Ours: true})
		if errors.Is(err, library.ErrDuplicate) {
			return nil // it is there
		}
		return err
	})
}

// file returns the torrent that was made of a draft.
func (s Service) file(_ context.Context, in *Drafted) (func(http.ResponseWriter), error) {
	d, err := s.Drafts.Get(in.ID)
	if err != nil {
		return nil, err
	}
	if d.Torrent == nil {
		return nil, fmt.Errorf("%w: no torrent was made of it", draft.ErrBusy)
	}
	return func(w http.ResponseWriter) {
		w.Header().Set("Content-Disposition", `attachment; filename="`+record.Key(d.Torrent.Hashes())+`.torrent"`)
		operation.Encoded(d.Torrent.Bytes())(w)
	}, nil
}
