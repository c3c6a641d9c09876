package membership

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	"github.com/warren-p2p/warren/btls/enrol"
	"github.com/warren-p2p/warren/internal/membership/keyring"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/words"
)

const (
	// enrolTimeout bounds one attempt to enrol.
	enrolTimeout = 30 * time.Second
	// firstRetry and lastRetry are the pauses between attempts.
	firstRetry = 2 * time.Second
	lastRetry  = time.Minute
)

var errSlow = errors.New("no answer in time")

var errNowhere = errors.New("it is of level full-strict and does not say who admits peers, and where: it cannot be joined")

// desk is where one enrols.
type desk struct {
	*enrol.Client
	host string // HOST:PORT
	net  netpolicy.Policy
}

// desk returns where one enrols for a torrent.
func (n *Node) desk(t Torrent) (*desk, error) {
	if enrol.CheckURL(t.TLS.Enrol) != nil {
		return nil, errNowhere
	}
	c := &enrol.Client{URL: t.TLS.Enrol, Pins: t.TLS.Pins, Hello: n.Hello}
	host, err := c.Host()
	return &desk{c, host, n.Net}, err
}

// reach decides where the desk may be. The user has typed a link, or named the
// address as that of a peer: then it may be in his network, and it stays so for
// renewals after a restart.
func (d *desk) reach(m *keyring.Member, typed bool, peers []string) {
	if typed || slices.Contains(peers, d.host) {
		m.Near = d.host
	}
	d.Dialer = netpolicy.Public{Policy: d.net}
	if m.Near == d.host {
		d.Dialer = d.net
	}
}

// persist does what may fail because nobody is there yet, again and again until the
// user has enough, as peers are dialled.
func (n *Node) persist(ctx context.Context, d *desk, do func(context.Context) error) error {
	for wait := firstRetry; ; wait = min(2*wait, lastRetry) {
		short, cancel := context.WithTimeoutCause(ctx, enrolTimeout, errSlow)
		err := do(short)
		cancel()
		if err == nil || ctx.Err() != nil || !passing(err) {
			return err
		}
		if wait == firstRetry {
			n.Tell.Warn("%v; trying again until you press Ctrl-C.", d.refusal(err))
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// passing reports whether an error may go away by itself.
func passing(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && (op.Op == "dial" || op.Op == "read" || op.Op == "write") || errors.Is(err, errSlow)
}

// refusal says why we are not enrolled.
func (d *desk) refusal(err error) error {
	host := words.Plain(d.host)
	switch {
	case errors.Is(err, enrol.ErrRefused):
		return fmt.Errorf("enrol at %s: %w: the invitation may be spent, over or withdrawn: "+
			"ask who shares this for another one (they make it with: warren credential invite)", host, enrol.ErrRefused)
	case errors.Is(err, enrol.ErrPin):
		return fmt.Errorf("enrol at %s: %w: it is not the node that the link is about, or somebody is between", host, enrol.ErrPin)
	case errors.Is(err, netpolicy.ErrNotPublic):
		return fmt.Errorf("enrol at %s: %w, and only the torrent file says so: if you trust that, fetch it with --peer %s", host, netpolicy.ErrNotPublic, host)
	}
	return fmt.Errorf("enrol at %s: %w", host, words.Cause(err))
}
