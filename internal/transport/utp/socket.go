package utp

import (
	"errors"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy/segment"
	"github.com/warren-p2p/warren/internal/transport/utp/aside"
	"github.com/warren-p2p/warren/internal/transport/utp/buffer"
	"github.com/warren-p2p/warren/internal/transport/utp/packet"
	"github.com/warren-p2p/warren/internal/transport/utp/stream"
)

// key tells connections apart: by who sends and the id of what it sends.
type key struct {
	from netip.AddrPort
	id   uint16
}

// Socket is a UDP socket with connections on it. It is a net.Listener, and safe
// for concurrent use.
type Socket struct {
	cfg     Config
	udp     *segment.Conn
	epoch   time.Time
	budget  *buffer.Budget
	others  [2]*aside.Conn // of IPv4 and IPv6
	backlog chan *Conn
	frames  sync.Pool // *[]byte of segment.MaxBytes
	done    chan struct{}
	reader  sync.WaitGroup
	timers  sync.WaitGroup
	once    sync.Once
	err     error

	mu     sync.Mutex // taken with the lock of a Conn held
	conns  map[key]*Conn
	half   []*Conn // accepted, and not confirmed; the oldest first
	closed bool
	empty  chan struct{} // closed when the last connection has gone after Close
	resets resets
}

// New serves connections on a UDP socket, which it closes in the end.
func New(udp net.PacketConn, cfg Config) *Socket {
	cfg.setDefaults()
	s := &Socket{
		cfg: cfg, udp: segment.New(udp), epoch: cfg.Clock.Now().Add(-time.Minute),
		budget: buffer.NewBudget(cfg.Memory), backlog: make(chan *Conn, cfg.Backlog), done: make(chan struct{}),
		conns: make(map[key]*Conn), empty: make(chan struct{}),
	}
	s.frames.New = func() any { b := make([]byte, 0, segment.MaxBytes); return &b }
	s.others = [2]*aside.Conn{aside.New(s.udp, cfg.Clock), aside.New(s.udp, cfg.Clock)}
	s.reader.Go(s.read)
	return s
}

// Addr returns the address of the UDP socket.
func (s *Socket) Addr() net.Addr { return s.udp.LocalAddr() }

// Held returns how many bytes all connections hold.
func (s *Socket) Held() int { return s.budget.Used() }

// Count returns how many connections there are, in whatever state.
func (s *Socket) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.conns)
}

// Accept returns the next connection whose peer has said something.
func (s *Socket) Accept() (net.Conn, error) {
	select {
	case c := <-s.backlog:
		return c, nil
	case <-s.done:
		return nil, &net.OpError{Op: "accept", Net: "utp", Addr: s.Addr(), Err: net.ErrClosed}
	}
}

// room reports why there can be no further connection. The caller holds mu.
func (s *Socket) room() error {
	switch {
	case s.closed:
		return net.ErrClosed
	case len(s.conns) >= s.cfg.Conns:
		return ErrFull
	}
	return nil
}

// answer makes a connection of a SYN.
func (s *Socket) answer(syn packet.Header, from netip.AddrPort, now time.Time) {
	c := newConn(s, from)
	c.s = stream.Accept(s.streams(), syn, uint16(rand.Uint32()), now)
	c.accepting = true
	s.mu.Lock()
	if s.room() != nil {
		s.mu.Unlock()
		return
	}
	s.conns[key{from, c.s.RecvID()}] = c
	var oldest *Conn
	if len(s.half) >= s.cfg.HalfOpen {
		oldest, s.half = s.half[0], s.half[1:]
	}
	s.half = append(s.half, c)
	s.mu.Unlock()
	if oldest != nil {
		oldest.abort(ErrFull)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.flush(now)
}

// confirmed hands a connection over whose peer is where it says. The caller
// holds the lock of c.
func (s *Socket) confirmed(c *Conn) {
	s.notHalf(c)
	select {
	case s.backlog <- c:
	default:
		c.s.Abort(ErrFull)
	}
}

func (s *Socket) notHalf(c *Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, h := range s.half {
		if h == c {
			s.half = append(s.half[:i], s.half[i+1:]...)
			return
		}
	}
}

// forget takes a connection out that is dead.
func (s *Socket) forget(c *Conn) {
	if c.accepting {
		s.notHalf(c)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	k := key{c.peer, c.s.RecvID()}
	if s.conns[k] == c {
		delete(s.conns, k)
	}
	if s.closed && len(s.conns) == 0 {
		select {
		case <-s.empty:
		default:
			close(s.empty)
		}
	}
}

// Close closes all connections, waits a moment for what they have to say, and
// ends.
func (s *Socket) Close() error {
	s.once.Do(func() {
		close(s.done)
		list := s.shut()
		for _, c := range list {
			_ = c.Close()
		}
		if len(list) > 0 {
			t := time.NewTimer(lingering)
			select {
			case <-s.empty:
			case <-t.C:
			}
			t.Stop()
		}
		for _, c := range list {
			c.abort(errEnded)
		}
		s.err = s.udp.Close()
		s.reader.Wait()
		s.timers.Wait()
		_ = s.others[0].Close() // always nil
		_ = s.others[1].Close()
	})
	return s.err
}

func (s *Socket) shut() (list []*Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, c := range s.conns {
		list = append(list, c)
	}
	return list
}

// enter and leave count the timers that fired, for Close to wait for.
func (s *Socket) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed && len(s.conns) == 0 {
		return false
	}
	s.timers.Add(1)
	return true
}

func isClosed(err error) bool { return errors.Is(err, net.ErrClosed) }
