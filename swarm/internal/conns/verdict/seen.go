package verdict

import (
	"net/netip"
	"time"
)

// How long what is known of TLS lasts after it was told last. A pin lasts less: a
// peer that has lost its key is out of reach for as long.
const (
	SeenLifetime = 365 * 24 * time.Hour
	PinLifetime  = 30 * 24 * time.Hour
)

// Pin is the SHA-256 of the SubjectPublicKeyInfo of a peer's certificate; zero if
// none is known.
type Pin = [32]byte

// seen is what is known of a peer with TLS. Times are kept to the day, or the file
// of them would change with every connection.
type seen struct {
	at    time.Time
	pin   Pin
	pinAt time.Time
}

func (s seen) holds(now time.Time) bool { return now.Before(s.at.Add(SeenLifetime)) }

func (s seen) record(k link) SeenRecord {
	r := SeenRecord{Addr: k.addr, InfoHash: k.hash, At: s.at}
	if s.pin != (Pin{}) {
		r.Pin, r.PinAt = s.pin[:], s.pinAt
	}
	return r
}

// seen returns what a record says. One without a time is of an older version; one
// of the future was made by a clock that went wrong.
func (r SeenRecord) seen(now time.Time) seen {
	s := seen{at: r.At}
	if s.at.IsZero() || s.at.After(now) {
		s.at = day(now)
	}
	if len(r.Pin) == len(s.pin) && !r.PinAt.After(now) {
		s.pin, s.pinAt = Pin(r.Pin), r.PinAt
	}
	return s
}

func day(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// NoteTLS notes that the peer at a was seen with TLS in a torrent, or has said
// that it has it; it is no peer without TLS, then. Callers note peers that have
// connected to us, too, at the address they can be dialed at.
func (m *Memory) NoteTLS(a netip.AddrPort, hash InfoHash, now time.Time) {
	m.NotePin(a, hash, Pin{}, now)
}

// NotePin is NoteTLS of a peer that has told which key it has. What it told last
// counts.
func (m *Memory) NotePin(a netip.AddrPort, hash InfoHash, pin Pin, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := link{key(a), hash}
	s, _ := m.seen.get(k)
	s.at = day(now)
	if pin != (Pin{}) {
		s.pin, s.pinAt = pin, day(now)
	}
	m.seen.put(k, s)
	m.legacy.remove(key(a))
}

// SeenTLS reports whether the peer at a was seen with TLS in a torrent.
func (m *Memory) SeenTLS(a netip.AddrPort, hash InfoHash, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.seen.get(link{key(a), hash})
	return ok && s.holds(now)
}

// Pin returns which key the peer at a has told in a torrent, zero if none is
// known.
func (m *Memory) Pin(a netip.AddrPort, hash InfoHash, now time.Time) Pin {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.seen.get(link{key(a), hash})
	if !ok || !now.Before(s.pinAt.Add(PinLifetime)) {
		return Pin{}
	}
	return s.pin
}
