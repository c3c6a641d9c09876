package utp

import (
	"net"
	"net/netip"
	"os"
	"sync"
	"time"
)

// waitingOthers is how many datagrams of others are kept until they are read.
const waitingOthers = 256

// others is the part of the socket for what is not uTP.
type others struct {
	sock   *Socket
	queue  chan other
	closed chan struct{}
	once   sync.Once

	mu       sync.Mutex
	deadline chan struct{} // closed when it has passed
	timer    *time.Timer
	used     bool // somebody reads
}

type other struct {
	from netip.AddrPort
	b    []byte
}

func newOthers(s *Socket) *others {
	return &others{sock: s, queue: make(chan other, waitingOthers), closed: make(chan struct{}), deadline: make(chan struct{})}
}

// Others returns the part of the socket that belongs to the DHT: it reads what
// begins with a 'd' and comes from IPv4 addresses or, if v6 is set, from others,
// and writes whatever it likes. Closing it leaves the socket open.
func (s *Socket) Others(v6 bool) net.PacketConn {
	o := s.others[0]
	if v6 {
		o = s.others[1]
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.used = true
	return o
}

// other hands a datagram to whom it belongs.
func (s *Socket) other(b []byte, from netip.AddrPort) {
	if from.Addr().Is4() {
		s.others[0].take(b, from)
	} else {
		s.others[1].take(b, from)
	}
}

func (o *others) take(b []byte, from netip.AddrPort) {
	o.mu.Lock()
	used := o.used
	o.mu.Unlock()
	if !used {
		return
	}
	select {
	case o.queue <- other{from, append([]byte(nil), b...)}:
	default: // lost, as it might be on the way
	}
}

func (o *others) ReadFrom(p []byte) (int, net.Addr, error) {
	o.mu.Lock()
	deadline := o.deadline
	o.mu.Unlock()
	select {
	case <-o.closed:
		return 0, nil, o.err("read", net.ErrClosed)
	case <-deadline:
		return 0, nil, o.err("read", os.ErrDeadlineExceeded)
	default:
	}
	select {
	case d := <-o.queue:
		return copy(p, d.b), net.UDPAddrFromAddrPort(d.from), nil
	case <-o.closed:
		return 0, nil, o.err("read", net.ErrClosed)
	case <-deadline:
		return 0, nil, o.err("read", os.ErrDeadlineExceeded)
	}
}

func (o *others) WriteTo(p []byte, to net.Addr) (int, error) {
	select {
	case <-o.closed:
		return 0, o.err("write", net.ErrClosed)
	default:
		return o.sock.udp.WriteTo(p, to)
	}
}

func (o *others) LocalAddr() net.Addr { return o.sock.Addr() }

// Close ends reads; the socket stays.
func (o *others) Close() error {
	o.close()
	return nil
}

func (o *others) close() { o.once.Do(func() { close(o.closed) }) }

func (o *others) SetDeadline(t time.Time) error { return o.SetReadDeadline(t) }

// SetWriteDeadline does nothing: a write hardly waits.
func (o *others) SetWriteDeadline(time.Time) error { return nil }

func (o *others) SetReadDeadline(t time.Time) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.timer != nil {
		o.timer.Stop()
		o.timer = nil
	}
	passed := make(chan struct{})
	o.deadline = passed
	switch wait := t.Sub(o.sock.cfg.Clock.Now()); {
	case t.IsZero():
	case wait <= 0:
		close(passed)
	default:
		o.timer = time.AfterFunc(wait, func() { close(passed) })
	}
	return nil
}

func (o *others) err(op string, err error) error {
	return &net.OpError{Op: op, Net: "udp", Addr: o.LocalAddr(), Err: err}
}
