package lookup_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/lookup"
)

// server is a name server that knows one name, over a way that opens it anew for each
// query.
type server struct {
	t      *testing.T
	stream bool // what is opened is no connection of datagrams

	mu    sync.Mutex // both families are asked for at once
	asked []netip.AddrPort
}

func (s *server) dial(_ context.Context, _ string, at netip.AddrPort) (net.Conn, error) {
	s.mu.Lock()
	s.asked = append(s.asked, at)
	s.mu.Unlock()
	near, far := net.Pipe()
	go s.answer(far)
	if s.stream {
		return near, nil
	}
	return datagrams{near}, nil
}

type datagrams struct{ net.Conn }

func (d datagrams) ReadFrom(p []byte) (int, net.Addr, error) {
	n, err := d.Read(p)
	return n, d.RemoteAddr(), err
}
func (d datagrams) WriteTo(p []byte, _ net.Addr) (int, error) { return d.Write(p) }

func (s *server) answer(c net.Conn) {
	defer c.Close()
	b := make([]byte, 1024)
	n, err := c.Read(b)
	if err != nil {
		return
	}
	query, prefix := b[:n], []byte(nil)
	if s.stream { // the length comes first
		query, prefix = b[2:n], []byte{0, 0}
	}
	var m dnsmessage.Message
	if err := m.Unpack(query); err != nil {
		s.t.Errorf("query: %v", err)
		return
	}
	m.Response, m.Additionals = true, nil
	switch q := m.Questions[0]; {
	case q.Name.String() != "known.example.":
		m.RCode = dnsmessage.RCodeNameError
	case q.Type == dnsmessage.TypeA:
		m.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
			Body:   &dnsmessage.AResource{A: [4]byte{192, 0, 2, 1}},
		}}
	}
	out, err := m.AppendPack(prefix)
	if err != nil {
		s.t.Error(err)
	}
	if s.stream {
		out[0], out[1] = byte((len(out)-2)>>8), byte(len(out)-2)
	}
	_, _ = c.Write(out)
}

// The servers that were named are asked, and no other, over datagrams or streams.
func TestResolve(t *testing.T) {
	named := netip.MustParseAddrPort("203.0.113.53:53")
	for _, stream := range []bool{false, true} {
		s := &server{t: t, stream: stream}
		r := &lookup.Resolver{Servers: []netip.AddrPort{named}, Dial: s.dial}
		list, err := r.Resolve(t.Context(), "known.example")
		if err != nil || len(list) != 1 || list[0] != netip.MustParseAddr("192.0.2.1") {
			t.Errorf("%v, %v", list, err)
		}
		for _, at := range s.asked {
			if at != named {
				t.Errorf("asked %v", at)
			}
		}
		_, err = r.Resolve(t.Context(), "unknown.example")
		if dns, ok := errors.AsType[*net.DNSError](err); !ok || !dns.IsNotFound {
			t.Errorf("an unknown name: %v", err)
		}
		if list, err := r.Resolve(t.Context(), "::ffff:10.0.0.1"); err != nil || list[0] != netip.MustParseAddr("10.0.0.1") {
			t.Errorf("%v, %v", list, err)
		}
	}
}

var errAway = errors.New("away")

// Why nobody can be asked is said; a server on this machine is asked only if it was
// named or is allowed.
func TestNobodyToAsk(t *testing.T) {
	away := func(context.Context, string, netip.AddrPort) (net.Conn, error) { return nil, errAway }
	r := &lookup.Resolver{Servers: []netip.AddrPort{netip.MustParseAddrPort("203.0.113.53:53")}, Dial: away}
	if _, err := r.Resolve(t.Context(), "known.example"); !errors.Is(err, errAway) {
		t.Errorf("error %v", err)
	}
	own := &lookup.Resolver{Servers: []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:53")}, Dial: away}
	if _, err := own.Resolve(t.Context(), "known.example"); !errors.Is(err, errAway) {
		t.Errorf("error %v", err)
	}
	if !errors.Is(lookup.ErrOwnServer, netpolicy.ErrNoNames) {
		t.Error("no kind of ErrNoNames")
	}
}
