package swarm

import (
	"time"

	"github.com/warren-p2p/warren/swarm/internal/choker"
)

// rechoke carries out what the choker says. It runs in the torrent's loop.
func (t *Torrent) rechoke(now time.Time) {
	states, peers, ok := t.chokeStates()
	if !ok {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, c := range t.choker.Rechoke(now, states) {
		p := peers[c.ID]
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

// chokeStates describes the peers for the choker; ok is false if none may be
// served now. Standing is asked without a lock held: it may want to know more.
func (t *Torrent) chokeStates() (states []choker.PeerState, peers map[choker.ID]*peer, ok bool) {
	standing := t.s.cfg.Standing
	var infos []PeerInfo
	t.mu.Lock()
	ok = t.state.serves()
	peers = make(map[choker.ID]*peer, len(t.peers))
	for p := range t.peers {
		stats := p.link.Stats()
		peers[p.dl.ID] = p
		states = append(states, choker.PeerState{
			ID: p.dl.ID, Interested: p.isInterested, Connected: p.since,
			Downloaded: stats.Received, Uploaded: stats.Sent,
			AwaitingSince: p.dl.AwaitingSince(), Weight: 1,
		})
		if standing != nil {
			infos = append(infos, p.info())
		}
	}
	t.mu.Unlock()
	for i := range infos {
		states[i].Weight = standing.Weight(infos[i])
	}
	return states, peers, ok
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
