package credential

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"time"
)

// MaxRevoked bounds the serial numbers of one list. Those of credentials that
// have expired need not be on it.
const MaxRevoked = 4096

// MaxRevocationsSize is the greatest size of a list in bytes.
const MaxRevocationsSize = serialsAt + 16*MaxRevoked + 64

const (
	numberAt  = 33
	signedAt  = 41
	countAt   = 49
	serialsAt = 53
)

// Revocations is the list of credentials that an authority has taken back. The
// zero value takes nothing back.
type Revocations struct {
	For       [32]byte // T
	Number    uint64   // greater than that of the list before
	Signed    time.Time
	Serials   []Serial // ascending
	Signature [64]byte
}

// ParseRevocations reads a list. It checks the layout and nothing else: see
// Check.
func ParseRevocations(b []byte) (r Revocations, err error) {
	if len(b) < serialsAt+64 || b[0] != version {
		return r, ErrMalformed
	}
	n, signed := binary.BigEndian.Uint32(b[countAt:]), binary.BigEndian.Uint64(b[signedAt:])
	if n > MaxRevoked || len(b) != serialsAt+16*int(n)+64 || signed > maxTime {
		return r, ErrMalformed
	}
	r = Revocations{
		For: [32]byte(b[1:numberAt]), Number: binary.BigEndian.Uint64(b[numberAt:]), Signed: time.Unix(int64(signed), 0).UTC(),
		Signature: [64]byte(b[len(b)-64:]),
	}
	for s := range slices.Chunk(b[serialsAt:len(b)-64], 16) {
		if k := len(r.Serials); k > 0 && bytes.Compare(r.Serials[k-1][:], s) >= 0 {
			return Revocations{}, ErrMalformed
		}
		r.Serials = append(r.Serials, Serial(s))
	}
	return r, nil
}

// Append appends the bytes of r.
func (r Revocations) Append(dst []byte) []byte {
	return append(r.appendSigned(dst), r.Signature[:]...)
}

func (r Revocations) appendSigned(dst []byte) []byte {
	dst = append(append(dst, version), r.For[:]...)
	dst = binary.BigEndian.AppendUint64(dst, r.Number)
	dst = binary.BigEndian.AppendUint64(dst, uint64(r.Signed.Unix()))
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(r.Serials)))
	for _, s := range r.Serials {
		dst = append(dst, s[:]...)
	}
	return dst
}

// Check reports whether r was signed by an authority for a torrent and is not
// older than a list seen before, of which least is the number.
func (r Revocations) Check(authority, id [32]byte, least uint64) error {
	switch {
	case !verify(authority, revokeDomain, r.appendSigned(nil), r.Signature):
		return fmt.Errorf("credential: list of revocations: %w", ErrAuthority)
	case r.For != id:
		return fmt.Errorf("credential: list of revocations: %w", ErrTorrent)
	case r.Number < least:
		return fmt.Errorf("credential: list of revocations: %w", ErrOld)
	}
	return nil
}

// Has reports whether a serial number is on the list.
func (r Revocations) Has(s Serial) bool {
	_, found := slices.BinarySearchFunc(r.Serials, s, compareSerials)
	return found
}

func compareSerials(a, b Serial) int { return bytes.Compare(a[:], b[:]) }
