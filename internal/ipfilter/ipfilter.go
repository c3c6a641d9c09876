// Package ipfilter reads lists of addresses that are not to be spoken to, as they
// are passed around for file sharing programs, and tells what is on them.
//
// Three kinds of lines are understood, in any mixture, gzipped or not: those of
// eMule's ipfilter.dat, those of PeerGuardian (P2P text), and plain addresses,
// ranges and CIDR prefixes. A list takes 8 bytes for a range of IPv4 and 32 for
// one of IPv6, and a look-up is a binary search.
package ipfilter

import (
	"cmp"
	"encoding/binary"
	"net/netip"
	"slices"
)

// List is a set of addresses. It does not change, and is safe for concurrent
// use; nil is the empty list.
type List struct {
	v4 []span[uint32]
	v6 []span[wide]
}

// span is a range with both ends included.
type span[T any] struct{ first, last T }

// wide is an IPv6 address as a number.
type wide struct{ high, low uint64 }

func (a wide) compare(b wide) int {
	return cmp.Or(cmp.Compare(a.high, b.high), cmp.Compare(a.low, b.low))
}

// next returns the number after a, false if there is none.
func (a wide) next() (wide, bool) {
	if a.low++; a.low == 0 {
		a.high++
	}
	return a, a != wide{}
}

// Blocks reports whether an address is on the list. One of IPv4 written as IPv6
// is what that is.
func (l *List) Blocks(a netip.Addr) bool {
	if l == nil {
		return false
	}
	switch a = a.Unmap(); {
	case a.Is4():
		return within(l.v4, number4(a), cmp.Compare[uint32])
	case a.Is6():
		return within(l.v6, number6(a), wide.compare)
	}
	return false
}

// Len returns how many ranges there are; those that touch count as one.
func (l *List) Len() int {
	if l == nil {
		return 0
	}
	return len(l.v4) + len(l.v6)
}

func within[T any](spans []span[T], a T, compare func(a, b T) int) bool {
	i, exact := slices.BinarySearchFunc(spans, a, func(s span[T], a T) int { return compare(s.first, a) })
	return exact || i > 0 && compare(a, spans[i-1].last) <= 0
}

func number4(a netip.Addr) uint32 {
	b := a.As4()
	return binary.BigEndian.Uint32(b[:])
}

func number6(a netip.Addr) wide {
	b := a.As16()
	return wide{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])}
}

// merge sorts spans and joins those that touch, in place.
func merge[T any](spans []span[T], compare func(a, b T) int, next func(T) (T, bool)) []span[T] {
	slices.SortFunc(spans, func(a, b span[T]) int { return compare(a.first, b.first) })
	out := spans[:0]
	for _, s := range spans {
		if len(out) > 0 {
			last := &out[len(out)-1]
			if after, ok := next(last.last); !ok || compare(s.first, after) <= 0 {
				if compare(s.last, last.last) > 0 {
					last.last = s.last
				}
				continue
			}
		}
		out = append(out, s)
	}
	return slices.Clip(slices.Clone(out))
}
