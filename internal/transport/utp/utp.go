// Package utp is uTP (BEP 29): connections over UDP that yield to other traffic.
//
// A [Socket] has one UDP socket for all connections. What is not uTP and begins
// with a 'd' belongs to the DHT, which shares the port ([Socket.Others]).
//
// One goroutine reads; everything else happens in the goroutines of those who
// read, write and close connections, and in timers. What a connection does is
// decided below, without I/O, in package stream.
package utp

import (
	"errors"
	"log/slog"
	"net"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/transport/utp/stream"
)

// Config bounds a [Socket]. Zero values mean what the comments say.
type Config struct {
	Clock clock.Clock  // the machine's
	Log   *slog.Logger // none

	Conns    int // connections at a time; 2048
	HalfOpen int // of them, those whose peer has not shown that it is where it says; 256
	Backlog  int // connections that wait for Accept; 128
	Memory   int // bytes that all connections hold before they have to do with little; 64 MiB
	Window   int // bytes that one connection receives ahead of its reader; 12 MiB
	Flight   int // bytes that one connection has on its way; 12 MiB
}

func (c *Config) setDefaults() {
	if c.Clock == nil {
		c.Clock = clock.System{}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	for _, v := range []struct {
		at  *int
		def int
	}{{&c.Conns, 2048}, {&c.HalfOpen, 256}, {&c.Backlog, 128}, {&c.Memory, 64 << 20}, {&c.Window, 12 << 20}, {&c.Flight, 12 << 20}} {
		if *v.at == 0 {
			*v.at = v.def
		}
	}
}

// lingering is how long Close waits for what was said last to arrive.
const lingering = 500 * time.Millisecond

// Why nothing comes of a connection, beside the errors of package stream.
var (
	ErrFull  = errors.New("utp: too many connections")
	errEnded = errors.New("utp: socket closed")
)

// probes returns which sizes of datagrams to try: Ethernet with PPPoE and
// without. libtorrent reads no more than that into its buffer and takes what it
// has cut off for the whole, so nothing longer may be tried.
func probes() []int { return []int{1452, 1472} }

// opError makes an error look like one of TCP, so that whoever tells a dial
// that failed from a handshake that failed need not know the two apart.
func opError(op string, c *Conn, err error) error {
	return &net.OpError{Op: op, Net: "utp", Source: c.sock.Addr(), Addr: c.RemoteAddr(), Err: err}
}

// timeoutError is what net.Error calls a timeout.
type timeoutError struct{ error }

func (timeoutError) Timeout() bool   { return true }
func (timeoutError) Temporary() bool { return true }
func (e timeoutError) Unwrap() error { return e.error }

func asNet(err error) error {
	if errors.Is(err, stream.ErrTimeout) {
		return timeoutError{err}
	}
	return err
}
