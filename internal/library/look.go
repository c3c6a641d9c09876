package library

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/warren-p2p/warren/internal/goal"
	"github.com/warren-p2p/warren/internal/library/changes"
	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/store"
)

const (
	lookPeriod = time.Second      // how often the engine is looked at
	fullPeriod = 30 * time.Second // how often all are, and traffic is saved
	agePeriod  = 10 * time.Minute // how often durations are saved of which nothing else has changed
)

// Delta is what has changed since a revision.
type Delta struct {
	Revision Revision // to ask from next time
	// Full says that what was removed since is not known: what is not in Changed is gone.
	Full    bool
	Changed []*Torrent // in the order of their IDs
	Removed []Gone     // after Changed, in which one of them may still be
	Groups  bool       // categories or labels have changed
}

// Refresh looks at what somebody has changed since the last look, which a second has passed
// since at most, and returns the newest revision.
func (l *Library) Refresh() Revision {
	l.catchUp()
	return l.log.Now()
}

// Since returns what has changed after a revision; 0 is before everything.
func (l *Library) Since(r Revision) Delta {
	d := Delta{Revision: l.log.Now()}
	all := l.All()
	gone, grouped, known := l.log.Since(r)
	d.Full, d.Groups = !known, grouped
	if d.Removed = gone; d.Full {
		d.Removed = nil
	}
	for _, t := range all {
		if d.Full || t.Revision() > r {
			d.Changed = append(d.Changed, t)
		}
	}
	return d
}

// Subscribe returns a channel that gets a value when something has changed since the
// last one was taken, until cancel is called.
func (l *Library) Subscribe() (changed <-chan struct{}, cancel func()) { return l.log.Subscribe() }

// stir has torrents looked at that somebody has changed.
func (l *Library) stir() {
	select {
	case l.stirred <- struct{}{}:
	default:
	}
}

// watch looks at the engine once a second, and writes down from time to time what was
// counted.
func (l *Library) watch() {
	tick := time.NewTicker(lookPeriod)
	defer tick.Stop()
	for n := 1; ; {
		select {
		case <-l.shared.Ctx.Done():
			return
		case <-l.stirred:
			l.catchUp()
			continue
		case <-tick.C:
		}
		full := n%int(fullPeriod/lookPeriod) == 0
		ages := n%int(agePeriod/lookPeriod) == 0
		n++
		l.look(l.All(), full)
		if !full {
			continue
		}
		l.finish(l.shared.Ctx)
		if err := l.keep(l.shared.Ctx, ages); err != nil && l.shared.Ctx.Err() == nil {
			l.cfg.Log.Error("counters of torrents are not saved, and are tried again", "err", err)
		}
	}
}

// catchUp sees how those torrents stand that somebody has changed.
func (l *Library) catchUp() {
	l.look(slices.DeleteFunc(l.All(), func(t *Torrent) bool { return !t.Dirty() }), false)
}

// look sees how torrents stand of which something may have changed, or all of the list.
func (l *Library) look(list []*Torrent, full bool) {
	for _, e := range l.seen(list, full) {
		l.emit(e)
	}
}

// seen returns what has become of torrents. It holds the lock for one at a time: twenty
// thousand take a tenth of a second, for which nobody who asks for a list should wait.
func (l *Library) seen(list []*Torrent, full bool) (events []Event) {
	for _, t := range list {
		l.looking.Lock()
		kinds := t.Look(l.cfg.Clock.Now(), full)
		l.looking.Unlock()
		for _, kind := range kinds {
			if kind == changes.Learned {
				l.know(t)
			}
			events = append(events, Event{Kind: kind, Torrent: t})
		}
	}
	return events
}

// keep is save, and that for what has moved.
func (l *Library) keep(ctx context.Context, ages bool) error {
	return errors.Join(l.save(ctx, ages), l.history.Save(ctx, l.cfg.Clock.Now(), ages))
}

// save writes down what was counted, and how torrents stand in the queue; with ages
// also of those that have done nothing but get older.
func (l *Library) save(ctx context.Context, ages bool) error {
	var list []record.Record
	var saved []*Torrent
	for _, t := range l.All() {
		if r, ok := t.Unsaved(ages); ok {
			list, saved = append(list, r), append(saved, t)
		}
	}
	if len(list) == 0 {
		return nil
	}
	err := l.cfg.Store.Write(ctx, func(q store.Querier) error {
		for i := range list {
			if err := record.Count(ctx, q, &list[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		for _, t := range saved {
			t.Unsave()
		}
	}
	return err
}

// finish does what is wanted of torrents that have given enough.
func (l *Library) finish(ctx context.Context) {
	now := l.cfg.Clock.Now()
	for _, t := range l.All() {
		why, then, met := t.Met(now)
		if !met {
			continue
		}
		l.cfg.Log.Info("a torrent has given enough", "id", t.ID(), "why", string(why), "then", string(then))
		l.emit(Event{Kind: changes.Finished, Torrent: t})
		var err error
		switch then {
		case goal.Remove, goal.RemoveContent:
			err = l.Remove(ctx, t, then == goal.RemoveContent)
		default:
			err = t.Pause(ctx)
		}
		if err != nil {
			l.cfg.Log.Error("a torrent that has given enough goes on, and is looked at again", "id", t.ID(), "err", err)
		}
	}
}
