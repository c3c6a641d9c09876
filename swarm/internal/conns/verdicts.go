package conns

import (
	"net/netip"
	"sync"
	"time"
)

// VerdictTime is how long it is believed that a peer has no TLS.
const VerdictTime = 24 * time.Hour

// Verdicts remembers how peers can be reached. It is shared between torrents,
// bounded, and safe for concurrent use.
//
// Two kinds of memory are kept apart. That a peer has no TLS is said of its
// address and expires. That a peer was seen with TLS is said of its address and
// one torrent, and never expires: on it rests the promise never to fall back.
type Verdicts struct {
	mu       sync.Mutex
	legacy   *lru[netip.AddrPort, legacy]
	seen     *lru[link, struct{}]
	declined *lru[link, time.Time]
}

type legacy struct {
	works   Kind
	expires time.Time
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
}

// Records is what a Verdicts remembers, in a form to be stored. What was used
// last comes last.
type Records struct {
	Legacy []LegacyRecord
	Seen   []SeenRecord
}

// NewVerdicts returns an empty memory of at most size entries of each kind.
func NewVerdicts(size int) *Verdicts {
	return &Verdicts{
		legacy:   newLRU[netip.AddrPort, legacy](size),
		seen:     newLRU[link, struct{}](size),
		declined: newLRU[link, time.Time](size),
	}
}

// NoteLegacy notes that the peer at a has no TLS, and which kind to try first.
func (v *Verdicts) NoteLegacy(a netip.AddrPort, works Kind, now time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.legacy.put(unmap(a), legacy{works, now.Add(VerdictTime)})
}

// NoteWorks notes which kind has worked at a peer without TLS. It does not make
// the verdict last longer.
func (v *Verdicts) NoteWorks(a netip.AddrPort, works Kind) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if l, ok := v.legacy.get(unmap(a)); ok {
		v.legacy.put(unmap(a), legacy{works, l.expires})
	}
}

// ForgetLegacy makes the peer at a unknown again.
func (v *Verdicts) ForgetLegacy(a netip.AddrPort) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.legacy.remove(unmap(a))
}

// Legacy reports whether the peer at a is known to have no TLS, and which kind
// to try first.
func (v *Verdicts) Legacy(a netip.AddrPort, now time.Time) (works Kind, ok bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	l, ok := v.legacy.get(unmap(a))
	if !ok {
		return 0, false
	}
	if !now.Before(l.expires) {
		v.legacy.remove(unmap(a))
		return 0, false
	}
	return l.works, true
}

// NoteTLS notes that the peer at a was seen with TLS in a torrent; it is no
// peer without TLS, then. Callers note peers that have connected to us, too, at
// the address they can be dialed at.
func (v *Verdicts) NoteTLS(a netip.AddrPort, hash InfoHash) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.seen.put(link{unmap(a), hash}, struct{}{})
	v.legacy.remove(unmap(a))
}

// SeenTLS reports whether the peer at a was ever seen with TLS in a torrent.
func (v *Verdicts) SeenTLS(a netip.AddrPort, hash InfoHash) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	_, ok := v.seen.get(link{unmap(a), hash})
	return ok
}

// NoteDeclined notes that the host at a has TLS but showed no sign of knowing
// the torrent. It says nothing about other torrents and is believed for
// VerdictTime.
func (v *Verdicts) NoteDeclined(a netip.AddrPort, hash InfoHash, now time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.declined.put(link{unmap(a), hash}, now.Add(VerdictTime))
}

// Declined reports whether NoteDeclined is still believed.
func (v *Verdicts) Declined(a netip.AddrPort, hash InfoHash, now time.Time) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	expires, ok := v.declined.get(link{unmap(a), hash})
	return ok && now.Before(expires)
}

// Export returns what is remembered. What a host declined is not: the next run
// asks again.
func (v *Verdicts) Export() Records {
	v.mu.Lock()
	defer v.mu.Unlock()
	var r Records
	v.legacy.each(func(a netip.AddrPort, l legacy) {
		r.Legacy = append(r.Legacy, LegacyRecord{a, l.works, l.expires})
	})
	v.seen.each(func(k link, _ struct{}) {
		r.Seen = append(r.Seen, SeenRecord{k.addr, k.hash})
	})
	return r
}

// Import adds what was exported, except verdicts that have expired or claim to
// last longer than a verdict can.
func (v *Verdicts) Import(r Records, now time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, l := range r.Legacy {
		if now.Before(l.Expires) && !l.Expires.After(now.Add(VerdictTime)) {
			v.legacy.put(unmap(l.Addr), legacy{l.Works, l.Expires})
		}
	}
	for _, s := range r.Seen {
		v.seen.put(link{unmap(s.Addr), s.InfoHash}, struct{}{})
	}
}
