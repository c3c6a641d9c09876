package contact

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/credential"
	"github.com/warren-p2p/warren/btls/enrol/keeper"
	"github.com/warren-p2p/warren/btls/ssltorrent"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/swarm"
)

// dialled is what the engine logs after each attempt to connect, with the kind
// of connection and the error.
const dialled = "dialled"

// round is how many attempts it takes to know that a peer that answers is no
// peer for us: TLS, MSE and plain. One that cannot be reached at all is known
// after the first.
const round = 3

// Attempts follows, as the handler of the engine's log, how dialling goes. Its
// methods are safe for concurrent use.
type Attempts struct {
	tlsOnly bool
	enough  int
	tell    func()

	mu     sync.Mutex
	failed int // weighed, since the last success
	why    Reason
}

var _ slog.Handler = (*Attempts)(nil)

// NewAttempts follows the dials to a number of addresses. tell is called,
// perhaps several times, when there is no hope that one of them is a peer unless
// something changes.
func NewAttempts(addresses int, tlsOnly bool, tell func()) *Attempts {
	return &Attempts{tlsOnly: tlsOnly, enough: addresses * round, tell: tell}
}

// Why returns why the last attempt failed; the zero Reason if it did not.
func (a *Attempts) Why() Reason {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.why
}

// Enabled implements slog.Handler: attempts are logged for debugging.
func (a *Attempts) Enabled(context.Context, slog.Level) bool { return true }

// Handle implements slog.Handler.
func (a *Attempts) Handle(_ context.Context, r slog.Record) error {
	if r.Message != dialled {
		return nil
	}
	var kind string
	var err error
	r.Attrs(func(attr slog.Attr) bool {
		switch attr.Key {
		case "kind":
			kind = attr.Value.String()
		case "err":
			err, _ = attr.Value.Any().(error)
		}
		return true
	})
	if errors.Is(err, swarm.ErrOurself) {
		return nil // trackers name us as well
	}
	if a.note(kind, err) {
		a.tell()
	}
	return nil
}

// WithAttrs implements slog.Handler.
func (a *Attempts) WithAttrs([]slog.Attr) slog.Handler { return a }

// WithGroup implements slog.Handler.
func (a *Attempts) WithGroup(string) slog.Handler { return a }

func (a *Attempts) note(kind string, err error) (hopeless bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err == nil {
		a.failed, a.why = 0, Reason{}
		return false
	}
	var final bool
	a.why, final = a.reason(kind, err)
	if final {
		a.failed += round
	} else {
		a.failed++
	}
	return a.failed >= a.enough
}

// Reason says why a peer is not connected.
type Reason struct {
	Short  string // such as "connection refused"; "" if there is none
	Advice string // what to look at
}

// advice is what to look at.
const (
	adviceAddress = "Is warren running there, is this its address, and does its firewall let us in?"
	adviceTorrent = "Is this very torrent shared there?"
	adviceKey     = "Either it has a new certificate, or somebody sits in between. Ask who shares it for a new link."
	adviceTheirs  = "It is expired, of another torrent, or not of the authority that the torrent names."
	adviceOurs    = "Of an SSL torrent: does it take our certificate, and are its clock and ours right?"
	adviceAdmit   = "It was revoked or has expired, or the clocks differ. Ask who shares it for a new link."
	adviceMember  = "It was revoked or has expired, or the clocks differ; or it is of somebody who was never admitted."
	adviceTLS     = "Only a warren that shares with --tls prefer or require does. " +
		"If others on the way may see the content, fetch with --tls prefer."
)

// reason puts an error into words. final says that another kind of connection
// would not help, or is not allowed.
func (a *Attempts) reason(kind string, err error) (r Reason, final bool) {
	op, ok := errors.AsType[*net.OpError](err)
	switch {
	case ok && op.Op == "dial" && op.Timeout():
		return Reason{"no answer", adviceAddress}, true
	case ok && op.Op == "dial":
		return Reason{console.Cause(err).Error(), adviceAddress}, true
	case errors.Is(err, btls.ErrPin):
		return Reason{"it answers with another key than the link says, or than it has had", adviceKey}, true
	case errors.Is(err, ssltorrent.ErrForeign), errors.Is(err, ssltorrent.ErrTerm), errors.Is(err, ssltorrent.ErrName):
		return Reason{"its certificate does not hold", adviceTheirs}, true
	case errors.Is(err, swarm.ErrNotAdmitted), errors.Is(err, keeper.ErrOurs):
		return Reason{"it answers, and does not take our credential", adviceAdmit}, true
	case credential.Refused(err):
		return Reason{"its credential does not hold", adviceMember}, true
	case ok && op.Op == "remote error", errors.Is(err, btls.ErrAlert):
		return Reason{"it answers over TLS, and refuses us", adviceOurs}, a.tlsOnly
	case kind != "tls":
		return Reason{"it answers, but does not offer this torrent", adviceTorrent}, false
	case errors.Is(err, btls.ErrNotPeer):
		return Reason{"it answers, but does not offer this torrent over TLS", adviceTorrent}, a.tlsOnly
	}
	return Reason{"it answers, but not over TLS", adviceTLS}, a.tlsOnly
}
