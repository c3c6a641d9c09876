package shelf

import (
	"time"

	"github.com/warren-p2p/warren/internal/share/book/rows"
	"github.com/warren-p2p/warren/internal/share/record"
)

// Turn is a torrent that is to stop with its link, or to go on with it.
type Turn struct {
	ID      record.ID
	Torrent string
	Stop    bool
}

// Turns returns the torrents of the shares whose links have ended by themselves, and those
// whose links last again, as far as nobody has said [Shelf.Turned] since.
func (s *Shelf) Turns(now time.Time) (list []Turn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, e := range s.all {
		state := StateOf(&e.row, now)
		if over := state == Expired; state != Revoked && over != e.paused {
			list = append(list, Turn{id, e.row.Torrent, over})
		}
	}
	return list
}

// Turned says that a torrent was stopped, or started.
func (s *Shelf) Turned(t Turn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.all[t.ID]; e != nil {
		e.paused = t.Stop
	}
}

// Unended returns the shares that are revoked, and whose torrents have not ended yet.
func (s *Shelf) Unended() (list []rows.Share) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.all {
		if !e.row.Revoked.IsZero() && (e.row.Torrent != "" || e.row.Public != "") {
			list = append(list, e.row)
		}
	}
	return list
}

// Next returns for how long no link ends, at most an hour.
func (s *Shelf) Next(now time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	wait := time.Hour
	for _, e := range s.all {
		if t := e.row.Expires; e.row.Revoked.IsZero() && t.After(now) {
			wait = min(wait, t.Sub(now))
		}
	}
	return wait
}
