package request

import (
	"encoding/binary"
	"errors"
	"strings"

	"github.com/warren-p2p/warren/tracker/message"
)

// Action is what a datagram asks for (BEP 15).
type Action uint32

// The actions; ActionError is an answer only.
const (
	ActionConnect Action = iota
	ActionAnnounce
	ActionScrape
	ActionError
)

// protocolID begins a datagram that asks for a connection id (BEP 15).
const protocolID = 0x41727101980

// Sizes of datagrams, in bytes.
const (
	sizeHead     = 16
	sizeAnnounce = 98
)

// ErrDatagram is returned for a datagram that asks for nothing: it is not answered.
var ErrDatagram = errors.New("not a request to a tracker")

// Head is the beginning of a datagram.
type Head struct {
	Connection  uint64
	Action      Action
	Transaction uint32
}

// Begin reads the beginning of a datagram. Whether its connection id is a good one
// is for others to say; that of a connect is what BEP 15 wants.
func Begin(b []byte) (h Head, err error) {
	if len(b) < sizeHead {
		return h, ErrDatagram
	}
	h.Connection = binary.BigEndian.Uint64(b)
	h.Action = Action(binary.BigEndian.Uint32(b[8:]))
	h.Transaction = binary.BigEndian.Uint32(b[12:])
	switch h.Action {
	case ActionConnect:
		if h.Connection != protocolID {
			return h, ErrDatagram
		}
	case ActionAnnounce:
		if len(b) < sizeAnnounce {
			return h, ErrDatagram
		}
	case ActionScrape:
		if len(b) < sizeHead+20 {
			return h, ErrDatagram
		}
	default:
		return h, ErrDatagram
	}
	return h, nil
}

// AnnounceDatagram reads an announce that Begin has taken for one. Its passkey is in
// the path that an option carries (BEP 41), before the last part of it.
func AnnounceDatagram(b []byte, q *Query) error {
	*q = Query{}
	b = b[sizeHead:]
	q.InfoHash, q.PeerID = [20]byte(b), [20]byte(b[20:])
	number := func(at int) int64 { return max(int64(binary.BigEndian.Uint64(b[at:])), 0) }
	q.Downloaded, q.Left, q.Uploaded = number(40), number(48), number(56)
	if e := message.Event(binary.BigEndian.Uint32(b[64:]) & 0xff); e <= message.Stopped {
		q.Event = e
	}
	q.Key = binary.BigEndian.Uint32(b[72:])
	q.NumWant = max(int(int32(binary.BigEndian.Uint32(b[76:]))), Unsaid)
	q.Port = binary.BigEndian.Uint16(b[80:])
	if q.Port == 0 {
		return ErrPort
	}
	if options := b[82:]; len(options) > 0 {
		q.Passkey = passkey(options)
	}
	return nil
}

// HashesDatagram appends the info-hashes of a scrape that Begin has taken for one,
// at most 74 (BEP 15).
func HashesDatagram(b []byte, dst [][20]byte) [][20]byte {
	for b = b[sizeHead:]; len(b) >= 20 && len(dst) < message.MaxScrape; b = b[20:] {
		dst = append(dst, [20]byte(b))
	}
	return dst
}

// The options of BEP 41.
const (
	optionEnd  = 0
	optionNOP  = 1
	optionPath = 2
)

// passkey looks for a pass key in options: it is the part of the path before the
// last, or the parameter passkey.
func passkey(options []byte) string {
	var path strings.Builder
	for len(options) > 0 && options[0] != optionEnd {
		if options[0] == optionNOP {
			options = options[1:]
			continue
		}
		if len(options) < 2 || len(options) < 2+int(options[1]) {
			break
		}
		n := 2 + int(options[1])
		if options[0] == optionPath {
			path.Write(options[2:n])
		}
		options = options[n:]
	}
	way, query, _ := strings.Cut(path.String(), "?")
	parts := strings.Split(strings.Trim(way, "/"), "/")
	if len(parts) >= 2 {
		return parts[len(parts)-2]
	}
	_, key, _ := Hashes(query, nil, 0)
	return key
}
