package seek

import (
	"encoding/binary"

	"github.com/warren-p2p/warren/peerwire"
)

// maxSaid bounds what is kept of one peer, in bytes: a bitfield of half a million
// pieces, and as much again in other messages.
const maxSaid = 128 << 10

// Said keeps what a peer said before anybody knew what it was about. The zero
// value is empty.
type Said struct {
	b    []byte
	lost bool
}

// Keep adds a message. It reports false, and forgets all, if that is too much.
func (s *Said) Keep(id peerwire.ID, payload []byte) bool {
	if s.lost || len(s.b)+5+len(payload) > maxSaid {
		s.b, s.lost = nil, true
		return false
	}
	s.b = binary.BigEndian.AppendUint32(s.b, uint32(len(payload)))
	s.b = append(append(s.b, byte(id)), payload...)
	return true
}

// Lost reports whether there was too much.
func (s *Said) Lost() bool { return s.lost }

// Replay calls f with all messages in their order until it fails, and forgets
// them.
func (s *Said) Replay(f func(id peerwire.ID, payload []byte) error) error {
	b := s.b
	s.b = nil
	for len(b) > 0 {
		n := binary.BigEndian.Uint32(b)
		if err := f(peerwire.ID(b[4]), b[5:5+n]); err != nil {
			return err
		}
		b = b[5+n:]
	}
	return nil
}
