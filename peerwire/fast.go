package peerwire

import (
	"crypto/sha1"
	"encoding/binary"
	"net/netip"
	"slices"
)

// AllowedFast returns the canonical allowed fast set of the peer at ip (BEP 6,
// "Allowed Fast Set Generation"): k pieces, or all of them if the torrent has
// fewer, in the order the algorithm finds them. BEP 6 has no provision for
// IPv6, for which the set is empty.
func AllowedFast(k, numPieces int, ip netip.Addr, infoHash [20]byte) []uint32 {
	ip = ip.Unmap()
	if !ip.Is4() {
		return nil
	}
	k = min(k, numPieces)
	if k <= 0 {
		return nil
	}
	// One set per /24, so that many addresses in one network gain nothing.
	v4 := ip.As4()
	v4[3] = 0
	x := sha1.Sum(append(v4[:], infoHash[:]...))
	set := make([]uint32, 0, k)
	for {
		for i := 0; i < len(x); i += 4 {
			piece := uint32(uint64(binary.BigEndian.Uint32(x[i:])) % uint64(numPieces))
			if slices.Contains(set, piece) {
				continue
			}
			if set = append(set, piece); len(set) == k {
				return set
			}
		}
		x = sha1.Sum(x[:])
	}
}
