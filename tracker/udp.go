package tracker

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/warren-p2p/warren/tracker/internal/datagram"
	"github.com/warren-p2p/warren/tracker/message"
)

// tries is how many datagrams are sent before a UDP tracker is given up: 45 s.
const tries = 2

func (c *Client) announceUDP(ctx context.Context, u *url.URL, typed bool, f family, r *Request) (Response, error) {
	path := u.RequestURI()
	if path == "/" {
		path = ""
	}
	b, from, err := c.exchange(ctx, u, typed, f, func(dst []byte, connection uint64, transaction uint32) []byte {
		return message.AppendAnnounce(dst, connection, transaction, r, path)
	})
	if err != nil {
		return Response{}, err
	}
	answer, err := message.ParseAnnounceUDP(b, bool(f))
	credible(&answer, from)
	return answer, err
}

func (c *Client) scrapeUDP(ctx context.Context, u *url.URL, typed bool, f family, hashes [][20]byte) (map[[20]byte]Totals, error) {
	b, _, err := c.exchange(ctx, u, typed, f, func(dst []byte, connection uint64, transaction uint32) []byte {
		return message.AppendScrape(dst, connection, transaction, hashes)
	})
	if err != nil {
		return nil, err
	}
	list, err := message.ParseScrapeUDP(b, len(hashes))
	if err != nil {
		return nil, err
	}
	out := make(map[[20]byte]Totals, len(hashes))
	for i, h := range hashes {
		out[h] = list[i]
	}
	return out, nil
}

// exchange carries out one request and returns the answer, and who gave it.
func (c *Client) exchange(ctx context.Context, u *url.URL, typed bool, f family, ask func([]byte, uint64, uint32) []byte) ([]byte, netip.Addr, error) {
	list, err := resolve(ctx, c.cfg.policy(typed), u.Hostname(), f)
	if err != nil {
		return nil, netip.Addr{}, err
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	if err != nil {
		return nil, netip.Addr{}, ErrScheme
	}
	to := netip.AddrPortFrom(list[0], uint16(port))
	x := datagram.New(datagram.Config{To: to, Connections: c.conn, Tries: tries, Rand: random, Append: ask})
	b, err := c.udp.run(ctx, to, x)
	return b, to.Addr(), err
}

// socket is the UDP socket of a client. It is opened when it is needed and stays
// open: a tracker may have bound a connection id to its port.
type socket struct {
	cfg Config
	wg  sync.WaitGroup // readers

	mu     sync.Mutex
	conn   net.PacketConn // nil before the first call
	calls  map[netip.AddrPort][]*call
	closed bool
}

// call is who waits for datagrams from an address.
type call struct{ in chan []byte }

func newSocket(cfg Config) *socket { return &socket{cfg: cfg, calls: map[netip.AddrPort][]*call{}} }

// run carries out an exchange.
func (s *socket) run(ctx context.Context, to netip.AddrPort, x *datagram.Exchange) ([]byte, error) {
	k := &call{in: make(chan []byte, 8)}
	conn, err := s.enter(ctx, to, k)
	if err != nil {
		return nil, err
	}
	defer s.leave(to, k)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case b, ok := <-k.in:
			if !ok {
				return nil, net.ErrClosed
			}
			answer, again := x.Receive(b, s.cfg.Clock.Now())
			if answer != nil {
				return answer, nil
			}
			if !again {
				continue
			}
		case <-timer.C:
		}
		now := s.cfg.Clock.Now()
		send, again, err := x.Next(now)
		if err != nil {
			return nil, err
		}
		if send != nil {
			if _, err := conn.WriteTo(send, net.UDPAddrFromAddrPort(to)); err != nil {
				return nil, err
			}
		}
		timer.Reset(again.Sub(now))
	}
}

// enter opens the socket if need be and waits for datagrams from an address.
func (s *socket) enter(ctx context.Context, to netip.AddrPort, k *call) (net.PacketConn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, net.ErrClosed
	}
	if s.conn == nil {
		conn, err := s.cfg.Policy.ListenPacket(ctx, "udp", ":0")
		if err != nil {
			return nil, err
		}
		s.conn = conn
		s.wg.Go(func() { s.read(conn) })
	}
	s.calls[to] = append(s.calls[to], k)
	return s.conn, nil
}

// leave ends what enter began.
func (s *socket) leave(to netip.AddrPort, k *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls[to] = slices.DeleteFunc(s.calls[to], func(o *call) bool { return o == k })
	if len(s.calls[to]) == 0 {
		delete(s.calls, to)
	}
}

// maxDatagram is more than any tracker has to say.
const maxDatagram = 8 << 10

// maxReadErrors in a row mean that the socket is of no more use. Single ones are
// how some systems tell that one of those we asked is not there.
const maxReadErrors = 100

// read gives datagrams to those who wait for them, until the socket is closed.
func (s *socket) read(conn net.PacketConn) {
	b := make([]byte, maxDatagram)
	for failed := 0; failed < maxReadErrors; failed++ {
		n, from, err := conn.ReadFrom(b)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil {
			failed = 0
			s.deliver(addrPort(from), b[:n])
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn == conn {
		s.conn = nil // the next call opens another one
	}
	_ = conn.Close() // it has failed already
}

func (s *socket) deliver(from netip.AddrPort, b []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.calls[from] {
		select {
		case k.in <- slices.Clone(b):
		default: // a flood: what we wait for is asked for again
		}
	}
}

func (s *socket) close() error {
	s.mu.Lock()
	s.closed = true
	for _, list := range s.calls {
		for _, k := range list {
			close(k.in)
		}
	}
	clear(s.calls)
	var err error
	if s.conn != nil {
		err = s.conn.Close()
		s.conn = nil
	}
	s.mu.Unlock()
	s.wg.Wait()
	return err
}
