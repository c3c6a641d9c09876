package extension

import (
	"encoding/binary"
	"net/netip"

	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/peerwire"
)

// MaxPexPeers is how many added, and how many dropped, peers are taken from
// one message. BEP 11 asks for at most 50 after the first.
const MaxPexPeers = 200

// PexFlags says what the sender knows about an added peer (BEP 11).
type PexFlags byte

// The flags of BEP 11.
const (
	PexEncryption PexFlags = 0x01 // prefers encryption
	PexUploadOnly PexFlags = 0x02 // is a seed or wants nothing
	PexUTP        PexFlags = 0x04 // speaks uTP
	PexHolepunch  PexFlags = 0x08 // speaks ut_holepunch
	PexReachable  PexFlags = 0x10 // was reached by dialling it
	// PexTLS is not in BEP 11: the peer accepts BitTorrent over TLS, as package btls
	// has it, on the port that is told.
	PexTLS PexFlags = 0x20
)

// PexPeer is one added peer.
type PexPeer struct {
	Addr  netip.AddrPort
	Flags PexFlags
}

// Pex is a ut_pex message (BEP 11). IPv4 and IPv6 peers, which the message
// keeps apart, stand in one list each, IPv4 first when parsed.
type Pex struct {
	Added   []PexPeer
	Dropped []netip.AddrPort
}

// pexFamily is the keys and the address length of one half of a message.
type pexFamily struct {
	added, flags, dropped string
	addrLen               int
}

func pexFamilies() [2]pexFamily {
	return [2]pexFamily{
		{"added", "added.f", "dropped", 4},
		{"added6", "added6.f", "dropped6", 16},
	}
}

// Append appends the payload of p to dst. Invalid addresses are left out.
func (p Pex) Append(dst []byte) []byte {
	dict := map[string]any{}
	for _, f := range pexFamilies() {
		var added, flags, dropped []byte
		for _, peer := range p.Added {
			n := len(added)
			if added = f.appendAddr(added, peer.Addr); len(added) > n {
				flags = append(flags, byte(peer.Flags))
			}
		}
		for _, addr := range p.Dropped {
			dropped = f.appendAddr(dropped, addr)
		}
		// Empty lists are written too: a message must have at least one
		// list, and old clients expect the three of IPv4.
		if f.addrLen == 4 || len(added) > 0 {
			dict[f.added], dict[f.flags] = added, flags
		}
		if f.addrLen == 4 || len(dropped) > 0 {
			dict[f.dropped] = dropped
		}
	}
	return bencode.Append(dst, dict)
}

// ParsePex reads the payload of a ut_pex message. It takes at most MaxPexPeers
// added and as many dropped peers, without those that nobody can dial: port 0 or the
// unspecified address. Whether the others may be dialled is for the caller to
// decide; the sender may have made them up.
func ParsePex(payload []byte) (Pex, error) {
	dict, _, err := parseDict(NamePex, payload)
	if err != nil {
		return Pex{}, err
	}
	var p Pex
	for _, f := range pexFamilies() {
		flags, _ := dict.Get(f.flags).Bytes()
		err := f.each(dict, f.added, MaxPexPeers-len(p.Added), func(i int, addr netip.AddrPort) {
			peer := PexPeer{Addr: addr}
			if i < len(flags) {
				peer.Flags = PexFlags(flags[i])
			}
			p.Added = append(p.Added, peer)
		})
		if err != nil {
			return Pex{}, err
		}
		err = f.each(dict, f.dropped, MaxPexPeers-len(p.Dropped), func(_ int, addr netip.AddrPort) {
			p.Dropped = append(p.Dropped, addr)
		})
		if err != nil {
			return Pex{}, err
		}
	}
	return p, nil
}

// each calls take with the usable entries of a compact list and their places
// in it, at most room times.
func (f pexFamily) each(dict bencode.Value, key string, room int, take func(int, netip.AddrPort)) error {
	list, _ := dict.Get(key).Bytes()
	size := f.addrLen + 2
	if len(list)%size != 0 {
		return refuse(NamePex, peerwire.ErrLength, "%s has %d bytes, want a multiple of %d", key, len(list), size)
	}
	for i := 0; len(list) > 0 && room > 0; i, list = i+1, list[size:] {
		addr, _ := netip.AddrFromSlice(list[:f.addrLen])
		addr = addr.Unmap()
		port := binary.BigEndian.Uint16(list[f.addrLen:])
		if port != 0 && !addr.IsUnspecified() {
			take(i, netip.AddrPortFrom(addr, port))
			room--
		}
	}
	return nil
}

// appendAddr appends the compact form of addr if it belongs to the family.
func (f pexFamily) appendAddr(dst []byte, addr netip.AddrPort) []byte {
	ip := addr.Addr().Unmap()
	if ip.BitLen() != f.addrLen*8 {
		return dst
	}
	return binary.BigEndian.AppendUint16(append(dst, ip.AsSlice()...), addr.Port())
}
