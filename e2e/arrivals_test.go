//go:build linux

package e2e

import (
	"bytes"
	bin "encoding/binary"
	"fmt"
	"math"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/warren-p2p/warren/peerwire"
)

// arrivals are the blocks that a sharer sends over one connection in clear.
type arrivals struct {
	near *net.TCPConn

	mu     sync.Mutex
	seen   int64 // bytes of the connection
	skip   int64 // bytes until the next message
	head   []byte
	blocks []arrival
	goal   int64
	passed chan struct{} // closed when seen reaches goal
	broken error
}

// arrival is a block, and how many bytes of the connection end with it.
type arrival struct {
	block block
	end   int64
}

// block names a block of 16 KiB.
type block struct{ piece, begin uint32 }

const (
	handshakeLen = 68 // BEP 3
	pieceHead    = 13 // length, id, index, begin
)

func newArrivals(p *passage, goal int64) *arrivals {
	a := &arrivals{near: p.near, goal: goal, passed: make(chan struct{})}
	p.back = a.add
	return a
}

// add takes note of what passes.
func (a *arrivals) add(b []byte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for len(b) > 0 {
		n := min(a.skip, int64(len(b)))
		if n > 0 {
			a.skip -= n
		} else {
			n = 1
			a.head = append(a.head, b[0])
		}
		a.seen += n
		b = b[n:]
		a.message()
	}
	if a.goal > 0 && a.seen >= a.goal {
		a.goal = 0
		close(a.passed)
	}
}

// message looks whether enough of a message is here to know what to skip.
func (a *arrivals) message() {
	if a.seen <= handshakeLen {
		if len(a.head) == handshakeLen {
			if !bytes.HasPrefix(a.head, []byte("\x13BitTorrent protocol")) {
				a.broken = fmt.Errorf("not a handshake in clear: %x", a.head)
			}
			a.head = a.head[:0]
		}
		return
	}
	if len(a.head) < 4 {
		return
	}
	size := 4 + int64(bin.BigEndian.Uint32(a.head))
	if int64(len(a.head)) < min(size, pieceHead) {
		return
	}
	a.skip = size - int64(len(a.head))
	if len(a.head) == pieceHead && peerwire.ID(a.head[4]) == peerwire.IDPiece {
		a.blocks = append(a.blocks, arrival{
			block{bin.BigEndian.Uint32(a.head[5:]), bin.BigEndian.Uint32(a.head[9:])}, a.seen + a.skip,
		})
	}
	a.head = a.head[:0]
}

// read returns the blocks that the downloader has taken from its socket. It
// must be stopped, so that what it has not read is counted right.
func (a *arrivals) read(t *testing.T) map[block]bool {
	t.Helper()
	n, before := a.taken(t), int64(-1)
	for n != before { // acknowledgements may be delayed
		time.Sleep(100 * time.Millisecond)
		n, before = a.taken(t), n
	}
	return a.upTo(t, n)
}

// all returns the blocks that passed.
func (a *arrivals) all(t *testing.T) map[block]bool { return a.upTo(t, math.MaxInt64) }

// upTo returns the blocks within the first n bytes of the connection.
func (a *arrivals) upTo(t *testing.T, n int64) map[block]bool {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.broken != nil {
		t.Fatal(a.broken)
	}
	got := map[block]bool{}
	for _, b := range a.blocks {
		if b.end <= n {
			got[b.block] = true
		}
	}
	return got
}

// taken returns how many bytes the downloader has read: what its kernel has
// acknowledged but for what waits there.
func (a *arrivals) taken(t *testing.T) (n int64) {
	t.Helper()
	raw, err := a.near.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var info *unix.TCPInfo
	if e := raw.Control(func(fd uintptr) {
		info, err = unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
	}); e != nil || err != nil {
		t.Fatal(e, err)
	}
	return int64(info.Bytes_acked) - unread(t, a.near.RemoteAddr(), a.near.LocalAddr())
}

// unread returns how many bytes wait to be read from the socket between two
// addresses of IPv4, as proc(5) tells.
func unread(t *testing.T, local, remote net.Addr) int64 {
	t.Helper()
	table, err := os.ReadFile("/proc/net/tcp")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(table)) {
		f := strings.Fields(line)
		if len(f) < 5 || f[1] != procAddr(local) || f[2] != procAddr(remote) {
			continue
		}
		_, rx, _ := strings.Cut(f[4], ":")
		n, err := strconv.ParseInt(rx, 16, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	t.Fatalf("no socket %v to %v", local, remote)
	return 0
}

// procAddr writes an address as /proc/net/tcp does: in the order of this
// machine's bytes.
func procAddr(a net.Addr) string {
	ap := netip.MustParseAddrPort(a.String())
	ip := ap.Addr().Unmap().As4()
	return fmt.Sprintf("%08X:%04X", bin.NativeEndian.Uint32(ip[:]), ap.Port())
}
