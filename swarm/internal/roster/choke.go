package roster

import (
	"time"

	"github.com/warren-p2p/warren/swarm/internal/choker"
	"github.com/warren-p2p/warren/swarm/internal/peer"
)

// rechoke carries out what the choker says.
func (r *Roster) rechoke(now time.Time) {
	states, members, ok := r.chokeStates()
	if !ok {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.choker.Rechoke(now, states) {
		switch p := members[c.ID]; {
		case p == nil:
		case c.Unchoke:
			p.Unchoke()
		default:
			p.Choke()
		}
	}
}

// chokeStates describes the peers for the choker; ok is false if none may be
// served now. Standing is asked without a lock held: it may want to know more.
func (r *Roster) chokeStates() (states []choker.PeerState, members map[choker.ID]*member, ok bool) {
	var infos []peer.Info
	r.mu.Lock()
	ok = r.work != nil
	members = make(map[choker.ID]*member, len(r.members))
	for p := range r.members {
		if p.ID() == 0 {
			continue // there is nothing to serve yet
		}
		stats := p.Stats()
		members[p.ID()] = p
		states = append(states, choker.PeerState{
			ID: p.ID(), Interested: p.Interested(), Connected: p.Since,
			Downloaded: stats.Received, Uploaded: stats.Sent,
			AwaitingSince: p.AwaitingSince(), Weight: 1,
		})
		if r.cfg.Standing != nil {
			infos = append(infos, p.Info())
		}
	}
	r.mu.Unlock()
	for i := range infos {
		states[i].Weight = r.cfg.Standing.Weight(infos[i])
	}
	return states, members, ok
}
