package queue

import "time"

// A torrent below slowRate for stallTime is slow; above it for wakeTime it is not
// any more. The numbers are those of libtorrent, but for the last, which it does
// not have: two torrents must not take turns by the second.
const (
	slowRate  = 2048 // bytes a second
	stallTime = time.Minute
	wakeTime  = 15 * time.Second
)

// taken counts places.
type taken struct {
	kinds [Seed + 1]int
	total int
}

// Decide looks at all torrents and returns what is to be changed about whom.
func (q *Queue[ID]) Decide(now time.Time, look func(ID) Look) (changes []Verdict[ID]) {
	looks := make([]Look, len(q.line))
	for i, p := range q.line {
		looks[i] = look(p.id)
		p.measure(looks[i], now)
	}
	var t taken
	for _, kind := range [...]Kind{Download, Seed, None} {
		for i, p := range q.line {
			l := looks[i]
			if l.Kind != kind {
				continue
			}
			why := q.admit(&t, p.slow, l)
			if l.Active != (why == nil) {
				changes = append(changes, Verdict[ID]{p.id, why != nil, why})
			}
		}
	}
	return changes
}

// admit returns why there is no place for a torrent, or takes one.
func (q *Queue[ID]) admit(t *taken, slow bool, l Look) *FullError {
	if l.Kind == None || l.Forced {
		return nil
	}
	limit := [...]int{Download: q.limits.Downloads, Seed: q.limits.Seeds}[l.Kind]
	switch {
	case q.limits.Total > 0 && t.total >= q.limits.Total:
		return &FullError{l.Kind, q.limits.Total, true}
	case !slow && limit > 0 && t.kinds[l.Kind] >= limit:
		return &FullError{l.Kind, limit, false}
	}
	t.total++
	if !slow {
		t.kinds[l.Kind]++
	}
	return nil
}

// measure finds out whether a torrent is slow.
func (p *place[ID]) measure(l Look, now time.Time) {
	active := l.Active && l.Kind != None
	if !active || !p.begun {
		p.begun, p.slow, p.since = active, false, time.Time{}
	}
	if !active {
		return
	}
	if (l.Rate < slowRate) == p.slow {
		p.since = time.Time{}
		return
	}
	if p.since.IsZero() {
		p.since = now
	}
	wait := stallTime
	if p.slow {
		wait = wakeTime
	}
	if now.Sub(p.since) >= wait {
		p.slow, p.since = !p.slow, time.Time{}
	}
}
