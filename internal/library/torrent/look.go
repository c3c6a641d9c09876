package torrent

import (
	"time"

	"github.com/warren-p2p/warren/internal/goal"
	"github.com/warren-p2p/warren/internal/library/changes"
	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/library/tally"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/swarm"
)

// Look sees how the torrent stands, and returns what has become of it. One of which nothing
// changes by itself is passed over, unless it is to be looked at in full. One caller at a
// time calls it.
func (t *Torrent) Look(now time.Time, full bool) (events []changes.Kind) {
	moves := t.Engine() != nil && t.Engine().Moves()
	t.mu.Lock()
	skip := !full && !moves && !t.moves && !t.dirty || t.removed
	t.dirty = false
	t.mu.Unlock()
	if skip {
		return nil
	}
	if t.Engine() == nil && !t.waits() && t.changing.TryLock() { // what was missing may be there by now
		_ = t.begin(t.s.Ctx, Start{}) // the status says why it does nothing
		t.changing.Unlock()
	}
	s := t.statusNow()
	if s.State != swarm.StateMetadata && t.View().Magnet != "" && t.learn() {
		events = append(events, changes.Learned)
	}
	t.mu.Lock()
	before, first := t.status, t.rec.Completed.IsZero() && !t.rec.Ours
	traffic, aged := t.tally.Count(&t.rec, before, s, now)
	t.unsaved, t.aged = t.unsaved || traffic, t.aged || aged
	if !tally.Same(before, s) {
		t.touch()
	}
	t.status, t.moves = s, moves || s.DownRate > 0 || s.UpRate > 0
	// As with Transmission and qBittorrent a torrent is completed, too, by what was found
	// to be there when it was added; not so by a check later on, that of a start for one.
	whole := s.State == swarm.StateSeeding && s.Left() == 0 && s.Done > 0
	completed := whole && (first || s.Received > 0 && before.State == swarm.StateDownloading && before.Left() > 0)
	t.mu.Unlock()
	if completed {
		events = append(events, changes.Completed)
	}
	if s.State == swarm.StateFailed && before.State != s.State {
		events = append(events, changes.Failed)
	}
	return events
}

func (t *Torrent) statusNow() swarm.Status {
	if t.Engine() != nil {
		return t.Engine().Status()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.failed == ErrWaits {
		return swarm.Status{State: swarm.StateStarting, Total: t.rec.Size, Wanted: t.rec.Size}
	}
	return swarm.Status{State: swarm.StateFailed, Reason: t.failed, Total: t.rec.Size, Wanted: t.rec.Size}
}

// learn keeps what peers have told of a magnet link, and reports whether it did. While
// somebody changes the torrent that waits for the next look.
func (t *Torrent) learn() bool {
	engine := t.Engine()
	if engine == nil {
		return false // it is not there yet, or could not be brought there
	}
	m := engine.Metainfo()
	if m == nil || !t.changing.TryLock() {
		return false
	}
	defer t.changing.Unlock()
	ctx, bytes := t.s.Ctx, m.Bytes()
	err := t.s.Store.Write(ctx, func(q store.Querier) error { return record.PutMetainfo(ctx, q, t.id, bytes) })
	if err == nil {
		err = t.update(ctx, func(r *record.Record) {
			r.Name = m.Info.Name
			r.Learn(m)
		})
	}
	if err != nil {
		t.s.Log.Error("what peers told of a magnet link is not kept, and is tried again", "err", err)
		return false
	}
	return true
}

// Unsaved returns what is to be written down of what was counted, and of the place in
// the queue; false if nothing has changed, durations not counting without ages. What was
// not written down after all goes back by Unsave.
func (t *Torrent) Unsaved(ages bool) (record.Record, bool) {
	place := t.Place()
	t.mu.Lock()
	defer t.mu.Unlock()
	moved := place >= 0 && place != t.rec.Place
	if !t.unsaved && !(ages && t.aged) && !moved || t.removed {
		return record.Record{}, false
	}
	if moved {
		t.rec.Place = place
	}
	t.unsaved, t.aged = false, false
	return t.rec, true
}

// Unsave says that what Unsaved returned is still to be written down.
func (t *Torrent) Unsave() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.unsaved = true
}

// Place returns how many torrents stand before this one in the queue, -1 if it is not
// in the engine.
func (t *Torrent) Place() int {
	if t.Engine() == nil {
		return -1
	}
	return t.Engine().Position()
}

// Met reports whether the torrent has given enough, why, and what is to be done.
func (t *Torrent) Met(now time.Time) (why goal.Reason, then goal.Action, met bool) {
	g := t.s.Default()
	t.mu.Lock()
	defer t.mu.Unlock()
	g = t.rec.Goal.Over(g)
	why, met = t.tally.Met(g, &t.rec, t.status, now)
	return why, g.Action(), met
}

// Dirty reports whether the torrent is to be looked at, asleep or not.
func (t *Torrent) Dirty() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.dirty
}

// Revision returns that of the last change.
func (t *Torrent) Revision() changes.Revision {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.revision
}
