package turns

import (
	"sync"
	"sync/atomic"

	"github.com/warren-p2p/warren/swarm/internal/activity"
	"github.com/warren-p2p/warren/swarm/internal/dossier"
	"github.com/warren-p2p/warren/swarm/internal/queue"
	"github.com/warren-p2p/warren/swarm/internal/sleeper"
	"github.com/warren-p2p/warren/swarm/internal/torrent"
)

// Turn is a torrent that may have to wait. Its methods are safe for concurrent use.
type Turn struct {
	turns  *Turns
	file   *dossier.Dossier
	life   *sleeper.Sleeper // set by Enter
	forced atomic.Bool
	why    atomic.Pointer[queue.FullError] // it waits; written with mu held

	mu sync.Mutex // held by who stops or starts the torrent
}

// Await has a torrent that is about to be opened begin by waiting, if there are
// limits: otherwise more than may be would be active until they are looked at.
func (t *Turn) Await() {
	t.turns.mu.Lock()
	limits := t.turns.queue.Limits()
	t.turns.mu.Unlock()
	if limits.Any() && !t.forced.Load() {
		t.why.Store(&queue.FullError{Kind: queue.Download, Limit: max(limits.Downloads, limits.Total)})
		t.file.SetWaits(true)
	}
}

// Enter puts the torrent at the end of the line.
func (t *Turn) Enter(life *sleeper.Sleeper) {
	t.life = life
	t.turns.change(func(q *queue.Queue[*Turn]) { q.Add(t) })
}

// Leave takes it out.
func (t *Turn) Leave() { t.turns.change(func(q *queue.Queue[*Turn]) { q.Remove(t) }) }

// Position returns how many torrents stand before this one, -1 once it has left.
func (t *Turn) Position() int {
	t.turns.mu.Lock()
	defer t.turns.mu.Unlock()
	return t.turns.queue.Position(t)
}

// Move puts it where so many stand before it, or at the end if there are fewer.
func (t *Turn) Move(to int) { t.turns.change(func(q *queue.Queue[*Turn]) { q.Move(t, to) }) }

// Force says whether the torrent is active whatever the limits are.
func (t *Turn) Force(on bool) {
	t.forced.Store(on)
	t.turns.Poke()
}

// Pause does what the user wants: it stops the torrent, or lets it go on as soon
// as it is its turn.
func (t *Turn) Pause(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.file.SetPaused(on)
	switch {
	case on:
		t.life.Do((*torrent.Torrent).Stop)
	case t.why.Load() == nil:
		t.life.Do((*torrent.Torrent).Start)
	}
	t.turns.Poke()
}

// hold stops the torrent until it is its turn, or lets it go on if why is nil.
func (t *Turn) hold(why *queue.FullError) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.why.Store(why)
	t.file.SetWaits(why != nil)
	switch {
	case why != nil:
		t.life.Peek((*torrent.Torrent).Stop)
	case !t.file.Paused():
		t.life.Do((*torrent.Torrent).Start)
	}
}

// look returns what the torrent does and wants.
func (t *Turn) look() (l queue.Look) {
	l.Active, l.Forced = t.why.Load() == nil, t.forced.Load()
	if t.file.Paused() {
		return l
	}
	awake := t.life.Peek(func(run *torrent.Torrent) {
		if state, _, _ := run.State(); state == activity.Failed {
			return
		}
		p := run.Peers.Totals()
		l.Kind, l.Rate = queue.Seed, p.UpRate
		if !run.Known() {
			l.Kind, l.Rate = queue.Download, p.DownRate
		} else if run.Fetch.Left() > 0 {
			l.Kind, l.Rate = queue.Download, p.DownRate+run.Web.Totals().DownRate
		}
	})
	if !awake && !l.Active {
		l.Kind = queue.Seed // it fell asleep while it waited, so it is complete
	}
	return l
}

// Tell adds to a status that the torrent waits for its turn.
func (t *Turn) Tell(s sleeper.Status) sleeper.Status {
	if why := t.why.Load(); why != nil && s.State == activity.Paused && !t.file.Paused() {
		s.State, s.Reason = activity.Queued, why
	}
	return s
}
