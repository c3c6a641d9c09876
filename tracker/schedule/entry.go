package schedule

import (
	"slices"
	"time"
	"unique"

	"github.com/warren-p2p/warren/tracker/message"
)

// entry is a torrent. There may be ten thousand: it is kept small.
type entry struct {
	slots    []slot
	due      time.Duration // of the next regular announce
	next     time.Duration // key of the queue it is in
	answered time.Duration // when a tracker last did
	gap      time.Duration // not to ask again before, after answered
	id       ID
	pos      int32 // in its queue
	place    place
	class    class
	state    State
	current  uint8 // the slot of what is ready or flying
	event    message.Event
	cost     uint8
	removed  bool
}

// slot is a tracker of a torrent.
type slot struct {
	url      unique.Handle[string]
	host     *host
	err      error         // what it said about the torrent
	retry    time.Duration // not to ask before
	seeders  int32
	leechers int32
	tier     uint8
	fails    uint8
	typed    bool
	asked    bool // it has answered, well or not
	told     bool // it knows the torrent: Started was sent, Stopped was not
	news     bool // Completed is to be sent
	never    bool // it does not want to be asked again
	leaving  bool // the user wants it no more: it is told if it knows the torrent
}

// place is where an entry is.
type place uint8

const (
	nowhere place = iota
	waiting       // for its time
	ready         // for the budget
	flying        // an announce is under way
)

// class is how urgent an announce is, the most urgent first.
type class uint8

const (
	download class = iota
	event          // told once
	unknown        // no tracker knows it yet
	regular
)

// find returns where a tracker is, -1 if it is none of the torrent's.
func (e *entry) find(url string) int {
	return slices.IndexFunc(e.slots, func(t slot) bool { return t.url.Value() == url })
}

// plan is what an entry is to do next.
type plan struct {
	slot  int
	event message.Event
	class class
	at    time.Duration
}

// plan returns what is to be done next; ok is false if nothing is.
func (e *entry) plan(now time.Duration) (p plan, ok bool) {
	later := e.due
	for i := range e.slots {
		t := &e.slots[i]
		switch {
		case !t.told:
		case e.state == Off, t.leaving:
			return plan{i, message.Stopped, event, now}, true
		case t.never || !t.news:
		case t.free() <= now:
			return plan{i, message.Completed, event, now}, true
		default:
			later = min(later, t.free())
		}
	}
	switch {
	case e.state == Off:
		return plan{}, false
	case later > now:
		return plan{at: later}, true
	}
	return e.pick(now)
}

// pick returns the first tracker that may be asked, or when one may be.
func (e *entry) pick(now time.Duration) (p plan, ok bool) {
	for i := range e.slots {
		t := &e.slots[i]
		if t.never || t.leaving {
			continue
		}
		if free := t.free(); free > now {
			if !ok || free < p.at {
				p = plan{at: free}
			}
			ok = true
			continue
		}
		p = plan{i, message.None, regular, now}
		switch {
		case !t.told:
			p.event, p.class = message.Started, unknown
		case t.news:
			p.event = message.Completed
		}
		if e.state == Downloading {
			p.class = download
		}
		return p, true
	}
	return p, ok
}

// free returns when a tracker may be asked.
func (t *slot) free() time.Duration { return max(t.retry, t.host.quiet) }

// promote moves a tracker that has answered to the front of its tier (BEP 12).
func (e *entry) promote(i int) {
	for ; i > 0 && e.slots[i-1].tier == e.slots[i].tier; i-- {
		e.slots[i-1], e.slots[i] = e.slots[i], e.slots[i-1]
	}
}

// queue is a heap of entries by class and time, each of which knows its place.
type queue []*entry

func before(a, b *entry) bool {
	if a.class != b.class {
		return a.class < b.class
	}
	return a.next < b.next
}

func (q *queue) push(e *entry) {
	*q = append(*q, e)
	e.pos = int32(len(*q) - 1)
	q.up(len(*q) - 1)
}

func (q *queue) remove(e *entry) {
	i, last := int(e.pos), len(*q)-1
	q.swap(i, last)
	(*q)[last] = nil
	*q = (*q)[:last]
	if i < last {
		q.down(i)
		q.up(i)
	}
}

func (q queue) swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].pos, q[j].pos = int32(i), int32(j)
}

func (q queue) up(i int) {
	for i > 0 && before(q[i], q[(i-1)/2]) {
		q.swap(i, (i-1)/2)
		i = (i - 1) / 2
	}
}

func (q queue) down(i int) {
	for {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(q); child++ {
			if before(q[child], q[least]) {
				least = child
			}
		}
		if least == i {
			return
		}
		q.swap(i, least)
		i = least
	}
}
