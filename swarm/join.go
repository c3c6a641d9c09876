package swarm

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/fetch"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/internal/link"
	"github.com/warren-p2p/warren/swarm/internal/storage"
)

// defaultReqq is how many requests a peer is taken to accept until it says;
// it is what libtorrent and others queue without being asked.
const defaultReqq = 250

// mayJoin decides on a peer by its handshake.
func (t *Torrent) mayJoin(theirs peerwire.Handshake, c greeting.Conn) error {
	if theirs.PeerID == t.s.id {
		return greeting.ErrOurself
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	_, err := t.admits(theirs.PeerID, c)
	return err
}

// admits reports why a connection is refused now, or else which one it takes
// the place of, if any. The caller holds t.mu.
func (t *Torrent) admits(id [20]byte, c greeting.Conn) (rival *peer, err error) {
	switch {
	case t.stopping || !t.state.serves():
		return nil, ErrStopped
	case !greeting.Allows(t.policy, c.Kind):
		return nil, greeting.ErrKind
	}
	for p := range t.peers {
		if p.remote.PeerID == id && !p.replaced {
			if !greeting.Replaces(c, p.Conn(), t.s.id, id) {
				return nil, greeting.ErrTwice
			}
			return p, nil
		}
	}
	return nil, nil
}

// join adds a peer and starts its goroutines. On an error the connection is
// closed.
func (t *Torrent) join(p *peer) error {
	err := t.enlist(p)
	if err != nil {
		p.link.Close(err)
	}
	return err
}

func (t *Torrent) enlist(p *peer) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	rival, err := t.admits(p.remote.PeerID, p.Conn())
	if err != nil {
		return err
	}
	if p.incoming {
		evicted, ok := t.conns.Accept(p.at, t.s.cfg.Clock.Now())
		if !ok {
			return greeting.ErrFull
		}
		for q := range t.peers {
			if evicted.IsValid() && q.at == evicted {
				q.link.Close(greeting.ErrFull)
			}
		}
	}
	if rival != nil {
		rival.replaced = true
		rival.link.Close(greeting.ErrTwice)
	}
	p.dl = t.fetch.Join(p, p.fast, defaultReqq)
	p.introduce() // before others can make it say something else
	t.peers[p] = struct{}{}
	t.wg.Go(func() {
		defer close(p.gone)
		t.run(p)
	})
	return nil
}

// run owns a connection from its first message to its end.
func (t *Torrent) run(p *peer) {
	err := p.link.Run()
	p.dl.Leave()
	t.depart(p, err)
	if unreadable := new(storage.Error); errors.As(err, &unreadable) {
		t.fail(fmt.Errorf("content cannot be read: %w", unreadable))
	}
	t.s.cfg.Log.Debug("peer left", "peer", greeting.Redacted(p.addr), "kind", p.kind.String(), "err", err)
	t.poke()
}

// depart takes a peer out of the books.
func (t *Torrent) depart(p *peer, err error) {
	stats := p.link.Stats()
	now := t.s.cfg.Clock.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.peers, p)
	t.sent += stats.Sent
	t.received += stats.Received
	if p.kind == transport.TLS {
		t.secret += stats.Sent + stats.Received
	}
	if stats.Received > 0 {
		t.former.add(p.dl.ID, p.addr.Addr())
	}
	t.conns.Closed(p.at, now)
	switch {
	case errors.Is(err, link.ErrRecords):
		t.conns.Redial(p.at, now)
	case p.incoming && p.listen.IsValid() && now.Sub(p.since) >= stable:
		// Dialling it was put off for as long as it was connected.
		t.conns.Redial(p.listen, now)
	}
}

// stable is how long a connection must have lasted to speak for the peer.
const stable = time.Minute

// departed remembers the addresses of peers that have gone and gave us
// something: what they gave may turn out to be wrong.
type departed struct {
	addrs map[fetch.PeerID]netip.Addr
	order []fetch.PeerID
}

const maxDeparted = 256

func (d *departed) add(id fetch.PeerID, a netip.Addr) {
	if d.addrs == nil {
		d.addrs = make(map[fetch.PeerID]netip.Addr)
	}
	if len(d.order) == maxDeparted {
		delete(d.addrs, d.order[0])
		d.order = d.order[1:]
	}
	d.addrs[id] = a
	d.order = append(d.order, id)
}
