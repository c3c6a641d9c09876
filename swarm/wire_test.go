package swarm_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/peerwire"
)

// wire is a peer in the hands of a test, in clear.
type wire struct {
	t    *testing.T
	conn net.Conn
}

func shake(m *metainfo.Torrent, id byte) []byte {
	h := m.Hashes()
	name := [20]byte(h.V1)
	if !h.HasV1 {
		name = [20]byte(h.V2[:20])
	}
	r := peerwire.Reserved{}.With(peerwire.CapExtended, peerwire.CapFast)
	if h.HasV2 {
		r = r.With(peerwire.CapV2)
	}
	return peerwire.Handshake{Reserved: r, InfoHash: name, PeerID: [20]byte{id}}.Append(nil)
}

// call connects to a node and exchanges handshakes.
func (w *world) call(from netip.Addr, to *node, m *metainfo.Torrent, id byte) *wire {
	w.t.Helper()
	c, err := w.net.Host(from).Dial(context.Background(), to.addr().String())
	if err != nil {
		w.t.Fatal(err)
	}
	p := &wire{w.t, c}
	p.send(shake(m, id))
	p.read(peerwire.HandshakeLen)
	return p
}

func (p *wire) send(b []byte) {
	p.t.Helper()
	if _, err := p.conn.Write(b); err != nil {
		p.t.Fatal(err)
	}
}

func (p *wire) read(n int) []byte {
	p.t.Helper()
	b := make([]byte, n)
	if _, err := io.ReadFull(p.conn, b); err != nil {
		p.t.Fatal(err)
	}
	return b
}

// next returns the next message, false at the end of the connection.
func (p *wire) next() (peerwire.ID, []byte, bool) {
	for {
		var size [4]byte
		if _, err := io.ReadFull(p.conn, size[:]); err != nil {
			return 0, nil, false
		}
		b := make([]byte, binary.BigEndian.Uint32(size[:]))
		if _, err := io.ReadFull(p.conn, b); err != nil {
			return 0, nil, false
		}
		if len(b) > 0 {
			return peerwire.ID(b[0]), b[1:], true
		}
	}
}

// until reads up to a message of one kind.
func (p *wire) until(want peerwire.ID) []byte {
	p.t.Helper()
	for {
		id, payload, ok := p.next()
		if !ok {
			p.t.Fatalf("the connection ended before %v", want)
		}
		if id == want {
			return payload
		}
	}
}

// toldFor reads for a time, and returns the pieces of which it was told by then.
func (p *wire) toldFor(d time.Duration, have []byte) peerwire.Bitfield {
	p.t.Helper()
	all := peerwire.Bitfield(bytes.Clone(have))
	_ = p.conn.SetReadDeadline(time.Now().Add(d))
	for {
		id, payload, ok := p.next()
		if !ok {
			break
		}
		if id == peerwire.IDHave {
			all.Set(int(binary.BigEndian.Uint32(payload)))
		}
	}
	_ = p.conn.SetReadDeadline(time.Time{})
	return all
}

// drain reads until the connection ends.
func (p *wire) drain() {
	for {
		if _, _, ok := p.next(); !ok {
			return
		}
	}
}
