package roster

import (
	"errors"
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/content"
	"github.com/warren-p2p/warren/swarm/internal/fetch"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/internal/hashtree"
	"github.com/warren-p2p/warren/swarm/internal/peer"
	"github.com/warren-p2p/warren/swarm/internal/suggest"
)

// ErrGuilty ends the connections of peers that sent wrong data.
var ErrGuilty = errors.New("peer sent wrong data")

// Verified adds a piece to what is there and announces it.
func (r *Roster) Verified(piece int) {
	r.mu.Lock() // who joins later has it in our bitfield
	r.cfg.Peer.Content.Add(piece)
	list := r.listLocked()
	r.mu.Unlock()
	// The first copy beside the seeds' is news that others wait for: until they
	// hear it they may fetch the same from a seed.
	first := !r.cfg.Peer.Fetch.Spread(piece)
	for _, p := range list {
		p.Announce(piece, first)
	}
}

// Recount takes over what the store still has, and tells peers what we do not
// have any more (BEP 54).
func (r *Roster) Recount() {
	r.mu.Lock()
	now, lost := r.cfg.Peer.Content.Recount() // under the lock: whatever was announced is in it
	list := r.listLocked()
	r.mu.Unlock()
	if len(lost) == 0 {
		return
	}
	r.cfg.Peer.Fetch.SetHave(now)
	for _, p := range list {
		p.TellLost(lost)
	}
}

// Supply lets peers take part that have waited for the torrent to be known, and
// those that will come.
func (r *Roster) Supply(c *content.Content, f *fetch.Fetcher) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cfg.Peer.Content == c {
		return
	}
	r.cfg.Peer.Content, r.cfg.Peer.Fetch = c, f
	for p := range r.members {
		p.Supply()
	}
}

// Lacking implements peer.Owner: it suggests pieces to a peer that nobody else
// has or was told to fetch.
func (r *Roster) Lacking(p *peer.Peer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.members) < 2 {
		return // it shares with nobody
	}
	info := &r.cfg.Peer.Content.Meta.Info
	if r.advisor == nil {
		r.advisor = suggest.New(info.NumPieces(), r.cfg.Rand)
	}
	for _, i := range r.advisor.Next(p.ID(), suggest.Ahead(info.PieceLength), r.cfg.Peer.Fetch.Spread) {
		p.Suggest(i)
	}
}

// maxHashPeers is how many peers are asked for the hashes of one piece.
const maxHashPeers = 3

// AskHashes asks peers for the leaf hashes of a piece that failed its check
// with several senders, to learn which blocks were wrong.
func (r *Roster) AskHashes(piece int) {
	req, ok := hashtree.PieceRequest(&r.cfg.Peer.Content.Meta.Info, piece)
	if !ok {
		return // one block: its sender is known; too many: the second attempt tells
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	asked := 0
	for p := range r.members {
		if asked < maxHashPeers && p.AskHashes(req, piece) {
			asked++
		}
	}
}

// Expel ends the connection with a peer that sent wrong data, and returns its
// address, even if it has left before that was found.
func (r *Roster) Expel(id fetch.PeerID) (addr netip.Addr, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	addr, known = r.former.Find(id)
	for p := range r.members {
		if p.ID() == id {
			addr, known = p.From.Addr(), true
			p.Close(ErrGuilty)
		}
	}
	if known && !r.blocked(addr) {
		r.banned++
	}
	return addr, known
}

// Condemn ends the connection with a peer that sent wrong data before it took
// part, and returns its address.
func (r *Roster) Condemn(p *peer.Peer, why error) netip.Addr {
	p.Close(why)
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.blocked(p.From.Addr()) {
		r.banned++
	}
	return p.From.Addr()
}

// Part ends the connections with hosts that are not wanted any more.
func (r *Roster) Part(from func(netip.Addr) bool) {
	for _, p := range r.list() {
		if from(p.From.Addr()) {
			p.Close(ErrGuilty)
		}
	}
}

// PartKinds ends the connections that the policy does not allow.
func (r *Roster) PartKinds() {
	for _, p := range r.list() {
		if !r.policy.Allows(p.Kind) {
			p.Close(greeting.ErrKind)
		}
	}
}

func (r *Roster) blocked(a netip.Addr) bool { return r.cfg.Conns.Blocked(a) }

// Heard implements peer.Owner.
func (r *Roster) Heard(hints []conns.Hint) { r.Hear(conns.PEX, hints...) }

// exchange tells the peers of each other (BEP 11). The caller holds r.mu.
func (r *Roster) exchange(now time.Time) {
	if len(r.members) == 0 && r.contacts.Idle() {
		return
	}
	var there []extension.PexPeer
	for p := range r.members {
		if c, ok := p.Contact(); ok {
			there = append(there, c)
		}
	}
	r.contacts.Update(there)
	for p := range r.members {
		p.TellPex(func(at netip.Addr, self netip.AddrPort) (extension.Pex, bool) {
			return p.told.Message(&r.contacts, at, self, now)
		})
	}
}
