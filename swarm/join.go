package swarm

import (
	"errors"
	"fmt"
	"net/netip"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/link"
	"github.com/warren-p2p/warren/swarm/internal/storage"
)

// defaultReqq is how many requests a peer is taken to accept until it says;
// it is what libtorrent and others queue without being asked.
const defaultReqq = 250

// mayJoin decides on a peer by its handshake.
func (t *Torrent) mayJoin(theirs peerwire.Handshake, kind transport.Kind) error {
	if theirs.PeerID == t.s.id {
		return errOurself
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.stopping || !t.state.serves():
		return errStopped
	case !t.allows(kind):
		return errKind
	}
	return t.twice(theirs.PeerID)
}

// twice refuses a second connection with a peer. The caller holds t.mu.
func (t *Torrent) twice(id [20]byte) error {
	for p := range t.peers {
		if p.remote.PeerID == id {
			return errTwice
		}
	}
	return nil
}

// join adds a peer and starts its goroutines. On an error the connection is
// closed.
func (t *Torrent) join(p *peer) error {
	err := t.enlist(p)
	if err != nil {
		p.link.Close(err)
		return err
	}
	return nil
}

func (t *Torrent) enlist(p *peer) error {
	now := t.s.cfg.Clock.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stopping || !t.state.serves() {
		return errStopped
	}
	if err := t.twice(p.remote.PeerID); err != nil {
		return err
	}
	if p.incoming {
		evicted, ok := t.conns.Accept(p.addr, now)
		if !ok {
			return errFull
		}
		for q := range t.peers {
			if evicted.IsValid() && q.key() == evicted {
				q.link.Close(errFull)
			}
		}
	}
	p.dl = t.fetch.Join(p, p.fast, defaultReqq)
	t.peers[p] = struct{}{}
	t.wg.Go(func() {
		defer close(p.gone)
		t.run(p)
	})
	return nil
}

// key is the address under which conns knows the connection.
func (p *peer) key() netip.AddrPort {
	if p.incoming {
		return p.addr
	}
	return p.dialAddr
}

// run owns a connection from its first message to its end.
func (t *Torrent) run(p *peer) {
	p.greet()
	err := p.link.Run()
	p.dl.Leave()
	stats := p.link.Stats()
	now := t.s.cfg.Clock.Now()
	t.mu.Lock()
	delete(t.peers, p)
	t.sent += stats.Sent
	t.received += stats.Received
	if p.kind == transport.TLS {
		t.secret += stats.Sent + stats.Received
	}
	t.conns.Closed(p.key(), now)
	if errors.Is(err, link.ErrRecords) {
		t.conns.Redial(p.key(), now)
	}
	t.mu.Unlock()
	if unreadable := new(storage.Error); errors.As(err, &unreadable) {
		t.fail(fmt.Errorf("content cannot be read: %w", unreadable))
	}
	t.s.cfg.Log.Debug("peer left", "peer", redact(p.addr), "kind", p.kind.String(), "err", err)
	t.poke()
}
