//go:build linux

package lab

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"sync"
)

// Tracker tells everybody who asks of one peer, and remembers what it was told.
// So a client meets exactly whom a test wants it to meet, and the test hears
// from the client itself how far it is.
type Tracker struct {
	URL string // where to announce to

	server http.Server
	served sync.WaitGroup

	mu     sync.Mutex
	answer []byte
	heard  []Announce
	news   chan struct{} // closed with the next announce
}

// Announce is what a client said of itself (BEP 3).
type Announce struct {
	InfoHash string // 20 bytes; of version 2 the first ones
	Event    string // started, completed, stopped, or ""
	Left     string // bytes, in decimal
}

// Tracker starts a tracker on the side. peer is an address to be told of, or ""
// for none.
func (s *Side) Tracker(peer string) (*Tracker, error) {
	compact, err := pack(peer)
	if err != nil {
		return nil, err
	}
	l, err := s.Listen(s.Host + ":0")
	if err != nil {
		return nil, fmt.Errorf("start a tracker: %w", err)
	}
	t := &Tracker{
		URL:    "http://" + l.Addr().String() + "/announce",
		answer: fmt.Appendf(nil, "d8:intervali5e5:peers%d:%se", len(compact), compact),
		news:   make(chan struct{}),
	}
	t.server.Handler = t
	t.served.Go(func() { _ = t.server.Serve(l) })
	return t, nil
}

// pack returns the compact form (BEP 23) of an address.
func pack(peer string) ([]byte, error) {
	if peer == "" {
		return nil, nil
	}
	a, err := netip.ParseAddrPort(peer)
	if err != nil {
		return nil, fmt.Errorf("start a tracker: %w", err)
	}
	return binary.BigEndian.AppendUint16(a.Addr().AsSlice(), a.Port()), nil
}

// ServeHTTP implements http.Handler.
func (t *Tracker) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	t.mu.Lock()
	t.heard = append(t.heard, Announce{InfoHash: q.Get("info_hash"), Event: q.Get("event"), Left: q.Get("left")})
	close(t.news)
	t.news = make(chan struct{})
	t.mu.Unlock()
	_, _ = w.Write(t.answer)
}

// Await waits for an announce that want accepts, or for the end of a program
// that should have made it.
func (t *Tracker) Await(ctx context.Context, p *Process, want func(Announce) bool) error {
	for next := 0; ; next++ {
		a, err := t.at(ctx, p, next)
		if err != nil {
			return err
		}
		if want(a) {
			return nil
		}
	}
}

// ErrEnded reports a program that ended before it said what was waited for.
var ErrEnded = errors.New("the program has ended")

// at waits for announce number i.
func (t *Tracker) at(ctx context.Context, p *Process, i int) (Announce, error) {
	for {
		t.mu.Lock()
		news := t.news
		if i < len(t.heard) {
			defer t.mu.Unlock()
			return t.heard[i], nil
		}
		t.mu.Unlock()
		select {
		case <-news:
		case <-p.Ended():
			return Announce{}, fmt.Errorf("wait for an announce: %w", ErrEnded)
		case <-ctx.Done():
			return Announce{}, fmt.Errorf("wait for an announce: %w", context.Cause(ctx))
		}
	}
}

// Close ends the tracker.
func (t *Tracker) Close() {
	_ = t.server.Close()
	t.served.Wait()
}
