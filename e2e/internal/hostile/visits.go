//go:build linux

// Package hostile is whom a node on the Internet has to bear: peers, trackers,
// nodes of the DHT and web servers that do what no honest one does. Each does one
// thing, again and again, and keeps a record of when it was let in.
//
// Peers come from addresses of loopback other than 127.0.0.1, which a node gives
// credit for what it lets in: see package hosts.
package hostile

import (
	"slices"
	"sync"
	"time"
)

// Visits is when somebody was let in: a connection from the handshake to its
// end, or a request.
type Visits struct {
	mu   sync.Mutex
	list []*visit
}

type visit struct{ from, to time.Time } // to is zero while it lasts

// Begin enters a visit; end ends it.
func (v *Visits) Begin() (end func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	one := &visit{from: time.Now()}
	v.list = append(v.list, one)
	return func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		one.to = time.Now()
	}
}

// First returns when it was let in first, the zero time if never.
func (v *Visits) First() time.Time {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.list) == 0 {
		return time.Time{}
	}
	return v.list[0].from
}

// Between returns how many visits there were at some time of a span.
func (v *Visits) Between(from, to time.Time) (n int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, one := range v.list {
		if one.from.Before(to) && (one.to.IsZero() || one.to.After(from)) {
			n++
		}
	}
	return n
}

// brief is a visit that was answered and ended at once: of greetings that come in the
// same instant more may be answered than may stay, and a busy machine notices late.
const brief = 5 * time.Second

// Most returns how many there were at a time at most, brief ones aside, and how many
// in all.
func (v *Visits) Most() (most, all int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	stayed := slices.DeleteFunc(slices.Clone(v.list), func(one *visit) bool {
		return !one.to.IsZero() && one.to.Sub(one.from) < brief
	})
	for _, one := range stayed {
		n := 0
		for _, other := range stayed {
			if !other.from.After(one.from) && (other.to.IsZero() || other.to.After(one.from)) {
				n++
			}
		}
		most = max(most, n)
	}
	return most, len(v.list)
}
