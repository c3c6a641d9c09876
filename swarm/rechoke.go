package swarm

import (
	"time"

	"github.com/warren-p2p/warren/swarm/internal/choker"
)

// rechoke carries out what the choker says.
func (t *Torrent) rechoke(now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.state.serves() {
		return
	}
	byID := make(map[choker.ID]*peer, len(t.peers))
	states := make([]choker.PeerState, 0, len(t.peers))
	for p := range t.peers {
		stats := p.link.Stats()
		byID[p.dl.ID] = p
		states = append(states, choker.PeerState{
			ID: p.dl.ID, Interested: p.isInterested, Connected: p.since,
			Downloaded: stats.Received, Uploaded: stats.Sent,
			AwaitingSince: p.dl.AwaitingSince(), Weight: t.weight(p),
		})
	}
	for _, c := range t.choker.Rechoke(now, states) {
		p := byID[c.ID]
		if p == nil {
			continue
		}
		p.amChoking = !c.Unchoke
		if c.Unchoke {
			p.unchoke()
		} else {
			p.choke()
		}
	}
}

func (t *Torrent) weight(p *peer) float64 {
	if t.s.cfg.Standing == nil {
		return 1
	}
	return t.s.cfg.Standing.Weight(p.info())
}

// setInterested notes what a peer wants; a free slot is given soon. The loop
// does it: a peer that changes its mind all the time must not make us weigh all
// others each time.
func (t *Torrent) setInterested(p *peer, on bool) {
	t.mu.Lock()
	changed := p.isInterested != on
	p.isInterested = on
	t.mu.Unlock()
	if changed {
		t.poke()
	}
}
