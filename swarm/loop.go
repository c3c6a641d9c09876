package swarm

import (
	"context"
	"errors"
	"time"

	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/choker"
	"github.com/warren-p2p/warren/swarm/internal/fetch"
)

// Periods of the torrent's loop.
const (
	tickPeriod  = time.Second
	syncPeriod  = 30 * time.Second // after which written pieces are forced to disk
	retryPeriod = 5 * time.Second  // between looks at a volume that was full
	silence     = 150 * time.Second
	keepalive   = 100 * time.Second
	stuckTime   = 60 * time.Second
)

// poke makes the loop look now.
func (t *Torrent) poke() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// loop is the torrent's own goroutine.
func (t *Torrent) loop() {
	t.prepare()
	tick := time.NewTicker(tickPeriod)
	defer tick.Stop()
	for {
		select {
		case <-t.ctx.Done():
			return
		case <-t.wake:
			t.step()
		case <-tick.C:
			t.step()
			t.tick()
		}
	}
}

// prepare checks what has to be checked and opens the content.
func (t *Torrent) prepare() {
	t.mu.Lock()
	force := t.state == StateChecking
	paused := t.state == StatePaused
	t.mu.Unlock()
	if err := t.check(force); err != nil {
		return
	}
	if paused {
		t.setState(StatePaused, nil)
		return
	}
	t.begin()
}

// check hashes content whose state is not certain: all of it if force is set.
func (t *Torrent) check(force bool) error {
	t.checking.Lock()
	defer t.checking.Unlock()
	var pieces []int
	if !force {
		if pieces = t.store.NeedsCheck(); len(pieces) == 0 {
			return nil
		}
	}
	t.setState(StateChecking, nil)
	total := float64(max(len(pieces), 1))
	if force {
		total = float64(t.meta.Info.NumPieces())
	}
	err := t.store.Check(t.ctx, pieces, t.s.cfg.Workers, func(done int) {
		t.mu.Lock()
		t.checked = float64(done) / total
		t.mu.Unlock()
	})
	t.mu.Lock()
	t.have = t.store.Have()
	have := append(peerwire.Bitfield(nil), t.have...)
	t.mu.Unlock()
	t.fetch.SetHave(have)
	if err != nil && !errors.Is(err, context.Canceled) && t.ctx.Err() == nil {
		t.setState(StateFailed, err)
	}
	return err
}

// begin opens the content and starts to exchange.
func (t *Torrent) begin() {
	left := t.fetch.Left()
	if left > 0 {
		if err := t.store.Prepare(); err != nil {
			t.hold(err)
			return
		}
	}
	t.fetch.SetActive(true)
	if left > 0 {
		t.setState(StateDownloading, nil)
	} else {
		t.finish()
	}
	t.poke()
}

// hold waits with a reason for the volume to take data again.
func (t *Torrent) hold(err error) {
	t.fetch.SetActive(false)
	t.mu.Lock()
	t.retry = t.s.cfg.Clock.Now().Add(retryPeriod)
	t.mu.Unlock()
	t.setState(StateWaiting, err)
}

// finish is called when nothing wanted is missing.
func (t *Torrent) finish() {
	if err := t.store.Sync(); err != nil {
		t.hold(err)
		return
	}
	t.mu.Lock()
	t.choker.SetSeeding(true)
	t.mu.Unlock()
	t.setState(StateSeeding, nil)
	for _, p := range t.peerList() {
		p.updateInterest()
		if p.checkBothSeeds() != nil {
			p.link.Close(errBoth)
		}
	}
}

// step does what is due at once when something changed.
func (t *Torrent) step() {
	now := t.s.cfg.Clock.Now()
	t.mu.Lock()
	state, retry := t.state, t.retry
	t.mu.Unlock()
	switch state {
	case StateDownloading:
		if t.fetch.Left() == 0 {
			t.finish()
		}
	case StateSeeding:
		if t.fetch.Left() > 0 { // more was made wanted
			t.mu.Lock()
			t.choker.SetSeeding(false)
			t.mu.Unlock()
			t.begin()
		}
	case StateWaiting:
		if now.After(retry) {
			t.begin()
		}
	}
	t.dialMore(now)
	t.rechoke(now)
}

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

// setInterested notes what a peer wants; a free slot is given at once.
func (t *Torrent) setInterested(p *peer, on bool) {
	t.mu.Lock()
	changed := p.isInterested != on
	p.isInterested = on
	t.mu.Unlock()
	if changed {
		t.rechoke(t.s.cfg.Clock.Now())
	}
}

// tick does once a second what has time.
func (t *Torrent) tick() {
	now := t.s.cfg.Clock.Now()
	var down, up int64
	for _, p := range t.peerList() {
		t.tickPeer(p, now)
		stats := p.link.Stats()
		down += stats.Received
		up += stats.Sent
	}
	t.mu.Lock()
	t.down20.tick(t.received + down)
	t.up20.tick(t.sent + up)
	due := now.Sub(t.synced) >= syncPeriod && t.state == StateDownloading
	if due {
		t.synced = now
	}
	t.mu.Unlock()
	if due {
		if err := t.store.Sync(); err != nil {
			t.hold(err)
		}
	}
}

// tickPeer keeps one connection alive, or ends it.
func (t *Torrent) tickPeer(p *peer, now time.Time) {
	stats := p.link.Stats()
	t.mu.Lock()
	p.down.tick(stats.Received)
	p.up.tick(stats.Sent)
	t.mu.Unlock()
	read, write, stuck := p.link.Idle(now)
	switch {
	case stuck > stuckTime:
		p.link.Close(errStuck)
		return
	case read > silence:
		p.link.Close(errSilent)
		return
	case write > keepalive:
		p.link.Send(peerwire.AppendKeepalive)
	}
	p.link.Flush()
	p.dl.Tick(now)
}

// events makes Torrent a fetch.Events.
type events Torrent

var _ fetch.Events = (*events)(nil)

// Verified implements fetch.Events.
func (e *events) Verified(piece int) {
	t := (*Torrent)(e)
	t.mu.Lock()
	t.have.Set(piece)
	left := make([]*peer, 0, len(t.peers))
	for p := range t.peers {
		left = append(left, p)
	}
	t.mu.Unlock()
	for _, p := range left {
		if !p.dl.Knows(piece) { // who has it does not care
			p.link.SendLazily(func(b []byte) []byte { return peerwire.AppendHave(b, uint32(piece)) })
		}
	}
	if t.fetch.Left() == 0 {
		t.poke()
	}
}

// Failed implements fetch.Events.
func (e *events) Failed(_ int, err error) {
	t := (*Torrent)(e)
	t.s.cfg.Log.Warn("cannot store content", "torrent", t.meta.Info.Name, "err", err)
	t.hold(err)
}

// Guilty implements fetch.Events: a peer that sent wrong data is out.
func (e *events) Guilty(id fetch.PeerID, piece int) {
	t := (*Torrent)(e)
	for _, p := range t.peerList() {
		if p.dl.ID != id {
			continue
		}
		t.s.cfg.Log.Warn("peer sent wrong data and is banned", "peer", redact(p.addr), "piece", piece)
		p.link.Close(errGuilty)
		t.mu.Lock()
		t.banned++
		t.mu.Unlock()
		t.s.Ban(p.addr.Addr())
	}
	t.fetch.Distrust(id)
}

// Suspect implements fetch.Events.
func (e *events) Suspect(piece int) { (*Torrent)(e).askLeaves(piece) }
