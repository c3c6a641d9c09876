// Package greeting is what two nodes do before they are peers: it opens
// connections, exchanges handshakes (BEP 3), and decides which of two connections with the same peer stays.
//
// It knows a torrent by its info-hashes alone. Whether a peer may come in is
// asked of whoever has the torrent's peers.
package greeting

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/internal/transport/admission"
	"github.com/warren-p2p/warren/peerwire"
)

// Read reads a handshake. The caller bounds it.
func Read(r io.Reader) (peerwire.Handshake, error) {
	var b [peerwire.HandshakeLen]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return peerwire.Handshake{}, fmt.Errorf("read the handshake: %w", err)
	}
	return peerwire.ParseHandshake(b[:])
}

// CloseOnDone closes a connection at the end of ctx, so that a handshake under
// way holds nobody up. stop reports false if that has happened.
func CloseOnDone(ctx context.Context, c net.Conn) (stop func() bool) {
	return context.AfterFunc(ctx, func() { admission.HangUp(c) })
}

// Names returns the 20-byte names of a torrent in handshakes; a hybrid has two.
func Names(id transport.ID) [][20]byte {
	var n [][20]byte
	if id.HasV1 {
		n = append(n, id.V1)
	}
	if id.HasV2 {
		n = append(n, [20]byte(id.V2[:20]))
	}
	return n
}

// Named reports whether a torrent has a name.
func Named(id transport.ID, name [20]byte) bool { return slices.Contains(Names(id), name) }

// Answer returns the name to answer a handshake under: of a hybrid that of
// version 2, if the peer can do that (BEP 52, upgrade path), else the one it came
// with. libtorrent asks for more than an answer under the same name: to one of
// version 1 it hangs up if it was told of us as a peer of version 2 meanwhile.
func Answer(id transport.ID, theirs peerwire.Handshake) [20]byte {
	if id.HasV1 && id.HasV2 && theirs.Reserved.Has(peerwire.CapV2) {
		return [20]byte(id.V2[:20])
	}
	return theirs.InfoHash
}

// Handshake returns our handshake under one of a torrent's names, with what we
// can beyond what every torrent has.
func Handshake(id transport.ID, name, peerID [20]byte, more ...peerwire.Capability) []byte {
	r := peerwire.Reserved{}.With(peerwire.CapExtended, peerwire.CapFast).With(more...)
	if id.HasV2 {
		r = r.With(peerwire.CapV2)
	}
	return peerwire.Handshake{Reserved: r, InfoHash: name, PeerID: peerID}.Append(nil)
}

// Met is a connection on which handshakes were exchanged.
type Met struct {
	Stream   net.Conn
	Kind     transport.Kind
	Incoming bool
	At       netip.AddrPort // where it was dialled or where it comes from
	From     netip.AddrPort // the address of its other end
	Theirs   peerwire.Handshake
}

// Conn describes the connection to choose between two with the same peer.
func (m *Met) Conn() Conn { return Conn{Kind: m.Kind, Incoming: m.Incoming, Addr: m.At.Addr()} }

// Reached returns where the peer was dialled; of one that has called, its address
// with port 0.
func (m *Met) Reached() netip.AddrPort {
	if m.Incoming {
		return netip.AddrPortFrom(m.From.Addr(), 0)
	}
	return netip.AddrPortFrom(m.From.Addr(), m.At.Port())
}

// Conn is one of two connections with the same peer.
type Conn struct {
	Kind     transport.Kind
	Incoming bool
	Addr     netip.Addr // of the peer
}

// Replaces reports whether a new connection takes the place of an old one with
// the same peer. When both nodes have dialled each other at once, each may learn
// of the two connections in another order, and still both must keep the same
// one: the better protected, else the one that the greater peer id dialled, as
// libtorrent does it.
//
// A peer id is no secret. Whoever comes from elsewhere, or is protected worse,
// replaces nobody by showing one.
func Replaces(fresh, old Conn, ours, theirs [20]byte) bool {
	switch {
	case fresh.Incoming == old.Incoming, fresh.Addr != old.Addr:
		return false
	case fresh.Kind != old.Kind:
		return fresh.Kind > old.Kind
	}
	return fresh.Incoming == (bytes.Compare(ours[:], theirs[:]) < 0)
}
