package ipfilter

import (
	"bytes"
	"net/netip"
	"strconv"
	"strings"
)

// comment reports whether a line says nothing.
func comment(line []byte) bool {
	return len(line) == 0 || line[0] == '#' || line[0] == ';' || bytes.HasPrefix(line, []byte("//"))
}

// allowedLevel is from which access level on eMule lets an address pass.
const allowedLevel = 128

// parse reads a line:
//
//	001.002.003.000 - 001.002.003.255 , 100 , name     eMule; blocked below 128
//	name:1.2.3.0-1.2.3.255                             PeerGuardian
//	1.2.3.0-1.2.3.255, 1.2.3.0/24 or 1.2.3.4           also of IPv6
func parse(line string) (first, last netip.Addr, blocks, ok bool) {
	if text, rest, found := strings.Cut(line, ","); found {
		level, _, _ := strings.Cut(rest, ",")
		n, err := strconv.Atoi(strings.TrimSpace(level))
		if first, last, ok = parseRange(text); ok && err == nil {
			return first, last, n < allowedLevel, true
		}
	}
	if first, last, ok = parseRange(line); ok {
		return first, last, true, true
	}
	// A name may have colons, commas and more in it.
	if i := strings.LastIndexByte(line, ':'); i >= 0 {
		first, last, ok = parseRange(line[i+1:])
	}
	return first, last, ok, ok
}

func parseRange(text string) (first, last netip.Addr, ok bool) {
	text = strings.TrimSpace(text)
	if a, b, found := strings.Cut(text, "-"); found {
		first, last = parseAddr(a), parseAddr(b)
		return first, last, ordered(first, last)
	}
	addr, bits, found := strings.Cut(text, "/")
	first = parseAddr(addr)
	if !found {
		return first, first, first.IsValid()
	}
	n, err := strconv.ParseUint(bits, 10, 8)
	if err != nil || !first.IsValid() {
		return first, last, false
	}
	p, err := first.Prefix(int(n))
	if err != nil {
		return first, last, false
	}
	return p.Addr(), end(p), true
}

// end returns the last address of a prefix.
func end(p netip.Prefix) netip.Addr {
	b := p.Addr().AsSlice()
	for i := p.Bits(); i < 8*len(b); i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}

// parseAddr reads an address, invalid if it is none. eMule pads numbers with
// zeros, and means decimal ones.
func parseAddr(text string) netip.Addr {
	text = strings.TrimSpace(text)
	if a, err := netip.ParseAddr(text); err == nil {
		return a.WithZone("").Unmap()
	}
	var b [4]byte
	rest := text
	for i := range b {
		var part string
		var more bool
		part, rest, more = strings.Cut(rest, ".")
		n, err := strconv.ParseUint(part, 10, 8)
		if err != nil || len(part) > 3 || more != (i < 3) {
			return netip.Addr{}
		}
		b[i] = byte(n)
	}
	return netip.AddrFrom4(b)
}
