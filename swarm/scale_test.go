package swarm_test

import (
	"net"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm"
)

// heap returns the bytes in use, stacks left out.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// Many peers on one torrent cost two goroutines each and little memory, and all
// of them get what they ask for.
func TestManyPeers(t *testing.T) {
	const peers = 200
	for name, test := range map[string]struct {
		tls   bool
		bytes int64 // for a peer that idles, both ends and the network in between
	}{
		"plain": {false, 12 << 10},
		"tls":   {true, 40 << 10},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := sample(50, map[string]int{"file.bin": 1 << 20})
				m := c.create(t, create.V1, 64<<10)
				w := newWorld(t)
				seed := w.start(func(cfg *swarm.Config) { cfg.MaxPeers, cfg.UploadSlots = 2*peers, peers })
				c.write(t, seed.disk)
				seed.add(m, swarm.TLSPrefer)
				seed.wait(time.Minute)
				before, used := runtime.NumGoroutine(), heap()
				list := make([]*wire, peers)
				for i := range list {
					list[i] = &wire{t, connect(t, w, seed, m, byte(i), test.tls)}
					h := shake(m, 0)
					h[len(h)-1], h[len(h)-2] = byte(i), 1
					list[i].send(h)
					list[i].read(peerwire.HandshakeLen)
					list[i].until(peerwire.IDExtended)
				}
				time.Sleep(3 * time.Second)
				if st := seed.torrent.Status(); st.Peers != peers {
					t.Fatalf("%d peers", st.Peers)
				}
				if more := runtime.NumGoroutine() - before; more > 2*peers+10 {
					t.Errorf("%d goroutines for %d peers", more, peers)
				}
				each := (heap() - used) / peers
				t.Logf("%d bytes for a peer, both ends", each)
				if !raceEnabled && each > test.bytes {
					t.Errorf("%d bytes for a peer, want %d", each, test.bytes)
				}
				for _, p := range list {
					p.send(peerwire.AppendInterested(nil))
				}
				for i, p := range list {
					p.until(peerwire.IDUnchoke)
					p.send(peerwire.AppendRequest(nil, peerwire.Request{Index: uint32(i % 16), Length: 16384}))
					p.until(peerwire.IDPiece)
				}
				seed.close()
				for _, p := range list {
					_ = p.conn.Close()
				}
			})
		})
	}
}

func connect(t *testing.T, w *world, to *node, m *metainfo.Torrent, i byte, tls bool) net.Conn {
	t.Helper()
	from := w.net.Host(host(i))
	var (
		nc  net.Conn
		err error
	)
	if tls {
		id := transport.ID{V1: m.Hashes().V1, HasV1: true}
		nc, err = transport.DialTLS(t.Context(), from, to.addr().String(), id, btls.DialOptions{})
	} else {
		nc, err = from.Dial(t.Context(), to.addr().String())
	}
	if err != nil {
		t.Fatal(err)
	}
	return nc
}
