package carrier

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

var errOutrun = errors.New("the other carrier was faster")

// race dials over two carriers.
type race struct {
	tcp, utp Opener

	mu     sync.Mutex
	failed map[string]int // handshakes over TCP that failed in a row, by address
}

// Some nodes accept over TCP only to hang up, and mean it to be uTP. After so
// many handshakes that failed the other order is tried.
const doubtful = 2

// maxDoubts bounds the addresses that are remembered.
const maxDoubts = 1024

// witness is an Opener that is told what came of its connections.
type witness interface {
	shook(addr string, c net.Conn, err error)
}

// Shook tells whoever opened c to addr how the handshake over it went.
func Shook(via Opener, addr string, c net.Conn, err error) {
	if w, ok := via.(witness); ok {
		w.shook(addr, c, err)
	}
}

func (r *race) shook(addr string, c net.Conn, err error) {
	if Over(c) != "tcp" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil {
		delete(r.failed, addr)
		return
	}
	if len(r.failed) >= maxDoubts {
		clear(r.failed)
	}
	r.failed[addr]++
}

// PreferUTP makes the next dials to addr begin with uTP.
func (r *race) PreferUTP(addr string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.failed) >= maxDoubts {
		clear(r.failed)
	}
	r.failed[addr] = doubtful
}

// order returns the carriers, the one with the head start first.
func (r *race) order(addr string) (first, second Opener) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failed[addr] >= doubtful {
		return r.utp, r.tcp
	}
	return r.tcp, r.utp
}

type dialled struct {
	c     net.Conn
	err   error
	first bool
}

// Dial returns the connection that stands first. If there is none the error is
// that of the carrier with the head start.
func (r *race) Dial(ctx context.Context, addr string) (net.Conn, error) {
	first, second := r.order(addr)
	both, cancel := context.WithCancelCause(ctx)
	defer cancel(errOutrun)
	done := make(chan dialled, 2)
	go func() {
		c, err := first.Dial(both, addr)
		done <- dialled{c, err, true}
	}()
	late := time.NewTimer(headStart)
	defer late.Stop()
	start := func(ctx context.Context) {
		c, err := second.Dial(ctx, addr)
		done <- dialled{c, err, false}
	}
	var firstErr error
	for started, ended := false, 0; ; {
		select {
		case <-late.C:
			if !started {
				started = true
				go start(both)
			}
			continue
		case d := <-done:
			ended++
			if d.err == nil {
				if running(started, ended) {
					go hangUpLoser(done)
				}
				return d.c, nil
			}
			if d.first {
				firstErr = d.err
			}
		}
		switch {
		case firstErr != nil && !started:
			started = true
			brief, stop := context.WithTimeout(both, afterRefusal)
			defer stop()
			go start(brief)
		case ended == 2:
			return nil, firstErr
		}
	}
}

// running reports whether a dial is still under way.
func running(started bool, ended int) bool { return ended == 0 || started && ended < 2 }

// hangUpLoser closes the connection that came second. Its dial has been
// cancelled.
func hangUpLoser(done <-chan dialled) {
	if d := <-done; d.err == nil {
		_ = d.c.Close()
	}
}
