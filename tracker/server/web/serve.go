package web

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/warren-p2p/warren/tracker/server"
)

// Bounds on connections.
const (
	maxHead = 8 << 10          // of a request, in bytes: 74 torrents in a scrape
	hasty   = 10 * time.Second // in which a request has to come, and its answer to go
	idle    = 30 * time.Second // between two requests of a connection
)

// Server serves a tracker, and nothing beside it, to clients that come one connection
// after the other. It understands of HTTP/1.1 what they need: GET, and connections
// that are kept if the client wants it. An announce takes half of what it costs with
// net/http.
type Server struct {
	tracker *server.Tracker
	cfg     Config
	buffers sync.Pool
	most    int // connections

	mu     sync.Mutex
	closed bool
	lists  []net.Listener
	conns  map[net.Conn]struct{}
	work   sync.WaitGroup
}

// NewServer returns a server of at most most connections at a time. Of the
// configuration Next is not used: what is not for the tracker is not found.
func NewServer(t *server.Tracker, cfg Config, most int) *Server {
	return &Server{
		tracker: t, cfg: cfg, most: most, conns: make(map[net.Conn]struct{}),
		buffers: sync.Pool{New: func() any { return &session{head: make([]byte, 0, maxHead)} }},
	}
}

// Serve accepts connections until the server is closed, and returns the error of the
// listener if that came first.
func (s *Server) Serve(l net.Listener) error {
	if !s.begin(l) {
		return l.Close()
	}
	defer s.work.Done()
	for {
		c, err := l.Accept()
		if err != nil {
			s.mu.Lock()
			closed := s.closed
			s.mu.Unlock()
			if closed {
				return nil
			}
			if errors.Is(err, net.ErrClosed) {
				return err
			}
			time.Sleep(10 * time.Millisecond) // no more files for now, or one has gone already
			continue
		}
		if !s.enter(c) {
			c.Close()
			continue
		}
		go s.serve(c)
	}
}

func (s *Server) begin(l net.Listener) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.lists = append(s.lists, l)
		s.work.Add(1)
	}
	return !s.closed
}

func (s *Server) enter(c net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || len(s.conns) >= s.most {
		return false
	}
	s.conns[c] = struct{}{}
	s.work.Add(1)
	return true
}

func (s *Server) leave(c net.Conn) {
	c.Close()
	s.mu.Lock()
	delete(s.conns, c)
	s.mu.Unlock()
	s.work.Done()
}

// Close closes listeners and connections, and waits for all that is under way.
func (s *Server) Close() error {
	s.mu.Lock()
	s.closed = true
	var errs []error
	for _, l := range s.lists {
		errs = append(errs, l.Close())
	}
	for c := range s.conns {
		c.Close()
	}
	s.mu.Unlock()
	s.work.Wait()
	return errors.Join(errs...)
}

// session is what a connection needs while it asks.
type session struct {
	buffer
	head []byte // what was read and not answered
	out  []byte
}

// serve answers the requests of a connection.
func (s *Server) serve(c net.Conn) {
	defer s.leave(c)
	tcp, ok := c.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return
	}
	from := tcp.AddrPort().Addr().Unmap()
	b := s.buffers.Get().(*session)
	defer s.buffers.Put(b)
	b.head = b.head[:0]
	ctx := context.Background() // a connection's end is told by its reads and writes
	c.SetDeadline(s.cfg.Clock.Now().Add(hasty))
	for {
		h, ok := b.next(c)
		if !ok {
			return
		}
		keep := s.respond(ctx, b, h, from)
		if _, err := c.Write(b.out); err != nil || !keep {
			return
		}
		c.SetDeadline(s.cfg.Clock.Now().Add(idle))
	}
}

// respond makes the answer to a request, and says whether another one may follow.
func (s *Server) respond(ctx context.Context, b *session, h head, from netip.Addr) (keep bool) {
	to, ok := s.cfg.route(h.path)
	switch {
	case h.bad:
		b.out = appendStatus(b.out[:0], "400 Bad Request", true)
		return false
	case !ok:
		b.out = appendStatus(b.out[:0], "404 Not Found", !h.keep)
		return h.keep
	case !h.get:
		b.out = appendStatus(b.out[:0], "405 Method Not Allowed\r\nAllow: GET", !h.keep)
		return h.keep
	}
	if len(s.cfg.Proxies) > 0 {
		from = s.cfg.behind(from, h.forwarded)
	}
	caller := server.Caller{Addr: from, Over: server.HTTP, Now: s.cfg.Clock.Now()}
	b.answer(ctx, s.tracker, &caller, to, h.query)
	b.out = appendHead(b.out[:0], "200 OK", len(b.body), !h.keep)
	b.out = append(b.out, b.body...)
	return h.keep
}
