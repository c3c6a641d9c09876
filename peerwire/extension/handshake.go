package extension

import (
	"net/netip"
	"strings"
	"unicode"

	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/peerwire"
)

// Limits on an extended handshake.
const (
	MaxNames       = 128      // entries of the m dictionary
	MaxVersionLen  = 256      // bytes of v
	MaxReqq        = 1 << 16  // requests; a larger reqq counts as this
	MaxMetadataLen = 64 << 20 // bytes of an info dictionary
)

const handshakeName = "extended handshake"

// Handshake tells what the sender can do (BEP 10). Zero fields are absent from
// the message, and M is additive when a connection sees more than one.
type Handshake struct {
	M            map[string]byte // id the sender wants to receive each message under; 0 turns it off
	V            string          // client name and version
	P            int             // TCP port the sender listens on
	Reqq         int             // requests the sender queues without dropping any
	MetadataSize int             // bytes of the info dictionary (BEP 9)
	YourIP       netip.Addr      // address the sender sees the receiver at
	IPv4, IPv6   netip.Addr      // further addresses of the sender
	UploadOnly   bool            // the sender wants nothing (BEP 21)
	Encryption   bool            // the sender prefers encryption: key e, as BEP 11 calls it
	TLS          TLS             // how the sender is reached over TLS: key tls
}

// Append appends the payload of h to dst, for extended message id 0.
func (h Handshake) Append(dst []byte) []byte {
	m := make(map[string]any, len(h.M))
	for name, id := range h.M {
		m[name] = int(id)
	}
	dict := map[string]any{"m": m}
	for key, n := range map[string]int{"p": h.P, "reqq": h.Reqq, "metadata_size": h.MetadataSize} {
		if n != 0 {
			dict[key] = n
		}
	}
	for key, set := range map[string]bool{"upload_only": h.UploadOnly, "e": h.Encryption} {
		if set {
			dict[key] = 1
		}
	}
	for key, addr := range map[string]netip.Addr{"yourip": h.YourIP, "ipv4": h.IPv4, "ipv6": h.IPv6} {
		if addr.IsValid() {
			dict[key] = addr.AsSlice()
		}
	}
	if h.V != "" {
		dict["v"] = h.V
	}
	if h.TLS.V != 0 {
		dict["tls"] = h.TLS.dict()
	}
	return bencode.Append(dst, dict)
}

// ParseHandshake reads the payload of extended message id 0. It keeps nothing
// of payload. V comes back fit to print: what is not printable is replaced by
// U+FFFD.
func ParseHandshake(payload []byte) (Handshake, error) {
	dict, _, err := parseDict(handshakeName, payload)
	if err != nil {
		return Handshake{}, err
	}
	h := Handshake{M: map[string]byte{}}
	for key, v := range dict.Dict() {
		switch key {
		case "m":
			if h.M = parseNames(v); len(h.M) > MaxNames {
				return Handshake{}, refuse(handshakeName, peerwire.ErrLength, "more than %d names in m", MaxNames)
			}
		case "v":
			if v.Len() <= MaxVersionLen {
				s, _ := v.Text()
				h.V = printable(s)
			}
		case "p":
			h.P, _ = number(v, 1, 65535)
		case "reqq":
			n, _ := v.Int()
			h.Reqq = int(min(max(n, 0), MaxReqq))
		case "metadata_size":
			h.MetadataSize, _ = number(v, 1, MaxMetadataLen)
		case "yourip":
			h.YourIP = address(v)
		case "ipv4":
			h.IPv4 = only(address(v), netip.Addr.Is4)
		case "ipv6":
			h.IPv6 = only(address(v), netip.Addr.Is6)
		case "upload_only":
			n, _ := v.Int()
			h.UploadOnly = n != 0
		case "e":
			n, _ := v.Int()
			h.Encryption = n != 0
		case "tls":
			h.TLS = parseTLS(v)
		}
	}
	return h, nil
}

// parseNames stops one entry behind the limit, which tells its caller.
func parseNames(v bencode.Value) map[string]byte {
	m := map[string]byte{}
	for name, id := range v.Dict() {
		if n, ok := number(id, 0, 255); ok {
			m[name] = byte(n)
		}
		if len(m) > MaxNames {
			break
		}
	}
	return m
}

func only(addr netip.Addr, is func(netip.Addr) bool) netip.Addr {
	if is(addr) {
		return addr
	}
	return netip.Addr{}
}

func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, s)
}
