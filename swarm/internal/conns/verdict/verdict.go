// Package verdict remembers how peers can be reached: with TLS, or not.
package verdict

import (
	"fmt"
	"net/netip"
	"sync"
	"time"
)

// Lifetime is how long it is believed that a peer has no TLS.
const Lifetime = 24 * time.Hour

// InfoHash names the torrent in handshakes (BEP 3; truncated for BEP 52).
type InfoHash = [20]byte

// Kind is a way to connect.
type Kind uint8

// The kinds, the most private first.
const (
	TLS   Kind = iota // BitTorrent over TLS
	MSE               // message stream encryption
	Plain             // BEP 3 handshake in clear
)

// String returns the kind in lower case.
func (k Kind) String() string {
	names := [...]string{"tls", "mse", "plain"}
	if int(k) < len(names) {
		return names[k]
	}
	return fmt.Sprintf("kind %d", k)
}

// Memory remembers how peers can be reached. It is shared between torrents,
// bounded, and safe for concurrent use.
//
// Two kinds of memory are kept apart. That a peer has no TLS is said of its
// address and expires soon. That a peer was seen with TLS, or has said that it has
// it, is said of its address and one torrent, and lasts: on it rests the promise
// never to fall back. It is told again and again while the peer is met; who was
// not met for a year is another one by then.
type Memory struct {
	mu       sync.Mutex
	legacy   *lru[netip.AddrPort, legacy]
	seen     *lru[link, seen]
	dialled  *lru[link, time.Time] // of seen, when; callers, who can say anything, flush none of these
	declined *lru[link, time.Time]
}

type legacy struct {
	works   Kind
	expires time.Time
}

// key is the one form of an address under which it is remembered.
func key(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}

// link is a peer in a torrent.
type link struct {
	addr netip.AddrPort
	hash InfoHash
}

// A LegacyRecord says that a peer has no TLS.
type LegacyRecord struct {
	Addr    netip.AddrPort
	Works   Kind // the kind to try first
	Expires time.Time
}

// A SeenRecord says that a peer was seen with TLS in a torrent.
type SeenRecord struct {
	Addr     netip.AddrPort
	InfoHash InfoHash
	At       time.Time // to the day
	Dialled  bool      `json:",omitempty"` // and not only said by a caller
	// What it has told of itself: 32 bytes, a name, and the day.
	Pin    []byte    `json:",omitempty"`
	Name   string    `json:",omitempty"`
	FaceAt time.Time `json:",omitzero"`
}

// Records is what a Memory holds, in a form to be stored. What was used
// last comes last.
type Records struct {
	Legacy []LegacyRecord
	Seen   []SeenRecord
}

// New returns an empty memory of at most size entries of each kind.
func New(size int) *Memory {
	return &Memory{
		legacy:   newLRU[netip.AddrPort, legacy](size),
		seen:     newLRU[link, seen](size),
		dialled:  newLRU[link, time.Time](size),
		declined: newLRU[link, time.Time](size),
	}
}

// NoteLegacy notes that the peer at a has no TLS.
func (m *Memory) NoteLegacy(a netip.AddrPort, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.legacy.put(key(a), legacy{m.works(a), now.Add(Lifetime)})
}

// works returns the kind that has worked last at a peer without TLS, else MSE.
func (m *Memory) works(a netip.AddrPort) Kind {
	if l, ok := m.legacy.get(key(a)); ok {
		return l.works
	}
	return MSE
}

// NoteWorks notes which kind has worked at a peer without TLS. It does not make
// the verdict last longer.
func (m *Memory) NoteWorks(a netip.AddrPort, works Kind) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if l, ok := m.legacy.get(key(a)); ok {
		m.legacy.put(key(a), legacy{works, l.expires})
	}
}

// ForgetLegacy makes the peer at a unknown again.
func (m *Memory) ForgetLegacy(a netip.AddrPort) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.legacy.remove(key(a))
}

// Legacy reports whether the peer at a is known to have no TLS, and which kind
// to try first without; the latter is remembered when the verdict has expired.
func (m *Memory) Legacy(a netip.AddrPort, now time.Time) (works Kind, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l, ok := m.legacy.get(key(a))
	return m.works(a), ok && now.Before(l.expires)
}

// NoteDeclined notes that the host at a has TLS but showed no sign of knowing
// the torrent. It says nothing about other torrents and is believed for
// Lifetime.
func (m *Memory) NoteDeclined(a netip.AddrPort, hash InfoHash, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.declined.put(link{key(a), hash}, now.Add(Lifetime))
}

// Declined reports whether NoteDeclined is still believed.
func (m *Memory) Declined(a netip.AddrPort, hash InfoHash, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	expires, ok := m.declined.get(link{key(a), hash})
	return ok && now.Before(expires)
}

// Export returns what is remembered. What a host declined is not: the next run
// asks again.
func (m *Memory) Export() Records {
	m.mu.Lock()
	defer m.mu.Unlock()
	var r Records
	m.legacy.each(func(a netip.AddrPort, l legacy) {
		r.Legacy = append(r.Legacy, LegacyRecord{a, l.works, l.expires})
	})
	m.dialled.each(func(k link, at time.Time) {
		if _, ok := m.seen.at[k]; !ok {
			r.Seen = append(r.Seen, SeenRecord{Addr: k.addr, InfoHash: k.hash, At: at, Dialled: true})
		}
	})
	m.seen.each(func(k link, s seen) {
		rec := s.record(k)
		_, rec.Dialled = m.dialled.at[k]
		r.Seen = append(r.Seen, rec)
	})
	return r
}

// Import adds what was exported, except what has expired or claims to last longer
// than it can.
func (m *Memory) Import(r Records, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range r.Legacy {
		if now.Before(l.Expires) && !l.Expires.After(now.Add(Lifetime)) {
			m.legacy.put(key(l.Addr), legacy{l.Works, l.Expires})
		}
	}
	for _, rec := range r.Seen {
		if s := rec.seen(now); s.holds(now) {
			k := link{key(rec.Addr), rec.InfoHash}
			if m.seen.put(k, s); rec.Dialled {
				m.dialled.put(k, s.at)
			}
		}
	}
}
