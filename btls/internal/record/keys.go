package record

import (
	"encoding/binary"
	"fmt"

	"github.com/warren-p2p/warren/btls/internal/gcm"
	"github.com/warren-p2p/warren/btls/internal/schedule"
)

// half is the protection of one direction.
type half struct {
	suite  schedule.Suite
	secret []byte
	aead   gcm.AEAD
	iv     [12]byte
	seq    uint64
	nonce  [12]byte // scratch
}

// newHalf derives the keys of a traffic secret (RFC 8446, section 7.3). seq is
// the number of records that it has protected already.
func newHalf(s schedule.Suite, secret []byte, seq uint64) (*half, error) {
	h := &half{suite: s, secret: secret, seq: seq}
	key, iv, err := s.Keys(secret)
	if err != nil {
		return nil, err
	}
	h.iv = iv
	if h.aead, err = gcm.New(key); err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	return h, nil
}

// next returns the half after a KeyUpdate (RFC 8446, section 7.2).
func (h *half) next() (*half, error) {
	secret, err := h.suite.Next(h.secret)
	if err != nil {
		return nil, err
	}
	return newHalf(h.suite, secret, 0)
}

// step returns the nonce of the next record (RFC 8446, section 5.3). It is
// valid until the call after.
func (h *half) step() []byte {
	h.nonce = h.iv
	tail := h.nonce[4:]
	binary.BigEndian.PutUint64(tail, binary.BigEndian.Uint64(tail)^h.seq)
	h.seq++
	return h.nonce[:]
}

// seal protects one record. rec has room for the header, the content, the
// content type, pad zeros (RFC 8446, section 5.4) and the tag.
func (h *half) seal(rec, content []byte, contentType byte, pad int) {
	rec[0], rec[1], rec[2] = typeApplicationData, 3, 3
	binary.BigEndian.PutUint16(rec[3:], uint16(len(content)+1+pad+tagLen))
	body, last := rec[headerLen:], contentType
	if pad > 0 {
		n := copy(body, content)
		body[n], last = contentType, 0
		content = body[:n+pad]
		clear(content[n+1:])
	}
	h.aead.SealWith(body, h.step(), content, last, rec[:headerLen])
}

// open takes the protection off one record in place, header included in rec,
// and returns its content.
func (h *half) open(rec []byte) (content []byte, contentType byte, err error) {
	inner, err := h.aead.Open(rec[headerLen:headerLen], h.step(), rec[headerLen:], rec[:headerLen])
	if err != nil {
		return nil, 0, ErrAuthentication
	}
	// Zeros after the type are padding.
	n := len(inner) - 1
	for n >= 0 && inner[n] == 0 {
		n--
	}
	if n < 0 || n > maxContent {
		return nil, 0, fmt.Errorf("%w: %d bytes inside", ErrRecord, len(inner))
	}
	return inner[:n], inner[n], nil
}
