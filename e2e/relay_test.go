//go:build linux

package e2e

import (
	"errors"
	"io"
	"net"
	"sync"
	"testing"
)

// relay sits between a downloader and a sharer and sees what passes.
type relay struct {
	addr   string // where it listens
	accept func(*passage)
	wg     sync.WaitGroup

	mu   sync.Mutex
	open map[net.Conn]bool // nil when the relay is closed
}

// passage is one connection through a relay.
type passage struct {
	near, far *net.TCPConn // to who dialled, and to the target

	// Told what passes, before it does, if not nil; each by one goroutine.
	out  func(b []byte) // from who dialled
	back func(b []byte)
}

// newRelay listens on loopback and carries connections to target. accept sets a
// passage up.
func newRelay(t *testing.T, target string, accept func(*passage)) *relay {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return relayOn(t, l, func() (net.Conn, error) { return net.Dial("tcp", target) }, accept)
}

// relayOn carries what comes in at l to where dial leads.
func relayOn(t *testing.T, l net.Listener, dial func() (net.Conn, error), accept func(*passage)) *relay {
	r := &relay{addr: l.Addr().String(), accept: accept, open: map[net.Conn]bool{}}
	r.wg.Go(func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := dial()
			if err != nil {
				_ = near.Close()
				continue
			}
			r.carry(&passage{near: near.(*net.TCPConn), far: far.(*net.TCPConn)})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		r.mu.Lock()
		for c := range r.open {
			_ = c.Close()
		}
		r.open = nil
		r.mu.Unlock()
		r.wg.Wait()
	})
	return r
}

func (r *relay) carry(p *passage) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.open == nil {
		_, _ = p.near.Close(), p.far.Close()
		return
	}
	r.open[p.near], r.open[p.far] = true, true
	r.accept(p)
	r.wg.Go(func() { r.copy(p.far, p.near, p.out) })
	r.wg.Go(func() { r.copy(p.near, p.far, p.back) })
}

// copy carries one direction until it ends, then ends it at the other side.
func (r *relay) copy(to, from *net.TCPConn, tap func([]byte)) {
	buf := make([]byte, 256<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 && tap != nil {
			tap(buf[:n])
		}
		if n > 0 {
			if _, e := to.Write(buf[:n]); e != nil {
				err = e
			}
		}
		if errors.Is(err, io.EOF) {
			_ = to.CloseWrite()
			return
		}
		if err != nil {
			_, _ = from.Close(), to.Close()
			return
		}
	}
}
