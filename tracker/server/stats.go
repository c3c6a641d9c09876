package server

import "sync/atomic"

// Front is what a request comes by.
type Front uint8

// The fronts.
const (
	HTTP Front = iota
	UDP
	fronts
)

// counters count since the start.
type counters struct {
	announces, scrapes [fronts]atomic.Uint64
	connects           atomic.Uint64
	ignored            atomic.Uint64
	malformed          atomic.Uint64
	throttled          atomic.Uint64
	strangers          atomic.Uint64
	unlisted           atomic.Uint64
	full               atomic.Uint64
	failed             atomic.Uint64
}

// Stats is what a tracker has done since it was made. Announces and scrapes are all
// that could be read; those that were refused are among them, and counted again by
// the reason.
type Stats struct {
	AnnouncesHTTP, AnnouncesUDP uint64
	ScrapesHTTP, ScrapesUDP     uint64
	Connects                    uint64 // connection ids given (BEP 15)
	Ignored                     uint64 // datagrams that were not answered
	Malformed                   uint64 // requests that cannot be meant
	Throttled                   uint64 // refused: too many from one address
	Strangers                   uint64 // refused: a pass key of nobody
	Unlisted                    uint64 // refused: not on the list
	Full                        uint64 // refused: no room
	Failed                      uint64 // the store could not be reached
}

// Refused is how many requests were refused.
func (s Stats) Refused() uint64 {
	return s.Malformed + s.Throttled + s.Strangers + s.Unlisted + s.Full + s.Failed
}

// Stats tells what the tracker has done.
func (t *Tracker) Stats() Stats {
	c := &t.counts
	return Stats{
		AnnouncesHTTP: c.announces[HTTP].Load(), AnnouncesUDP: c.announces[UDP].Load(),
		ScrapesHTTP: c.scrapes[HTTP].Load(), ScrapesUDP: c.scrapes[UDP].Load(),
		Connects: c.connects.Load(), Ignored: c.ignored.Load(), Malformed: c.malformed.Load(),
		Throttled: c.throttled.Load(), Strangers: c.strangers.Load(), Unlisted: c.unlisted.Load(),
		Full: c.full.Load(), Failed: c.failed.Load(),
	}
}

// Connected takes note of a connection id that was given.
func (t *Tracker) Connected() { t.counts.connects.Add(1) }

// Ignored takes note of a datagram that is not answered.
func (t *Tracker) Ignored() { t.counts.ignored.Add(1) }
