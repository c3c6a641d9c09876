// Package stream serves the files of one torrent to a player over HTTP, while they
// are fetched, as long as a command runs. What is served, and to whom, is decided by
// package streaming.
package stream

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/streaming"
)

// Server serves a torrent until it is closed.
type Server struct {
	base  string // http://HOST:PORT
	show  *streaming.Show
	files *streaming.Handler
	http  http.Server
	end   context.CancelFunc
	done  chan struct{}
}

const (
	// readHeaderTimeout is how long a request may take to come in.
	readHeaderTimeout = 10 * time.Second
	// only is the number of the one torrent that there is.
	only = 1
	// always is longer than a command runs.
	always = 10 * 365 * 24 * time.Hour
)

// Serve serves a torrent on a listener, which it closes in the end.
func Serve(l net.Listener, show *streaming.Show) *Server {
	s := &Server{base: "http://" + l.Addr().String(), show: show, done: make(chan struct{})}
	s.files = streaming.New(streaming.Config{Find: s.find, Clock: clock.System{}})
	var ctx context.Context
	ctx, s.end = context.WithCancel(context.Background())
	s.http = http.Server{
		Handler: s.files, ReadHeaderTimeout: readHeaderTimeout,
		BaseContext: func(net.Listener) context.Context { return ctx },
		ErrorLog:    slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo), // it is of players that have gone
	}
	go func() {
		defer close(s.done)
		_ = s.http.Serve(l) // it ends with Close
	}()
	return s
}

func (s *Server) find(torrent int64) (*streaming.Show, error) {
	if torrent != only {
		return nil, streaming.ErrNotFound
	}
	return s.show, nil
}

// URL returns where a file is.
func (s *Server) URL(f streaming.File) string { return s.base + s.files.Path(only, f, always) }

// Playlist returns where a list of all that can be played is, as players read it
// (M3U).
func (s *Server) Playlist() string { return s.base + s.files.Playlist(only, always) }

// Close ends all transfers and waits.
func (s *Server) Close() error {
	s.end()
	ctx, cancel := context.WithTimeout(context.Background(), readHeaderTimeout)
	defer cancel()
	err := s.http.Shutdown(ctx) // the handlers were told
	if err != nil {
		err = errors.Join(err, s.http.Close())
	}
	<-s.done
	return err
}
