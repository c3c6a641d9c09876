// Package throttle bounds how often each address may ask, in memory that does not
// grow with the number of addresses.
//
// There are two rows of buckets, and an address has one in each, by a keyed hash. It
// is refused only if both are empty: who shares one with a noisy neighbour still has
// the other, and who makes up addresses fills buckets of which nobody can tell whose
// they are. An address of IPv6 counts as its /64, which is what one line gets.
package throttle

import (
	"hash/maphash"
	"net/netip"
	"sync/atomic"
	"time"
)

// buckets is how many there are in a row: 8 bytes each.
const buckets = 1 << 16

// Throttle bounds a rate. It is safe for concurrent use.
type Throttle struct {
	burst  uint64 // in units
	each   uint64 // units a second
	rows   [2][]atomic.Uint64
	seeds  [2]maphash.Seed
	refuse atomic.Uint64
}

// unit is what one request costs; a bucket counts parts of one.
const unit = 1 << 10

// New returns a throttle that lets an address ask burst times at once and then rate
// times a second; it is nil, which refuses nobody, if rate is 0. Rates are bounded
// by a million.
func New(rate float64, burst int) *Throttle {
	if rate <= 0 {
		return nil
	}
	t := &Throttle{
		burst: uint64(min(max(burst, 1), 1<<20)) * unit,
		each:  max(uint64(min(rate, 1e6)*unit), 1),
	}
	for i := range t.rows {
		t.rows[i] = make([]atomic.Uint64, buckets)
		t.seeds[i] = maphash.MakeSeed()
	}
	return t
}

// Allow reports whether an address may ask now, and counts that it did.
func (t *Throttle) Allow(from netip.Addr, now time.Time) bool {
	if t == nil {
		return true
	}
	second := uint64(now.Unix())
	allowed := false
	b := counted(from)
	for i := range t.rows {
		slot := &t.rows[i][maphash.Bytes(t.seeds[i], b[:])%buckets]
		if t.take(slot, uint32(second)) {
			allowed = true
		}
	}
	if !allowed {
		t.refuse.Add(1)
	}
	return allowed
}

// Refused is how often Allow said no.
func (t *Throttle) Refused() uint64 {
	if t == nil {
		return 0
	}
	return t.refuse.Load()
}

// take takes a unit out of a bucket, which is what was used in its lower half and
// the second of that in its upper one.
func (t *Throttle) take(slot *atomic.Uint64, second uint32) bool {
	for {
		was := slot.Load()
		used := was & (1<<32 - 1)
		if passed := uint64(second - uint32(was>>32)); passed < 1<<31 {
			used -= min(used, passed*t.each)
		}
		if used+unit > t.burst {
			return false
		}
		if slot.CompareAndSwap(was, uint64(second)<<32|(used+unit)) {
			return true
		}
	}
}

// counted returns what counts as one address.
func counted(from netip.Addr) [16]byte {
	b := from.As16()
	if from.Is6() && !from.Is4In6() {
		clear(b[8:])
	}
	return b
}
