//go:build linux

package hostile

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/peerwire"
)

// Peer calls nodes and behaves badly.
type Peer struct {
	Visits
	From    []netip.Addr // where it calls from, in turn
	Torrent *metainfo.Torrent
	// Act is what it does on a connection after the handshakes. It returns when
	// that has ended.
	Act func(*Wire)
	// At is how many connections it has to a node at a time; one if 0.
	At int
}

// again is how long a peer that was sent away waits before it comes back.
const again = 500 * time.Millisecond

// Haunt calls nodes at these addresses until the end of ctx.
func (p *Peer) Haunt(ctx context.Context, nodes ...string) {
	var calls sync.WaitGroup
	defer calls.Wait()
	for _, node := range nodes {
		for i := range max(p.At, 1) {
			calls.Go(func() { p.keepCalling(ctx, p.From[i%len(p.From)], node) })
		}
	}
}

func (p *Peer) keepCalling(ctx context.Context, from netip.Addr, node string) {
	for ctx.Err() == nil {
		p.call(ctx, from, node)
		select {
		case <-ctx.Done():
		case <-time.After(again):
		}
	}
}

// call makes one connection.
func (p *Peer) call(ctx context.Context, from netip.Addr, node string) {
	d := net.Dialer{LocalAddr: net.TCPAddrFromAddrPort(netip.AddrPortFrom(from, 0)), Control: ethernet}
	c, err := d.DialContext(ctx, "tcp", node)
	if err != nil {
		return
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { _ = c.Close() })()
	if p.Act == nil { // it does not even say hello
		_, _ = io.Copy(io.Discard, c)
		return
	}
	hash := p.Torrent.Hashes()
	hello := peerwire.Handshake{Reserved: peerwire.Reserved{}.With(peerwire.CapExtended, peerwire.CapFast), InfoHash: hash.V1}
	_, _ = rand.Read(hello.PeerID[:]) // never fails, says its documentation
	if _, err := c.Write(hello.Append(nil)); err != nil {
		return
	}
	if _, err := io.ReadFull(c, make([]byte, peerwire.HandshakeLen)); err != nil {
		return
	}
	defer p.Begin()()
	p.Act(&Wire{Conn: c.(*net.TCPConn), Torrent: p.Torrent})
}

// ethernet makes packets as small as they are on a real line. Those of loopback
// have 64 KiB, and megabytes wait in the kernel for who does not read.
func ethernet(_, _ string, raw syscall.RawConn) (err error) {
	inside := raw.Control(func(fd uintptr) { err = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_MAXSEG, 1460) })
	return errors.Join(inside, err)
}

// Wire is a connection after the handshakes.
type Wire struct {
	Conn    *net.TCPConn
	Torrent *metainfo.Torrent
}

// Say writes messages; it reports whether the connection is still there.
func (w *Wire) Say(messages ...[]byte) bool {
	for _, m := range messages {
		if _, err := w.Conn.Write(m); err != nil {
			return false
		}
	}
	return true
}

// Next returns the next message; ok is false at the end of the connection.
func (w *Wire) Next() (id peerwire.ID, payload []byte, ok bool) {
	for {
		var size [4]byte
		if _, err := io.ReadFull(w.Conn, size[:]); err != nil {
			return 0, nil, false
		}
		n := binary.BigEndian.Uint32(size[:])
		if n > 1<<20 {
			return 0, nil, false
		}
		b := make([]byte, n)
		if _, err := io.ReadFull(w.Conn, b); err != nil {
			return 0, nil, false
		}
		if n > 0 {
			return peerwire.ID(b[0]), b[1:], true
		}
	}
}

// Until reads up to a message of one kind; ok is false at the end.
func (w *Wire) Until(want peerwire.ID) (payload []byte, ok bool) {
	for {
		id, payload, ok := w.Next()
		if !ok || id == want {
			return payload, ok
		}
	}
}

// Listen reads until the connection ends.
func (w *Wire) Listen() { _, _ = io.Copy(io.Discard, w.Conn) }
