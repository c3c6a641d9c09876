package lookups

import (
	"slices"

	"github.com/warren-p2p/warren/swarm/internal/disclosure"
)

// Set looks a torrent up from now on, under the names that it has from time to
// time.
func (l *Lookups) Set(t Torrent, downloading bool) {
	names := t.Names()
	l.mu.Lock()
	e := l.torrents[t]
	if e == nil {
		e = &entry{}
		l.torrents[t] = e
	}
	e.downloading = downloading
	// Until somebody has looked whether trackers help: see review.
	l.rename(t, e, names, true)
	l.mu.Unlock()
	select {
	case l.poke <- struct{}{}:
	default:
	}
}

// Renew looks a torrent up under the names that it has now, if it is looked up.
func (l *Lookups) Renew(t Torrent) {
	names := t.Names()
	l.mu.Lock()
	defer l.mu.Unlock()
	if e := l.torrents[t]; e != nil {
		l.rename(t, e, names, true)
	}
}

// rename looks a torrent up under names, and no others. The caller holds l.mu.
func (l *Lookups) rename(t Torrent, e *entry, names []disclosure.Name, helped bool) {
	for _, n := range e.names {
		if !slices.Contains(names, n) {
			l.drop(t, n)
		}
	}
	e.names = names
	now := l.cfg.Clock.Now()
	for _, n := range names {
		if s := l.subjects[n.Hash]; s == nil || s.torrent != t {
			l.subjects[n.Hash] = &subject{torrent: t, name: n}
		}
		l.schedule.Set(n.Hash, class(e.downloading, helped), now)
	}
}

// drop forgets a name of a torrent, unless another torrent has it by now.
func (l *Lookups) drop(t Torrent, n disclosure.Name) {
	if s := l.subjects[n.Hash]; s != nil && s.torrent == t {
		l.schedule.Remove(n.Hash)
		delete(l.subjects, n.Hash)
	}
}

// Remove ends looking up a torrent.
func (l *Lookups) Remove(t Torrent) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e := l.torrents[t]; e != nil {
		l.rename(t, e, nil, false)
		delete(l.torrents, t)
	}
}

// Status returns what came of the last lookups of a torrent, in sum; false if it
// is not looked up.
func (l *Lookups) Status(t Torrent) (sum Status, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.torrents[t]
	if e == nil {
		return Status{}, false
	}
	for _, n := range e.names {
		if s := l.subjects[n.Hash]; s != nil && s.torrent == t {
			ok = true
			sum.Answered += s.last.Answered
			sum.Found += s.last.Found
			if s.last.At.After(sum.At) {
				sum.At = s.last.At
			}
		}
	}
	return sum, ok
}
