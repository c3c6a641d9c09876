// Package visit goes to where a link leads and finds out what is shared there.
//
//	c := visit.New(visit.Config{Net: policy, Hello: hello, Clock: clock})
//	found, err := c.Open(ctx, link, visit.Ask{})
//
// The port has to show the key that the link names. That is checked within the TLS
// handshake: to whoever shows another one nothing is sent, neither the token nor a byte
// of a request. The record and the torrent that come are whole, bounded, signed and of
// each other before anybody sees them.
//
// Looking uses nothing up. What has to be redeemed first (docs/protocols/share.md) is
// redeemed once, and what that opened is remembered for as long as it is good; who wants to
// remember it for longer than a client lives has [Client.Ticket] and [Client.Remember].
package visit

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/share/record"
)

// Seen remembers records.
type Seen interface {
	// Check reports a record that is older than one that was seen before, or signed by
	// somebody else. Otherwise it is remembered.
	Check(ctx context.Context, r *record.Record) error
}

// Config is what a client needs. All but Seen is required.
type Config struct {
	Net   netpolicy.Policy
	Hello hello.Hello // what its connections look like
	Clock clock.Clock
	Seen  Seen // nil remembers nothing
}

// Client visits shares. Its methods are safe for concurrent use.
type Client struct {
	cfg Config

	mu      sync.Mutex
	tickets map[link.Token]Ticket // of links that were redeemed, by their tokens
}

// New returns a client.
func New(cfg Config) *Client { return &Client{cfg: cfg, tickets: map[link.Token]Ticket{}} }

// Reasons why a share is not to be had.
var (
	// ErrPin reports somebody else at the place of the link. Nothing was sent.
	ErrPin = errors.New("who answers there has another key than the link names, so nothing was sent: it is not the node that the link is about, or somebody is between")
	// ErrEnded reports a link that opens nothing: nobody tells why.
	ErrEnded = errors.New("nothing is shared there by this link: it was revoked, has expired, is used up, or was not copied right")
	// ErrList reports the link of all that is public at a node.
	ErrList = errors.New("the link is that of a list: open it in a browser, and choose a share")
	// ErrPassphrase reports a passphrase that is not the right one.
	ErrPassphrase = errors.New("that is not the passphrase of the share")
	// ErrBusy reports a node that cannot serve the share just now.
	ErrBusy = errors.New("the node that shares it cannot serve it just now: try again in a minute")
	// ErrAnswer reports an answer that is none of a share, or none that can be believed.
	ErrAnswer = errors.New("what is there is not what a share is")
)

// GuardedError reports a share that is shown to those alone who redeem its link.
type GuardedError struct {
	Passphrase bool // which needs one
}

func (e *GuardedError) Error() string {
	if e.Passphrase {
		return "the share is opened by a passphrase"
	}
	return "the link has to be redeemed, which uses it up in part"
}

// WaitError reports that too many passphrases were tried.
type WaitError struct {
	For time.Duration // at least
}

func (e *WaitError) Error() string {
	return "too many wrong passphrases were tried there: try again in " + e.For.String()
}

// Ask says how far one goes to see a share.
type Ask struct {
	Redeem     bool   // its link, if need be, which counts as a use
	Passphrase string // to redeem it with; "" for none
	// Public has nobody asked who is on this machine or in its network: whoever asks
	// has no business there.
	Public bool
}

// Open finds out what a link leads to. The error matches one of the reasons above, or is
// a [*GuardedError], a [*WaitError], or one of the network and of TLS. No error has the
// link in it.
func (c *Client) Open(ctx context.Context, l link.Link, a Ask) (*Found, error) {
	if l.Kind == link.Public && l.Share == (link.Link{}).Share {
		return nil, ErrList
	}
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errSlow)
	defer cancel()
	s := c.session(&l, a.Public)
	defer s.close()
	base, err := c.enter(ctx, s, &l, a)
	if err != nil {
		return nil, ended(ctx, err)
	}
	found, err := s.fetch(ctx, &l, base)
	if err != nil {
		return nil, ended(ctx, err)
	}
	if c.cfg.Seen != nil {
		if err := c.cfg.Seen.Check(ctx, &found.Record); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrAnswer, err)
		}
	}
	return found, nil
}

// ended blames the end of ctx for what it has caused.
func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return err
}
