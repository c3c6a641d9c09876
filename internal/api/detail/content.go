// Package detail is the part of the API that shows what one torrent consists of, and with
// whom it is shared: files, pieces, peers, trackers.
package detail

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/api/torrent"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/streaming"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm"
)

// File is a file of a torrent.
type File struct {
	Index    int    `json:"index" doc:"Number of the file in the torrent, from 0."`
	Path     string `json:"path" doc:"Where it is below the folder of the torrent, with slashes."`
	Size     int64  `json:"size" doc:"Bytes."`
	Done     int64  `json:"done" doc:"Bytes that are there and verified."`
	Offset   int64  `json:"offset" doc:"Where its first byte is in the torrent."`
	Priority string `json:"priority" enum:"skip,low,normal,high" doc:"How much it is wanted; skip is not fetched."`
	First    int    `json:"first" doc:"The first piece that has some of it."`
	End      int    `json:"end" doc:"The piece after the last one."`
	Playable bool   `json:"playable,omitempty" doc:"Whether it is a film or sound by its name: list-streams says where players read it."`
}

// Files are the files of a torrent.
type Files struct {
	Files []File `json:"files" nullable:"false" doc:"Padding left out."`
}

// Pieces says which pieces there are.
type Pieces struct {
	Count  int    `json:"count" doc:"How many pieces the torrent has."`
	Done   int    `json:"done" doc:"How many of them are there and verified."`
	Length int64  `json:"length" doc:"Bytes of a piece; the last may be shorter."`
	Have   []byte `json:"have" doc:"One bit for each piece, the first one in the highest bit of the first byte (BEP 3), as base64."`
	// Availability is of connected peers.
	Availability []int `json:"availability" nullable:"false" doc:"How many connected peers have each piece; empty if nothing moves."`
}

// Service is the operations.
type Service struct {
	Library *library.Library
	Streams *streaming.Handler
	Clock   clock.Clock
}

// Register adds the operations.
func (s Service) Register(r *operation.Registrar, unwrap func(huma.Context) http.ResponseWriter) {
	s.registerContent(r, unwrap)
	s.registerCompany(r)
	s.registerStreams(r)
}

func (s Service) find(key string) (*library.Torrent, error) { return torrent.Find(s.Library, key) }

type prioritizing struct {
	torrent.Named
	Body struct {
		Priorities map[string]string `json:"priorities" doc:"By the index of the file: skip, low, normal or high."`
	}
}

func (s Service) registerContent(r *operation.Registrar, unwrap func(huma.Context) http.ResponseWriter) {
	errs := []problem.Kind{problem.NotFound, problem.Conflict}
	type files struct{ Body Files }
	operation.Register(r, operation.Op{
		ID: "list-files", Method: http.MethodGet, Path: "/torrents/{key}/files", Tag: torrent.Tag, Scope: access.Read, Errors: errs,
		Summary: "List the files of a torrent",
	}, func(_ context.Context, in *torrent.Named) (*files, error) {
		list, err := s.files(in.Key)
		return &files{Files{list}}, err
	})
	operation.Register(r, operation.Op{
		ID: "prioritize-files", Method: http.MethodPatch, Path: "/torrents/{key}/files", Tag: torrent.Tag, Scope: access.Control, Errors: errs,
		Summary: "Say how much files of a torrent are wanted",
	}, func(ctx context.Context, in *prioritizing) (*files, error) {
		if err := s.prioritize(ctx, in); err != nil {
			return nil, err
		}
		list, err := s.files(in.Key)
		return &files{Files{list}}, err
	})
	type pieces struct{ Body Pieces }
	operation.Register(r, operation.Op{
		ID: "show-pieces", Method: http.MethodGet, Path: "/torrents/{key}/pieces", Tag: torrent.Tag, Scope: access.Read, Errors: errs,
		Summary: "Show which pieces of a torrent there are",
	}, func(_ context.Context, in *torrent.Named) (*pieces, error) {
		t, err := s.find(in.Key)
		if err != nil {
			return nil, err
		}
		return &pieces{piecesOf(t)}, nil
	})
	operation.Raw[torrent.Named, []byte](r, operation.Op{
		ID: "download-torrent", Method: http.MethodGet, Path: "/torrents/{key}/file", Tag: torrent.Tag, Scope: access.Read, Errors: errs,
		Summary: "Get the torrent file of a torrent", Doc: "Without its trackers, in whose addresses may be keys, for who may not change torrents or settings.",
	}, "application/x-bittorrent", s.file, unwrap)
}

// file returns the torrent file. Its name is the key: what torrents are called is
// somebody else's.
func (s Service) file(ctx context.Context, in *torrent.Named) (func(http.ResponseWriter), error) {
	t, err := s.find(in.Key)
	if err != nil {
		return nil, err
	}
	m, err := t.Metainfo()
	if err != nil {
		return nil, err
	}
	body := m.Bytes()
	if !trusted(ctx) {
		if m, err = metainfo.Parse(body); err != nil { // a copy: this one may be the engine's
			return nil, err
		}
		m.SetTrackers(nil)
		body = m.Bytes()
	}
	return func(w http.ResponseWriter) {
		w.Header().Set("Content-Disposition", `attachment; filename="`+t.Key()+`.torrent"`)
		operation.Encoded(body)(w)
	}, nil
}

func (s Service) files(key string) ([]File, error) {
	t, err := s.find(key)
	if err != nil {
		return nil, err
	}
	all, err := t.Files()
	if err != nil {
		return nil, err
	}
	list := make([]File, len(all))
	for i, f := range all {
		list[i] = File{f.Index, f.Path, f.Size, f.Done, f.Offset, priorityName(f.Priority), f.First, f.End, streaming.Playable(f.Path)}
	}
	return list, nil
}

func (s Service) prioritize(ctx context.Context, in *prioritizing) error {
	t, err := s.find(in.Key)
	if err != nil {
		return err
	}
	c := library.Change{Priorities: make(map[int]swarm.Priority)}
	for index, name := range in.Body.Priorities {
		n, err := strconv.Atoi(index)
		if err != nil || n < 0 {
			return problem.Input("body.priorities", fmt.Sprintf("%.40q is no index of a file", index))
		}
		p, ok := priorities()[name]
		if !ok {
			return problem.Input("body.priorities."+index, fmt.Sprintf("%.40q is none: want skip, low, normal or high", name))
		}
		c.Priorities[n] = p
	}
	return t.Change(ctx, c)
}

func priorities() map[string]swarm.Priority {
	return map[string]swarm.Priority{"skip": swarm.Skip, "low": swarm.Low, "normal": swarm.Normal, "high": swarm.High}
}

func priorityName(p swarm.Priority) string {
	for name, one := range priorities() {
		if one == p {
			return name
		}
	}
	return "normal"
}

func piecesOf(t *library.Torrent) Pieces {
	v := t.View()
	p := Pieces{Count: v.Pieces, Done: v.Status.PiecesDone, Length: v.PieceLength, Have: []byte{}, Availability: []int{}}
	engine := t.Engine()
	if engine == nil {
		return p
	}
	if have := engine.Have(); have != nil {
		p.Have = have
	}
	for _, piece := range engine.Pieces() {
		p.Availability = append(p.Availability, piece.Availability)
	}
	return p
}
