package pcp

import (
	"encoding/binary"
	"fmt"
	"net/netip"
)

// AppendAddressPMP appends a NAT-PMP request for the address of the router on the
// Internet (RFC 6886 section 3.2).
func AppendAddressPMP(b []byte) []byte { return append(b, versionPMP, opAddress) }

// ParseAddressPMP reads the answer to it. Errors are as those of [ParseMapPMP].
func ParseAddressPMP(b []byte) (netip.Addr, error) {
	if err := checkPMP(b, opAddress, lenAddress); err != nil {
		return netip.Addr{}, err
	}
	return netip.AddrFrom4([4]byte(b[8:12])), nil
}

// AppendMapPMP appends a NAT-PMP request for a mapping (RFC 6886 section 3.3). To
// end one the external port has to be 0 as well.
func AppendMapPMP(b []byte, m Mapping) []byte {
	b = append(b, versionPMP, opOf(m.Protocol), 0, 0)
	b = binary.BigEndian.AppendUint16(b, m.Internal)
	b = binary.BigEndian.AppendUint16(b, m.External.Port())
	return binary.BigEndian.AppendUint32(b, seconds(m.Lifetime))
}

// ParseMapPMP reads the answer to a request for a protocol, which does not tell
// the external address. Errors match [ErrMalformed] or [ErrVersion], or are a
// [*Refusal].
func ParseMapPMP(b []byte, p Protocol) (Mapping, error) {
	if err := checkPMP(b, opOf(p), lenPMP); err != nil {
		return Mapping{}, err
	}
	return Mapping{
		Protocol: p, Internal: binary.BigEndian.Uint16(b[8:]),
		External: netip.AddrPortFrom(netip.Addr{}, binary.BigEndian.Uint16(b[10:])),
		Lifetime: lifetime(binary.BigEndian.Uint32(b[12:])),
	}, nil
}

func opOf(p Protocol) byte {
	if p == UDP {
		return 1
	}
	return 2
}

// checkPMP checks the head of an answer to an operation, and its length.
func checkPMP(b []byte, op byte, size int) error {
	if len(b) < lenRefusal || len(b) > MaxSize || b[1]&response == 0 {
		return fmt.Errorf("%w: %d bytes", ErrMalformed, len(b))
	}
	if b[0] != versionPMP {
		return ErrVersion
	}
	if code := binary.BigEndian.Uint16(b[2:]); code != 0 {
		return refusalPMP(code)
	}
	if b[1] != response|op || len(b) != size {
		return fmt.Errorf("%w: %d bytes of operation %d", ErrMalformed, len(b), b[1])
	}
	return nil
}

func refusalPMP(code uint16) error {
	names := [...]string{
		1: versionError, 2: "it is not allowed to map ports", 3: "it has no connection",
		4: "it has no room", 5: "it does not map ports",
	}
	if code == codeVersion {
		return ErrVersion
	}
	if int(code) < len(names) {
		return &Refusal{code, names[code]}
	}
	return &Refusal{code, fmt.Sprintf("result %d", code)}
}
