// Package events is virtual time: a queue of what happens when.
//
// Nothing happens at the same time as anything else. Of two events for one
// moment the one that was scheduled first comes first, so that the same calls
// give the same order; a running hash over all events shows whether two runs
// were the same.
package events

import "time"

// Kind says what sort of event it is, for the hash and for traces.
type Kind uint8

// The kinds of events.
const (
	Tick    Kind = iota + 1 // a node's second has passed
	Step                    // a node looks for what is due
	Sent                    // a block has left its host
	Arrived                 // a block has reached the other host
	Landed                  // a block was read
	Acked                   // the sender knows
	Told                    // a message other than a block
	Dialled                 // an attempt to connect has ended
	Stored                  // a piece is on disk and checked
	Script                  // what a scenario says
)

// String names a kind.
func (k Kind) String() string {
	names := [...]string{"", "tick", "step", "sent", "arrived", "landed", "acked", "told", "dialled", "stored", "script"}
	if int(k) < len(names) {
		return names[k]
	}
	return "?"
}

// An Event is something that happens to two nodes.
type Event struct {
	At   time.Duration // since the beginning
	Kind Kind
	A, B int32 // nodes; the same twice if there is one
	seq  uint64
	do   func()
}

func (e *Event) before(o *Event) bool {
	if e.At != o.At {
		return e.At < o.At
	}
	return e.seq < o.seq
}

// Queue is what is still to happen. The zero value is the beginning of time.
type Queue struct {
	heap []Event
	now  time.Duration
	seq  uint64
	hash uint64
	n    int
}

// epoch is when virtual time begins; decisions take a time.Time.
const epoch = 1_700_000_000

// Elapsed returns how much virtual time has passed.
func (q *Queue) Elapsed() time.Duration { return q.now }

// Now implements clock.Clock.
func (q *Queue) Now() time.Time { return time.Unix(epoch, 0).Add(q.now) }

// When returns how much time will have passed at t.
func (q *Queue) When(t time.Time) time.Duration { return t.Sub(time.Unix(epoch, 0)) }

// Count returns how many events there were.
func (q *Queue) Count() int { return q.n }

// Hash tells apart runs that were not the same.
func (q *Queue) Hash() uint64 { return q.hash }

// At schedules do for a moment, or for now if that is past.
func (q *Queue) At(at time.Duration, kind Kind, a, b int32, do func()) {
	q.seq++
	q.push(Event{At: max(at, q.now), Kind: kind, A: a, B: b, seq: q.seq, do: do})
}

// After schedules do for when d has passed.
func (q *Queue) After(d time.Duration, kind Kind, a, b int32, do func()) {
	q.At(q.now+d, kind, a, b, do)
}

// Next lets the next event happen and returns it; false if there is none.
func (q *Queue) Next() (Event, bool) {
	if len(q.heap) == 0 {
		return Event{}, false
	}
	e := q.pop()
	q.now = e.At
	q.n++
	q.mix(uint64(e.At))
	q.mix(uint64(e.Kind)<<56 ^ uint64(uint32(e.A))<<28 ^ uint64(uint32(e.B)))
	e.do()
	return e, true
}

// mix is a step of FNV-1a, on words instead of bytes.
func (q *Queue) mix(word uint64) {
	q.hash = (q.hash ^ word) * 0x100000001b3
	q.hash ^= q.hash >> 29
}

func (q *Queue) push(e Event) {
	q.heap = append(q.heap, e)
	h, i := q.heap, len(q.heap)-1
	for i > 0 {
		up := (i - 1) / 4
		if !e.before(&h[up]) {
			break
		}
		h[i] = h[up]
		i = up
	}
	h[i] = e
}

// pop takes the first event out of the heap, of which each node has four
// children: most events are scheduled soon, and move up a little only.
func (q *Queue) pop() Event {
	h := q.heap
	top, e := h[0], h[len(h)-1]
	h[len(h)-1] = Event{}
	h = h[:len(h)-1]
	q.heap = h
	i := 0
	for {
		least := 4*i + 1
		if least >= len(h) {
			break
		}
		for k := least + 1; k < min(4*i+5, len(h)); k++ {
			if h[k].before(&h[least]) {
				least = k
			}
		}
		if e.before(&h[least]) {
			break
		}
		h[i] = h[least]
		i = least
	}
	if len(h) > 0 {
		h[i] = e
	}
	return top
}
