//go:build linux

package e2e

import (
	"bytes"
	"net"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/warren-p2p/warren/e2e/internal/lab"
)

// hello is what a plain connection begins with (BEP 3).
var hello = []byte("\x13BitTorrent protocol")

const clockTime = "15:04:05.000"

// watch is what passes between warren and a client.
type watch struct {
	*relay
	mse bool

	mu    sync.Mutex
	lines []*line
}

// line is one connection.
type line struct {
	first     []byte // what who dialled said first
	out, back int    // bytes from who dialled, and to it
	from, to  time.Time
}

// between listens on the near side and carries connections to addr. It has the
// same port, because peers tell each other where they listen (BEP 10). A client
// that cannot be told to forbid MSE has a network that does.
func (c cell) between(t *testing.T, l *lab.Lab, addr string) *watch {
	t.Helper()
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := l.Near.Listen(net.JoinHostPort(l.Near.Between, port))
	if err != nil {
		t.Fatal(err)
	}
	if !c.mse && !c.client.Forbids() {
		listener = plainOnly{listener}
	}
	w := &watch{mse: c.mse}
	w.relay = relayOn(t, listener, func() (net.Conn, error) { return l.Near.Dial(addr) }, w.tap)
	t.Cleanup(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		for i, x := range w.lines {
			t.Logf("connection %d, %s to %s: %d bytes out, %d back, begins with %x",
				i, x.from.Format(clockTime), x.to.Format(clockTime), x.out, x.back, x.first)
		}
	})
	return w
}

func (w *watch) tap(p *passage) {
	w.mu.Lock()
	defer w.mu.Unlock()
	x := &line{from: time.Now()}
	w.lines = append(w.lines, x)
	count := func(n *int) func([]byte) {
		return func(b []byte) {
			w.mu.Lock()
			defer w.mu.Unlock()
			if *n += len(b); n == &x.out && x.first == nil {
				x.first = bytes.Clone(b[:min(len(b), len(hello))])
			}
			x.to = time.Now()
		}
	}
	p.out, p.back = count(&x.out), count(&x.back)
}

// check checks how the content was carried.
func (w *watch) check(t *testing.T) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	most := &line{}
	for _, x := range w.lines {
		if x.out+x.back > most.out+most.back {
			most = x
		}
	}
	if most.out+most.back < 7<<20 {
		t.Errorf("%d bytes went through the busiest connection: the content took another way", most.out+most.back)
	}
	if plain := bytes.Equal(most.first, hello); plain == w.mse || len(most.first) < len(hello) {
		t.Errorf("%d bytes went through a connection that began with %x", most.out+most.back, most.first)
	}
}

// plainOnly is a network that lets nothing through but what it knows.
type plainOnly struct{ net.Listener }

// Accept implements net.Listener.
func (l plainOnly) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if peekHello(c.(*net.TCPConn)) {
			return c, nil
		}
		_ = c.Close()
	}
}

// peekHello reports whether the first bytes of a connection are plain, and leaves
// them there.
func peekHello(c *net.TCPConn) (plain bool) {
	raw, err := c.SyscallConn()
	if err != nil {
		return false
	}
	_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
	defer func() { _ = c.SetReadDeadline(time.Time{}) }()
	b := make([]byte, len(hello))
	_ = raw.Read(func(fd uintptr) bool {
		n, _, err := unix.Recvfrom(int(fd), b, unix.MSG_PEEK)
		if err == unix.EAGAIN {
			return false
		}
		plain = err == nil && n > 0 && bytes.HasPrefix(hello, b[:n])
		return true
	})
	return plain
}
