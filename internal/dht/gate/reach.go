package gate

import (
	"net/netip"
	"time"
)

// Periods of finding out whether strangers reach us.
const (
	trial      = 20 * time.Minute // without a stranger until we are taken to be out of reach
	enough     = 64               // replies in it: others must have had the chance to learn of us
	retrial    = 3 * time.Hour    // until it is tried again
	memory     = 10 * time.Minute // for which somebody we have sent to is no stranger
	maxContact = 8192             // addresses that are remembered so
)

// reach finds out whether strangers reach us. A router lets in those we have sent
// to, so they prove nothing.
type reach struct {
	recent, older map[netip.Addr]struct{} // whom we have sent to
	turned        time.Time               // when recent became older
	replies       int                     // of the trial
	began         time.Time               // the trial; zero before the first reply
	out           bool                    // of reach
}

func newReach() reach { return reach{recent: make(map[netip.Addr]struct{})} }

func (r *reach) sent(to netip.Addr, now time.Time) {
	if now.Sub(r.turned) >= memory || len(r.recent) >= maxContact {
		r.older, r.recent = r.recent, make(map[netip.Addr]struct{})
		r.turned = now
	}
	r.recent[to] = struct{}{}
}

func (r *reach) answered(now time.Time) {
	if r.began.IsZero() {
		r.began = now
	}
	r.replies++
}

func (r *reach) queried(from netip.Addr, now time.Time) {
	_, recent := r.recent[from]
	_, older := r.older[from]
	if !recent && !older {
		r.out, r.began, r.replies = false, now, 0
	}
}

func (r *reach) readOnly(now time.Time) bool {
	switch past := now.Sub(r.began); {
	case r.began.IsZero():
	case !r.out && past >= trial && r.replies >= enough:
		r.out, r.began = true, now
	case r.out && past >= retrial:
		r.out, r.began, r.replies = false, now, 0
	}
	return r.out
}
