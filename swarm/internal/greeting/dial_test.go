package greeting

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"sync"
	"syscall"
	"testing"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/conns"
)

// What failed before TCP stood says nothing about the kind of connection; what
// failed behind TLS or MSE must never lead to a clear attempt.
func TestOutcome(t *testing.T) {
	late := func(err error) error { return fmt.Errorf("exchange handshakes: %w", &lateError{err}) }
	broken := errors.New("connection broke")
	for _, c := range []struct {
		err  error
		want conns.Outcome
	}{
		{nil, conns.Connected},
		{ErrOurself, conns.Self},
		{late(ErrOurself), conns.Self},
		{late(ErrTwice), conns.Duplicate},
		{late(ErrStopped), conns.Abandoned},
		{late(ErrKind), conns.Abandoned},
		{late(ErrOtherTorrent), conns.WrongTorrent},
		{fmt.Errorf("dial: %w", btls.ErrNotPeer), conns.WrongTorrent},
		{late(broken), conns.Refused},
		{broken, conns.NotThisKind},
		{&net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, conns.NotThisKind},
		{&net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}, conns.TimedOut},
		{&net.OpError{Op: "dial", Err: broken}, conns.Refused},
		{syscall.ECONNREFUSED, conns.Refused},
		{ErrBanned, conns.Refused},
		{ErrFull, conns.Refused},
	} {
		if got := Outcome(c.err); got != c.want {
			t.Errorf("%v: outcome %d, want %d", c.err, got, c.want)
		}
	}
}

// A hybrid is greeted by either of its names, and says that it has version 2.
func TestHandshake(t *testing.T) {
	v1, v2 := [20]byte{1}, [32]byte{2}
	for _, id := range []transport.ID{{V1: v1, HasV1: true}, {V2: v2, HasV2: true}, {V1: v1, V2: v2, HasV1: true, HasV2: true}} {
		names := Names(id)
		for _, name := range [][20]byte{v1, [20]byte(v2[:20]), {3}} {
			want := name == v1 && id.HasV1 || name == [20]byte(v2[:20]) && id.HasV2
			if Named(id, name) != want {
				t.Errorf("%+v is called %x: %t", id, name[0], !want)
			}
		}
		for _, name := range names {
			h, err := peerwire.ParseHandshake(Handshake(id, name, [20]byte{9}))
			if err != nil || h.InfoHash != name || h.PeerID != [20]byte{9} || h.Reserved.Has(peerwire.CapV2) != id.HasV2 {
				t.Errorf("%+v, %v", h, err)
			}
		}
	}
}

// The port answers no kind of connection that the policy would end at once.
func TestPolicyKinds(t *testing.T) {
	for policy, want := range map[conns.Policy][3]bool{ // plain, MSE, TLS
		conns.Prefer:  {true, true, true},
		conns.Off:     {true, true, false},
		conns.Require: {false, false, true},
	} {
		for i, k := range []transport.Kind{transport.Plain, transport.MSE, transport.TLS} {
			if Allows(policy, k) != want[i] {
				t.Errorf("policy %d allows %v: %t", policy, k, !want[i])
			}
		}
		for _, k := range Kinds(policy) {
			if !Allows(policy, k) {
				t.Errorf("policy %d answers %v", policy, k)
			}
		}
	}
}

// TestLooks: peers are dialled with the client hello of a browser, or the one that
// was asked for.
func TestLooks(t *testing.T) {
	for _, c := range []struct {
		look hello.Hello
		want bool
	}{{nil, true}, {hello.Go{}, false}} {
		mem := netpolicy.NewMem()
		host := mem.Host(netip.MustParseAddr("192.0.2.1"))
		l, err := host.Listen(t.Context(), "192.0.2.1:6881")
		if err != nil {
			t.Fatal(err)
		}
		var seen *tls.ClientHelloInfo
		var wg sync.WaitGroup
		wg.Go(func() {
			raw, err := l.Accept()
			if err != nil {
				return
			}
			defer raw.Close()
			_ = tls.Server(raw, &tls.Config{GetConfigForClient: func(h *tls.ClientHelloInfo) (*tls.Config, error) {
				seen = h
				return nil, errors.New("enough")
			}}).Handshake()
		})
		d := Dialer{
			Net: mem.Host(netip.MustParseAddr("192.0.2.2")), ID: transport.ID{V1: [20]byte{1}, HasV1: true},
			Clock: clock.System{}, Hello: c.look,
		}
		if _, err := d.Dial(t.Context(), conns.Attempt{Addr: netip.MustParseAddrPort("192.0.2.1:6881"), Kind: conns.TLS}); err == nil {
			t.Error("a server that hung up was taken for a peer")
		}
		wg.Wait()
		if seen == nil {
			t.Fatal("no client hello")
		}
		// Browsers begin their lists with values that mean nothing (RFC 8701).
		if grease := seen.CipherSuites[0]&0x0f0f == 0x0a0a; grease != c.want || seen.ServerName != "" {
			t.Errorf("%T: cipher suites %x, name %q", c.look, seen.CipherSuites, seen.ServerName)
		}
	}
}
