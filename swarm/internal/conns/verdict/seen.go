package verdict

import (
	"net/netip"
	"time"
)

// How long what is known of TLS lasts after it was told last. Its key lasts
// less: a peer that has lost it is out of reach for as long.
const (
	SeenLifetime = 365 * 24 * time.Hour
	FaceLifetime = 30 * 24 * time.Hour
)

// Pin is the SHA-256 of the SubjectPublicKeyInfo of a peer's certificate; zero if
// none is known.
type Pin = [32]byte

// Face is what a peer shows over TLS, as far as it is known.
type Face struct {
	Name string // to ask for, which the certificate is valid for; "" for none
	Pin  Pin    // of the certificate that it shows then
}

// seen is what is known of a peer with TLS. Times are kept to the day, or the file
// of them would change with every connection.
type seen struct {
	at     time.Time
	face   Face
	faceAt time.Time
}

func (s seen) holds(now time.Time) bool { return now.Before(s.at.Add(SeenLifetime)) }

func (s seen) record(k link) SeenRecord {
	r := SeenRecord{Addr: k.addr, InfoHash: k.hash, At: s.at}
	if s.face != (Face{}) {
		r.Name, r.FaceAt = s.face.Name, s.faceAt
	}
	if s.face.Pin != (Pin{}) {
		r.Pin = s.face.Pin[:]
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
	if len(r.Pin) == len(Pin{}) {
		s.face.Pin = Pin(r.Pin)
	}
	s.face.Name, s.faceAt = r.Name, r.FaceAt
	if r.FaceAt.After(now) {
		s.face = Face{}
	}
	return s
}

func day(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// NoteTLS notes that the peer at a was dialled and has TLS in a torrent, or has said
// there that it has it; it is no peer without TLS, then.
func (m *Memory) NoteTLS(a netip.AddrPort, hash InfoHash, now time.Time) {
	m.NoteFace(a, hash, Face{}, now)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.dialled.put(link{key(a), hash}, day(now))
}

// NoteFace notes that a peer, which may have called us, has said that it has TLS where
// it can be dialled, and what it shows. What it told last counts.
func (m *Memory) NoteFace(a netip.AddrPort, hash InfoHash, f Face, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := link{key(a), hash}
	s, _ := m.seen.get(k)
	s.at = day(now)
	if f != (Face{}) {
		s.face, s.faceAt = f, day(now)
	}
	m.seen.put(k, s)
	m.legacy.remove(key(a))
}

// SeenTLS reports whether the peer at a was seen with TLS in a torrent.
func (m *Memory) SeenTLS(a netip.AddrPort, hash InfoHash, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := link{key(a), hash}
	s, ok := m.seen.get(k)
	at, dialled := m.dialled.get(k)
	return ok && s.holds(now) || dialled && seen{at: at}.holds(now)
}

// Face returns what the peer at a has said that it shows in a torrent, zero if
// that is not known.
func (m *Memory) Face(a netip.AddrPort, hash InfoHash, now time.Time) Face {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.seen.get(link{key(a), hash})
	if !ok || !now.Before(s.faceAt.Add(FaceLifetime)) {
		return Face{}
	}
	return s.face
}
