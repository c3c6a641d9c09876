package extension

import (
	"encoding/binary"
	"net/netip"

	"github.com/warren-p2p/warren/peerwire"
)

// HolepunchType is the msg_type of a ut_holepunch message.
type HolepunchType uint8

// The types of ut_holepunch messages (BEP 55).
const (
	HolepunchRendezvous HolepunchType = 0 // to the relay: introduce me to Addr
	HolepunchConnect    HolepunchType = 1 // from the relay: connect to Addr now
	HolepunchError      HolepunchType = 2 // from the relay: no rendezvous
)

// HolepunchCode is the err_code of a HolepunchError.
type HolepunchCode uint32

// The error codes of BEP 55.
const (
	HolepunchNoSuchPeer   HolepunchCode = 1 // the endpoint is invalid
	HolepunchNotConnected HolepunchCode = 2 // the relay is not connected to it
	HolepunchNoSupport    HolepunchCode = 3 // the peer there lacks ut_holepunch
	HolepunchNoSelf       HolepunchCode = 4 // the endpoint is the relay's own
)

// Holepunch is a ut_holepunch message (BEP 55). Code belongs to HolepunchError
// and is 0 otherwise.
type Holepunch struct {
	Type HolepunchType
	Addr netip.AddrPort
	Code HolepunchCode
}

// Append appends the payload of h to dst. Addr must be valid.
func (h Holepunch) Append(dst []byte) []byte {
	ip := h.Addr.Addr().Unmap()
	var family byte
	if ip.Is6() {
		family = 1
	}
	dst = append(dst, byte(h.Type), family)
	dst = append(dst, ip.AsSlice()...)
	dst = binary.BigEndian.AppendUint16(dst, h.Addr.Port())
	return binary.BigEndian.AppendUint32(dst, uint32(h.Code))
}

// ParseHolepunch reads the payload of a ut_holepunch message. libtorrent leaves
// err_code out of messages that are not errors, so there it may be missing; in
// an error message it must be there. Codes outside BEP 55 are kept.
func ParseHolepunch(payload []byte) (Holepunch, error) {
	if len(payload) < 2 {
		return Holepunch{}, refuse(NameHolepunch, peerwire.ErrLength, "%d bytes", len(payload))
	}
	h := Holepunch{Type: HolepunchType(payload[0])}
	addrLen := 4
	if payload[1] == 1 {
		addrLen = 16
	}
	if h.Type > HolepunchError || payload[1] > 1 {
		return Holepunch{}, refuse(NameHolepunch, peerwire.ErrValue, "msg_type %d, addr_type %d", h.Type, payload[1])
	}
	body := payload[2:]
	short, full := addrLen+2, addrLen+2+4
	if len(body) != full && (len(body) != short || h.Type == HolepunchError) {
		return Holepunch{}, refuse(NameHolepunch, peerwire.ErrLength, "%d bytes, want %d", len(payload), 2+full)
	}
	addr, _ := netip.AddrFromSlice(body[:addrLen])
	h.Addr = netip.AddrPortFrom(addr.Unmap(), binary.BigEndian.Uint16(body[addrLen:]))
	if h.Type == HolepunchError {
		h.Code = HolepunchCode(binary.BigEndian.Uint32(body[short:]))
	}
	return h, nil
}
