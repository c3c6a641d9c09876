package schedule

import "time"

// Status is what is known of a tracker of a torrent.
type Status struct {
	Tracker
	Asking   bool  // an announce is under way
	Asked    bool  // it was asked before
	Err      error // why it is of no use now; nil if it is, or if it was not asked
	Seeders  int   // -1 if not told
	Leechers int   // -1 if not told
}

// Status returns what is known of the trackers of a torrent, in the order in
// which they are asked, and when the next announce is due; zero if none is.
func (s *Schedule) Status(id ID) (list []Status, next time.Time) {
	e := s.entries[id]
	if e == nil {
		return nil, time.Time{}
	}
	for i := range e.slots {
		t := &e.slots[i]
		if t.leaving {
			continue
		}
		st := Status{
			Tracker: Tracker{t.url.Value(), t.typed}, Asked: t.asked, Err: t.err,
			Asking:  e.place == flying && i == int(e.current),
			Seeders: int(t.seeders), Leechers: int(t.leechers),
		}
		if st.Err == nil {
			st.Err = t.host.err
		}
		list = append(list, st)
	}
	if e.place == waiting || e.place == ready {
		next = s.base.Add(e.next)
	}
	return list, next
}
