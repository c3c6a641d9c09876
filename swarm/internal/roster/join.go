package roster

import (
	"errors"
	"fmt"
	"net/netip"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/internal/link"
	"github.com/warren-p2p/warren/swarm/internal/peer"
	"github.com/warren-p2p/warren/swarm/internal/storage"
)

// ID returns what the torrent is known by.
func (r *Roster) ID() transport.ID { return r.cfg.Dial.ID }

// More returns what our handshakes offer beyond what every torrent has.
func (r *Roster) More() []peerwire.Capability {
	if r.cfg.Peer.DHT == nil {
		return nil
	}
	return []peerwire.Capability{peerwire.CapDHT}
}

// MayJoin decides on a peer by its handshake. Who comes in a way that the policy does
// not allow is told nothing, not even that it is us: anybody can show our peer id.
func (r *Roster) MayJoin(theirs peerwire.Handshake, c greeting.Conn) error {
	if theirs.PeerID == r.cfg.Dial.PeerID && r.policy.Allows(c.Kind) {
		return greeting.ErrOurself
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	_, err := r.admits(theirs.PeerID, c)
	return err
}

// admits reports why a connection is refused now, or else which one it takes
// the place of, if any. The caller holds r.mu.
func (r *Roster) admits(id [20]byte, c greeting.Conn) (rival *member, err error) {
	switch {
	case r.closed || r.work == nil:
		return nil, greeting.ErrStopped
	case !r.policy.Allows(c.Kind):
		return nil, greeting.ErrKind
	case c.Incoming && r.conns.Crowded(c.Addr):
		return nil, greeting.ErrFull
	}
	for p := range r.members {
		if p.Theirs.PeerID == id && !p.replaced {
			if !greeting.Replaces(c, p.Conn(), r.cfg.Dial.PeerID, id) {
				return nil, greeting.ErrTwice
			}
			return p, nil
		}
	}
	return nil, nil
}

// Join adds a peer and starts its goroutines. On an error the connection is
// closed.
func (r *Roster) Join(m greeting.Met) error {
	p := &member{Peer: peer.New(&r.cfg.Peer, m), gone: make(chan struct{})}
	if err := r.enlist(p); err != nil {
		p.Close(err)
		return err
	}
	r.cfg.Owner.Poke() // whose loop may have come to rest
	return nil
}

func (r *Roster) enlist(p *member) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	rival, err := r.admits(p.Theirs.PeerID, p.Conn())
	if err != nil {
		return err
	}
	if p.Incoming {
		r.makeWay(rival, p.At)
		evicted, ok := r.conns.Accept(p.At, r.cfg.Peer.Clock.Now())
		if !ok {
			return greeting.ErrFull
		}
		for q := range r.members {
			if evicted.IsValid() && q.At == evicted {
				q.Close(greeting.ErrFull)
			}
		}
	}
	if rival != nil {
		rival.replaced = true
		rival.Close(greeting.ErrTwice)
	}
	p.Enter() // before others can make it say something else
	r.members[p] = struct{}{}
	r.wg.Go(func() {
		defer close(p.gone)
		r.run(p)
	})
	return nil
}

// makeWay gives up the place in conns of a connection that another one from the
// same address will take the place of: over uTP who calls us and who we call are
// at one address. The caller holds r.mu.
func (r *Roster) makeWay(rival *member, at netip.AddrPort) {
	if rival != nil && rival.At == at && !rival.passed {
		rival.passed = true
		r.conns.Closed(at, r.cfg.Peer.Clock.Now())
	}
}

// run owns a connection from its first message to its end.
func (r *Roster) run(p *member) {
	err := p.Run()
	r.depart(p, err)
	if unreadable := new(storage.Error); errors.As(err, &unreadable) {
		r.cfg.Owner.Unreadable(fmt.Errorf("content cannot be read: %w", unreadable))
	}
	r.cfg.Log.Debug("peer left", "peer", greeting.Redacted(p.From), "kind", p.Kind.String(), "err", transport.Reason(err))
	r.cfg.Owner.Poke()
}

// depart takes a peer out of the books.
func (r *Roster) depart(p *member, err error) {
	stats, now := p.Stats(), r.cfg.Peer.Clock.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.members, p)
	r.sent += stats.Sent
	r.received += stats.Received
	if p.Kind == transport.TLS {
		r.secret += stats.Sent + stats.Received
	}
	if stats.Received > 0 {
		r.former.Add(p.ID(), p.From.Addr())
	}
	if !p.passed {
		r.conns.Closed(p.At, now)
	}
	if r.advisor != nil {
		r.advisor.Leave(p.ID())
	}
	listen := p.Listen()
	switch {
	case r.cfg.Conduct.Note(p.From.Addr(), err, stats.Received, stats.Sent, now):
		r.conns.Shun(now, p.At, listen)
	case errors.Is(err, peer.ErrBoth), p.BothDone(): // whichever side was first
		r.conns.Part(now, p.At, listen)
	case errors.Is(err, link.ErrRecords), errors.Is(err, peer.ErrForgot):
		r.conns.Redial(p.At, now)
	case p.Incoming && listen.IsValid() && now.Sub(p.Since) >= conns.Stable:
		// Dialling it was put off for as long as it was connected.
		r.conns.Redial(listen, now)
	}
}
