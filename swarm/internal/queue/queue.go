// Package queue decides which torrents of a session may be active when not all
// may.
//
// Torrents stand in one line. Those that download come before those that seed;
// among either, whoever stands further ahead is active, as far as there are places.
// One that has hardly moved anything for a minute keeps running and gives its place
// for downloads or seeds to the next (libtorrent: dont_count_slow_torrents); places
// in all it takes all the same.
//
// Nothing here reads a clock or locks: a Queue belongs to one goroutine and is
// told the time. A million torrents cost a step a few milliseconds.
package queue

import (
	"fmt"
	"slices"
	"time"
)

// Limits say how many torrents may be active at a time, 0 for any number.
type Limits struct {
	Downloads int // of those that fetch
	Seeds     int // of those that only serve
	Total     int // of both, slow ones among them
}

// Any reports whether there is a limit.
func (l Limits) Any() bool { return l != Limits{} }

// Kind is what a torrent wants a place for.
type Kind uint8

// The kinds.
const (
	None     Kind = iota // none: it is stopped, has failed, or sleeps
	Download             // it lacks something that is wanted
	Seed                 // it lacks nothing that is wanted
)

// Look is what a torrent does.
type Look struct {
	Kind   Kind
	Active bool  // it is not held back
	Forced bool  // it is active whatever the limits are, and counts for none
	Rate   int64 // bytes a second: that come in of a download, go out of a seed
}

// Verdict is what is to be changed about a torrent.
type Verdict[ID comparable] struct {
	ID   ID
	Hold bool
	Why  *FullError // why it is held
}

// FullError is why a torrent waits for its turn.
type FullError struct {
	Kind    Kind
	Limit   int  // places there are
	Overall bool // of all kinds together
}

func (e *FullError) Error() string {
	what := map[Kind]string{Download: "downloads", Seed: "seeds"}[e.Kind]
	if e.Overall {
		what = "active torrents"
	}
	return fmt.Sprintf("it waits for its turn: there are places for %d %s", e.Limit, what)
}

// Queue is the line. IDs name torrents.
type Queue[ID comparable] struct {
	limits Limits
	line   []*place[ID]
	places map[ID]*place[ID]
}

type place[ID comparable] struct {
	id    ID
	at    int // how many stand before it
	slow  bool
	since time.Time // when its rate crossed the threshold, to what slow does not say; zero if it did not
	begun bool      // it was active at the last step
}

// New returns an empty line.
func New[ID comparable](l Limits) *Queue[ID] {
	return &Queue[ID]{limits: l, places: make(map[ID]*place[ID])}
}

// SetLimits changes the limits from the next step on.
func (q *Queue[ID]) SetLimits(l Limits) { q.limits = l }

// Limits returns the limits.
func (q *Queue[ID]) Limits() Limits { return q.limits }

// Add puts a torrent at the end of the line.
func (q *Queue[ID]) Add(id ID) {
	if q.places[id] == nil {
		p := &place[ID]{id: id, at: len(q.line)}
		q.places[id] = p
		q.line = append(q.line, p)
	}
}

// Remove takes a torrent out of the line.
func (q *Queue[ID]) Remove(id ID) {
	if p := q.places[id]; p != nil {
		q.line = slices.Delete(q.line, p.at, p.at+1)
		q.count(p.at, len(q.line))
		delete(q.places, id)
	}
}

// count notes the positions of those who stand from one place to before another.
func (q *Queue[ID]) count(from, to int) {
	for i := from; i < to; i++ {
		q.line[i].at = i
	}
}

// Position returns how many torrents stand before one, -1 if it does not stand in
// the line. It is asked for all of them often: it does not look through the line.
func (q *Queue[ID]) Position(id ID) int {
	if p := q.places[id]; p != nil {
		return p.at
	}
	return -1
}

// Move puts a torrent where so many stand before it, or at the end if there are
// fewer.
func (q *Queue[ID]) Move(id ID, to int) {
	p := q.places[id]
	if p == nil {
		return
	}
	to = min(max(to, 0), len(q.line)-1)
	from := p.at
	q.line = slices.Insert(slices.Delete(q.line, from, from+1), to, p)
	q.count(min(from, to), max(from, to)+1)
}
