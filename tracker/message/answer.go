package message

import (
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/internal/wire/bencode"
)

// AppendAnswer appends the answer of an HTTP tracker to dst, with compact peers
// (BEP 23, 7). What is zero in r, or negative, is left out, invalid addresses are;
// the strings about TLS are there only if a peer has it. Sights is for clients.
func AppendAnswer(dst []byte, r *Response) []byte {
	dict := map[string]any{}
	for key, d := range map[string]time.Duration{"interval": r.Interval, "min interval": r.MinInterval} {
		if n := int(d / time.Second); n > 0 {
			dict[key] = n
		}
	}
	for key, n := range map[string]int{"complete": r.Seeders, "incomplete": r.Leechers} {
		if n >= 0 {
			dict[key] = n
		}
	}
	for key, text := range map[string]string{"tracker id": r.TrackerID, "warning message": r.Warning} {
		if text != "" {
			dict[key] = text
		}
	}
	if r.External.IsValid() {
		dict["external ip"] = r.External.Unmap().AsSlice()
	}
	var pins []byte
	dict["peers"] = []byte(nil) // who asked over IPv4 expects it
	for _, family := range []struct {
		peers, flags string
		size         int
	}{{"peers", "tls_flags", 4}, {"peers6", "tls_flags6", 16}} {
		c := compactOf(r, family.size)
		if len(c.peers) > 0 {
			dict[family.peers] = c.peers
		}
		if c.tls {
			dict[family.flags] = c.flags
		}
		pins = append(pins, c.pins...)
	}
	if len(pins) > 0 {
		dict["tls_pins"] = pins
	}
	return bencode.Append(dst, dict)
}

// AppendFailure appends an answer that refuses (BEP 3, 31).
func AppendFailure(dst []byte, f *Failure) []byte {
	dict := map[string]any{"failure reason": f.Reason}
	switch {
	case f.Never:
		dict["retry in"] = "never"
	case f.RetryIn > 0:
		dict["retry in"] = int((f.RetryIn + time.Minute - 1) / time.Minute)
	}
	return bencode.Append(dst, dict)
}

// compacted is the peers of one family, and what is said of them.
type compacted struct {
	peers, flags, pins []byte
	tls                bool // of any of them there is something to say
}

func compactOf(r *Response, size int) (c compacted) {
	for _, p := range r.Peers {
		ip := p.Addr().Unmap()
		if ip.BitLen() != size*8 || p.Port() == 0 {
			continue
		}
		c.peers = append(append(c.peers, ip.AsSlice()...), byte(p.Port()>>8), byte(p.Port()))
		pin, ok := r.TLS[netip.AddrPortFrom(ip, p.Port())]
		var bits byte
		if ok {
			bits, c.tls = flagTLS, true
		}
		if pin != (Pin{}) {
			bits |= flagPin
			c.pins = append(c.pins, pin[:]...)
		}
		c.flags = append(c.flags, bits)
	}
	return c
}
