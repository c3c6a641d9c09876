package streaming

import (
	"context"
	"errors"
	"io"

	"github.com/warren-p2p/warren/internal/library"
)

// errIdle reports a torrent that is not in the engine.
var errIdle = errors.New("the torrent does not run: its status says why")

// Library returns the Find of a handler that serves the torrents of a library, by
// their IDs.
func Library(l *library.Library) func(int64) (*Show, error) {
	return func(id int64) (*Show, error) {
		t, err := l.ByID(id)
		if errors.Is(err, library.ErrNotFound) {
			return nil, ErrNotFound
		}
		if err != nil {
			return nil, err
		}
		return Of(t)
	}
}

// Of returns what players can read of a torrent. The error is swarm.ErrUnknown as
// long as peers have not told what it consists of.
func Of(t *library.Torrent) (*Show, error) {
	list, err := t.Files()
	if err != nil {
		return nil, err
	}
	s := &Show{Tag: t.Key(), Open: func(ctx context.Context, file int) (io.ReadSeekCloser, error) {
		e := t.Engine()
		if e == nil {
			return nil, errIdle
		}
		return e.NewReader(ctx, file)
	}}
	for _, f := range list {
		s.Files = append(s.Files, File{Name: f.Path, Size: f.Size, Index: f.Index})
	}
	return s, nil
}
