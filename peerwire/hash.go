package peerwire

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

const (
	// MaxHashes is how many hashes of the base layer may be asked for at once
	// (BEP 52 says that requests SHOULD NOT be larger).
	MaxHashes = 512
	// MaxLayers is how many layers a tree over 16 KiB leaves can have, file
	// sizes being below 2^63.
	MaxLayers = 50
	// hashRequestLen is the payload of hash request and hash reject in bytes.
	hashRequestLen = 32 + 4*4
)

// HashRequest asks for hashes of a file's merkle tree (BEP 52): Length hashes
// of the layer BaseLayer above the leaves, from the Index-th on, and the uncle
// hashes from there towards the root in ProofLayers layers. It is the payload
// of hash request and hash reject.
type HashRequest struct {
	PiecesRoot                            [32]byte
	BaseLayer, Index, Length, ProofLayers uint32
}

// Hashes answers a HashRequest (BEP 52). List is 32 bytes per hash: Length
// hashes of the base layer, then the uncles, the one closest to the root last.
type Hashes struct {
	HashRequest
	List []byte
}

// AppendHashRequest appends a hash request message (BEP 52).
func AppendHashRequest(dst []byte, r HashRequest) []byte {
	return r.append(appendHeader(dst, IDHashRequest, hashRequestLen))
}

// AppendHashReject appends a hash reject message (BEP 52).
func AppendHashReject(dst []byte, r HashRequest) []byte {
	return r.append(appendHeader(dst, IDHashReject, hashRequestLen))
}

// AppendHashes appends a hashes message (BEP 52).
func AppendHashes(dst []byte, h Hashes) []byte {
	dst = h.append(appendHeader(dst, IDHashes, hashRequestLen+len(h.List)))
	return append(dst, h.List...)
}

// ParseHashRequest reads the payload of a hash request or hash reject. It does
// not judge it: a request that Check refuses is to be answered with a reject.
func ParseHashRequest(payload []byte) (HashRequest, error) {
	if len(payload) != hashRequestLen {
		return HashRequest{}, lengthError(IDHashRequest, len(payload), hashRequestLen)
	}
	return parseHashRequest(payload), nil
}

// ParseHashes reads the payload of a hashes message, whose request must pass
// Check and whose list must hold Length hashes and at most Uncles more. List
// is a view of payload.
func ParseHashes(payload []byte) (Hashes, error) {
	if len(payload) < hashRequestLen {
		return Hashes{}, lengthError(IDHashes, len(payload), hashRequestLen)
	}
	h := Hashes{parseHashRequest(payload), payload[hashRequestLen:]}
	if err := h.Check(); err != nil {
		return Hashes{}, &Error{IDHashes.String(), err}
	}
	low, n := int(h.Length)*32, len(h.List)
	if high := low + h.Uncles()*32; n%32 != 0 || n < low || n > high {
		return Hashes{}, &Error{IDHashes.String(),
			fmt.Errorf("%w: %d bytes of hashes, want %d to %d", ErrLength, n, low, high)}
	}
	return h, nil
}

// Check applies the rules of BEP 52 that need no knowledge of the torrent:
// Length is a power of two from 2 to MaxHashes, Index a multiple of it, and
// the layers exist in the largest tree there can be. The error wraps ErrValue.
func (r HashRequest) Check() error {
	switch {
	case r.Length < 2 || r.Length > MaxHashes || r.Length&(r.Length-1) != 0:
		return fmt.Errorf("%w: length %d is not a power of two from 2 to %d", ErrValue, r.Length, MaxHashes)
	case r.Index%r.Length != 0:
		return fmt.Errorf("%w: index %d is not a multiple of length %d", ErrValue, r.Index, r.Length)
	case r.BaseLayer >= MaxLayers || r.ProofLayers > MaxLayers:
		return fmt.Errorf("%w: base layer %d, proof layers %d", ErrValue, r.BaseLayer, r.ProofLayers)
	}
	return nil
}

// Uncles returns how many uncle hashes answer r, which must pass Check: the
// first log2(Length)-1 proof layers follow from the base hashes and are left
// out (BEP 52).
func (r HashRequest) Uncles() int {
	computed := bits.Len32(r.Length) - 2
	return max(0, int(r.ProofLayers)-computed)
}

func (r HashRequest) append(dst []byte) []byte {
	dst = append(dst, r.PiecesRoot[:]...)
	for _, n := range [...]uint32{r.BaseLayer, r.Index, r.Length, r.ProofLayers} {
		dst = binary.BigEndian.AppendUint32(dst, n)
	}
	return dst
}

func parseHashRequest(b []byte) HashRequest {
	return HashRequest{
		PiecesRoot:  [32]byte(b),
		BaseLayer:   binary.BigEndian.Uint32(b[32:]),
		Index:       binary.BigEndian.Uint32(b[36:]),
		Length:      binary.BigEndian.Uint32(b[40:]),
		ProofLayers: binary.BigEndian.Uint32(b[44:]),
	}
}
