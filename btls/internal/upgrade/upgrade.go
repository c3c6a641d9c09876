// Package upgrade is the HTTP exchange in which a connection becomes the peer
// wire: what a client asks, what a server answers, and nothing of how either is
// made or checked. Both look like a WebSocket's (RFC 6455).
package upgrade

import (
	"errors"
	"fmt"
)

// The errors of package btls that the exchange can end with.
var (
	ErrNotPeer = errors.New("not a peer for this torrent")
	ErrProof   = errors.New("server did not prove that it knows the torrent")
)

// NotPeerError is the answer of a server that stayed a website.
type NotPeerError struct {
	Status int // HTTP status code
}

// Error describes the answer.
func (e *NotPeerError) Error() string {
	return fmt.Sprintf("btls: %v: HTTP status %d", ErrNotPeer, e.Status)
}

// Is makes every NotPeerError match ErrNotPeer.
func (e *NotPeerError) Is(target error) bool { return target == ErrNotPeer }
