// Package serve decides which requests of a peer are answered (BEP 3, 6). The
// answers themselves are what package link writes.
package serve

import (
	"fmt"
	"sync"

	"github.com/warren-p2p/warren/peerwire"
)

// MaxQueue is how many requests of a peer may wait; it is advertised as reqq.
// At 16 KiB a block it covers 16 MiB, what package pipeline asks for at most.
const MaxQueue = 1024

// maxRefused is how many requests of a peer that are not answered are borne
// until it is unchoked again: a choke crosses MaxQueue of them at most, and may
// come more than once before they are here. Libtorrent bears 50.
const maxRefused = 4 * MaxQueue

// maxRequest is the longest block we serve. BEP 3 says 16 KiB is what everyone
// uses; longer answers would be refused by many as well.
const maxRequest = peerwire.BlockLen

// Link is where the answers go. Its methods do what those of link.Conn do.
type Link interface {
	Send(add func(b []byte) []byte)
	Upload(reqs []peerwire.Request) (waiting int)
	CancelUpload(r peerwire.Request) bool
	DropUploads(add func(b []byte, dropped []peerwire.Request) []byte)
}

// Stock is what a peer may be sent. Its methods must not wait for a lock under
// which those of a Server are called.
type Stock interface {
	// Serving reports whether requests are answered at all.
	Serving() bool
	NumPieces() int
	// Limit returns up to where a piece may be asked for, in bytes.
	Limit(piece int) int64
	// Offers reports whether the peer may have a piece now.
	Offers(piece int) bool
}

// Server answers one peer, which is choked at first. It has a lock, with which
// that of the link may be taken.
type Server struct {
	link Link
	fast bool

	mu       sync.Mutex
	unchoked bool
	refused  int // requests since it was last unchoked
}

// New returns the server of a peer; fast says that it understands rejects.
func New(l Link, fast bool) *Server { return &Server{link: l, fast: fast} }

// Requests takes what the peer asks for. It may change reqs, and fails on what
// no honest peer asks for.
func (s *Server) Requests(reqs []peerwire.Request, from Stock) error {
	for _, r := range reqs {
		if err := check(r, from); err != nil {
			return err
		}
	}
	// Queued under the lock: a choke must find them, and who is told that pieces
	// are lost gets none of them from then on.
	s.mu.Lock()
	defer s.mu.Unlock()
	open := from.Serving()
	serve := s.unchoked && open
	good := reqs[:0]
	var refused []peerwire.Request
	for _, r := range reqs {
		if serve && from.Offers(int(r.Index)) {
			good = append(good, r)
		} else if s.fast {
			refused = append(refused, r)
		}
	}
	if len(refused) > 0 {
		s.Refuse(refused)
	}
	if open { // else it is not told to stop asking
		s.refused += len(reqs) - len(good)
	}
	if s.refused > maxRefused {
		return fmt.Errorf("peer has asked %d times for what it does not get", s.refused)
	}
	if len(good) == 0 {
		return nil
	}
	if n := s.link.Upload(good); n > 4*MaxQueue {
		return fmt.Errorf("peer has %d requests waiting, more than four times what we accept", n)
	}
	return nil
}

func check(r peerwire.Request, from Stock) error {
	if n := from.NumPieces(); int64(r.Index) >= int64(n) {
		return fmt.Errorf("request for piece %d of %d", r.Index, n)
	}
	if r.Length == 0 || r.Length > maxRequest || int64(r.Begin)+int64(r.Length) > from.Limit(int(r.Index)) {
		return fmt.Errorf("request for %d bytes at %d of piece %d", r.Length, r.Begin, r.Index)
	}
	return nil
}

// Refuse rejects requests, if the peer understands that.
func (s *Server) Refuse(reqs []peerwire.Request) {
	if !s.fast {
		return
	}
	s.link.Send(func(b []byte) []byte { return appendRejects(b, reqs) })
}

func appendRejects(b []byte, reqs []peerwire.Request) []byte {
	for _, r := range reqs {
		b = peerwire.AppendReject(b, r)
	}
	return b
}

// Cancel takes back a request.
func (s *Server) Cancel(r peerwire.Request) {
	if s.link.CancelUpload(r) {
		s.Refuse([]peerwire.Request{r})
	}
}

// Choke stops answering; what was asked for is dropped.
func (s *Server) Choke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unchoked = false
	s.link.DropUploads(func(b []byte, dropped []peerwire.Request) []byte {
		b = peerwire.AppendChoke(b)
		if s.fast {
			b = appendRejects(b, dropped)
		}
		return b
	})
}

// Unchoke begins to answer.
func (s *Server) Unchoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unchoked, s.refused = true, 0
	s.link.Send(peerwire.AppendUnchoke)
}

// Choking reports whether requests are not answered.
func (s *Server) Choking() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.unchoked
}

// Between calls f while no request is taken.
func (s *Server) Between(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}
