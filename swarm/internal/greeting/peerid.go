package greeting

import "crypto/rand"

// NewPeerID returns a peer id in the form of BEP 20: client, version, and twelve
// random bytes.
func NewPeerID() (id [20]byte) {
	copy(id[:], "-WN0100-")
	_, _ = rand.Read(id[8:]) // never fails: crypto/rand
	return id
}
