package greeting

import (
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"testing"

	"github.com/warren-p2p/warren/btls"
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
