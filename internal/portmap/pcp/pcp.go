// Package pcp turns requests to routers for a port into datagrams and answers
// back: the Port Control Protocol (PCP, RFC 6887) and the one it grew out of,
// NAT-PMP (RFC 6886). Both are spoken on one port of the router, and each is one
// datagram and one answer. It does no I/O.
package pcp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"time"
)

// Port is the UDP port that routers listen on.
const Port = 5351

// MaxSize is the length of the longest datagram of the two protocols (RFC 6887
// section 7), in bytes.
const MaxSize = 1100

// Protocol is one of IP (RFC 5237).
type Protocol uint8

// The protocols that ports are mapped for.
const (
	TCP Protocol = 6
	UDP Protocol = 17
)

// String implements fmt.Stringer.
func (p Protocol) String() string {
	switch p {
	case TCP:
		return "tcp"
	case UDP:
		return "udp"
	}
	return fmt.Sprintf("protocol %d", uint8(p))
}

// Nonce tells the answers to our requests from those to others; a mapping belongs
// to whoever knows the one it was made with.
type Nonce [12]byte

// Mapping is what is asked for, and what is granted.
type Mapping struct {
	Protocol Protocol
	Internal uint16         // port of this machine
	External netip.AddrPort // of the router; in a request a wish, or zero; NAT-PMP tells the port alone
	Lifetime time.Duration  // whole seconds; 0 ends the mapping
}

// Errors of answers.
var (
	ErrMalformed = errors.New("not an answer of a router")
	// ErrVersion means that the router does not speak this version, and perhaps
	// another.
	ErrVersion = errors.New("the router does not speak this version")
)

// Refusal is a result code other than success (RFC 6887 section 7.4, RFC 6886
// section 3.5).
type Refusal struct {
	Code uint16
	name string
}

// Error implements error.
func (r *Refusal) Error() string { return "the router refuses: " + r.name }

// Versions and operations.
const (
	versionPMP   = 0
	versionPCP   = 2
	opMap        = 1    // PCP
	opAddress    = 0    // NAT-PMP; 1 is UDP, 2 TCP
	response     = 0x80 // set in answers
	lenHead      = 24
	lenMap       = 36
	lenPMP       = 16
	lenAddress   = 12
	lenRefusal   = 8
	codeVersion  = 1
	maxLifetime  = 24 * time.Hour // of what is granted, whatever a router says
	versionError = "it does not speak this version"
)

// AppendMap appends a PCP request for a mapping (RFC 6887 section 11.1). client
// is the address it is sent from.
func AppendMap(b []byte, client netip.Addr, n Nonce, m Mapping) []byte {
	b = append(b, versionPCP, opMap, 0, 0)
	b = binary.BigEndian.AppendUint32(b, seconds(m.Lifetime))
	ip := client.WithZone("").As16()
	b = append(b, ip[:]...)
	b = append(b, n[:]...)
	b = append(b, byte(m.Protocol), 0, 0, 0)
	b = binary.BigEndian.AppendUint16(b, m.Internal)
	b = binary.BigEndian.AppendUint16(b, m.External.Port())
	wish := m.External.Addr()
	if !wish.IsValid() { // any address of the family
		wish = netip.IPv6Unspecified()
		if client.Unmap().Is4() {
			wish = netip.IPv4Unspecified()
		}
	}
	ip = wish.As16()
	return append(b, ip[:]...)
}

// ParseMap reads the answer of PCP to a request with a nonce. Errors match
// [ErrMalformed] or [ErrVersion], or are a [*Refusal].
func ParseMap(b []byte, n Nonce) (Mapping, error) {
	if len(b) < 4 || len(b) > MaxSize || b[1]&response == 0 {
		return Mapping{}, fmt.Errorf("%w: %d bytes", ErrMalformed, len(b))
	}
	if b[0] != versionPCP { // NAT-PMP says so in its own version (RFC 6886 section 9)
		return Mapping{}, ErrVersion
	}
	if len(b) < lenHead || len(b)%4 != 0 || b[1] != response|opMap {
		return Mapping{}, fmt.Errorf("%w: %d bytes of operation %d", ErrMalformed, len(b), b[1])
	}
	if b[3] != 0 {
		return Mapping{}, refusalPCP(b[3])
	}
	body := b[lenHead:]
	if len(body) < lenMap || [12]byte(body[:12]) != n {
		return Mapping{}, fmt.Errorf("%w: it answers another request", ErrMalformed)
	}
	ip := netip.AddrFrom16([16]byte(body[20:36])).Unmap()
	return Mapping{
		Protocol: Protocol(body[12]), Internal: binary.BigEndian.Uint16(body[16:]),
		External: netip.AddrPortFrom(ip, binary.BigEndian.Uint16(body[18:])),
		Lifetime: lifetime(binary.BigEndian.Uint32(b[4:])),
	}, nil
}

func refusalPCP(code byte) error {
	names := [...]string{
		1: versionError, 2: "it is not allowed to map ports", 3: "it finds the request malformed",
		4: "it does not map ports", 5: "it does not know an option", 6: "it finds an option malformed",
		7: "it has no connection", 8: "it has no room", 9: "it does not know the protocol",
		10: "too many ports are mapped for this machine", 11: "it cannot give that port",
		12: "the request has passed another translation of addresses", 13: "it lets too many in",
	}
	if code == codeVersion {
		return ErrVersion
	}
	if int(code) < len(names) {
		return &Refusal{uint16(code), names[code]}
	}
	return &Refusal{uint16(code), fmt.Sprintf("result %d", code)}
}

func seconds(d time.Duration) uint32 { return uint32(min(d, maxLifetime) / time.Second) }

func lifetime(s uint32) time.Duration { return min(time.Duration(s)*time.Second, maxLifetime) }
