package swarm_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm"
)

// host is an address of a peer in the hands of a test.
func host(n byte) netip.Addr { return netip.AddrFrom4([4]byte{10, 100, n, 1}) }

// A peer that does nothing after the handshake is not kept for ever; one that has
// to introduce itself (BEP 6, 10), not for half a minute.
func TestIdlePeer(t *testing.T) {
	for name, c := range map[string]struct {
		says     []byte
		min, max time.Duration
	}{
		"nothing":   {nil, 25 * time.Second, 30 * time.Second},
		"have none": {peerwire.AppendHaveNone(nil), 2 * time.Minute, 3 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				content := sample(40, map[string]int{"file.bin": 100_000})
				m := content.create(t, create.V1, 64<<10)
				w := newWorld(t)
				seed := w.seeder(m, content, swarm.TLSOff)
				p := w.call(host(1), seed, m, 1)
				p.send(c.says)
				synctest.Wait()
				if st := seed.torrent.Status(); st.Peers != 1 {
					t.Fatalf("%d peers", st.Peers)
				}
				began := time.Now()
				p.drain()
				if d := time.Since(began); d < c.min || d > c.max {
					t.Errorf("kept for %v", d)
				}
				seed.close()
			})
		})
	}
}

// A peer that is proven wrong after it has left is banned all the same.
func TestLiarLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(41, map[string]int{"file.bin": 16384})
		m := c.create(t, create.V1, 16384)
		w := newWorld(t)
		get := w.start(func(cfg *swarm.Config) { cfg.Workers = 1 })
		get.add(m, swarm.TLSOff)
		synctest.Wait()
		p := w.call(host(1), get, m, 1)
		p.send(peerwire.AppendUnchoke(peerwire.AppendHaveAll(nil)))
		r, err := peerwire.ParseRequest(p.until(peerwire.IDRequest))
		if err != nil {
			t.Fatal(err)
		}
		wrong := make([]byte, peerwire.PieceHeaderLen+int(r.Length))
		peerwire.PutPieceHeader(wrong, r.Index, r.Begin, int(r.Length))
		p.send(wrong)
		_ = p.conn.Close()
		time.Sleep(time.Second)
		if st := get.torrent.Status(); st.Banned != 1 || st.Corrupt != 16384 {
			t.Errorf("%d banned, %d bytes wrong", st.Banned, st.Corrupt)
		}
		again, err := w.net.Host(host(1)).Dial(t.Context(), get.addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := again.Write(shake(m, 2)); err == nil {
			if _, err := again.Read(make([]byte, 1)); err == nil {
				t.Error("the liar is let in again")
			}
		}
		get.close()
	})
}

// A choked peer gets nothing; nor does anyone get a piece that a failed sync may
// have lost.
func TestNotServed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(42, map[string]int{"file.bin": 2 << 20})
		m := c.create(t, create.V1, 64<<10)
		w := newWorld(t)
		seed := w.seeder(m, c, swarm.TLSOff)
		choked := w.call(host(1), seed, m, 1)
		choked.send(peerwire.AppendRequest(nil, peerwire.Request{Length: 16384}))
		choked.until(peerwire.IDReject)
		_ = choked.conn.Close()

		seed.session.SetLimits(512<<10, 0)
		get := w.start(nil)
		get.add(m, swarm.TLSOff, seed)
		time.Sleep(2 * time.Second)
		p := w.call(host(2), get, m, 2)
		p.send(peerwire.AppendInterested(nil))
		have := p.until(peerwire.IDBitfield)
		p.until(peerwire.IDUnchoke)
		first := 0
		for !peerwire.Bitfield(have).Has(first) {
			first++
		}
		p.send(peerwire.AppendRequest(nil, peerwire.Request{Index: uint32(first), Length: 16384}))
		p.until(peerwire.IDPiece)
		get.disk.SetFault(func(op, name string, _ int64, _ int) error {
			if op == "sync" {
				return fmt.Errorf("%s %s: %w", op, name, syscall.EIO)
			}
			return nil
		})
		told := p.toldFor(time.Minute, have)
		if st := get.torrent.Status(); st.State != swarm.StateWaiting {
			t.Fatalf("state %v, %v", st.State, st.Reason)
		}
		lost := 0 // the first may have come to the disk in time
		for kept := get.torrent.Have(); !told.Has(lost) || kept.Has(lost); lost++ {
			if lost == m.Info.NumPieces() {
				t.Fatal("nothing is lost that it was told of")
			}
		}
		p.send(peerwire.AppendRequest(nil, peerwire.Request{Index: uint32(lost), Length: 16384}))
		p.until(peerwire.IDReject)
		get.disk.SetFault(nil)
		get.wait(time.Minute)
		c.check(t, get.disk)
		together(seed.close, get.close)
	})
}

// Who is banned is out of all torrents, and who is filtered comes into none.
func TestBanAndFilter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, d := sample(43, map[string]int{"one.bin": 100_000}), sample(44, map[string]int{"two.bin": 100_000})
		m, k := c.create(t, create.V1, 64<<10), d.create(t, create.V2, 64<<10)
		w := newWorld(t)
		n := w.start(func(cfg *swarm.Config) { cfg.Blocked = func(a netip.Addr) bool { return a == host(9) } })
		c.write(t, n.disk)
		d.write(t, n.disk)
		one := n.add(m, swarm.TLSOff)
		n.wait(time.Minute)
		two := n.add(k, swarm.TLSOff)
		n.wait(time.Minute)
		bad, other, good := w.call(host(1), n, m, 1), w.call(host(1), n, k, 2), w.call(host(2), n, m, 3)
		synctest.Wait()
		if a, b := one.Status().Peers, two.Status().Peers; a != 2 || b != 1 {
			t.Fatalf("%d and %d peers", a, b)
		}
		n.session.Ban(host(1))
		bad.drain()
		other.drain()
		synctest.Wait()
		if a, b := one.Status().Peers, two.Status().Peers; a != 1 || b != 0 {
			t.Errorf("%d and %d peers", a, b)
		}
		for _, from := range []netip.Addr{host(1), host(9)} {
			nc, err := w.net.Host(from).Dial(t.Context(), n.addr().String())
			if err != nil {
				t.Fatal(err)
			}
			_, _ = nc.Write(shake(m, 9))
			if _, err := nc.Read(make([]byte, 1)); err == nil {
				t.Errorf("%v is let in", from)
			}
		}
		one.AddPeers(netip.AddrPortFrom(host(9), 1), netip.AddrPortFrom(host(1), 1))
		_ = good.conn.Close()
		n.close()
	})
}

// A full torrent keeps to its limit, and counts right what went through peers
// that have left.
func TestFullAndCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(45, map[string]int{"file.bin": 64 << 10})
		m := c.create(t, create.V1, 64<<10)
		w := newWorld(t)
		seed := w.start(func(cfg *swarm.Config) { cfg.MaxPeers, cfg.UploadSlots = 5, 8 })
		c.write(t, seed.disk)
		seed.add(m, swarm.TLSOff)
		seed.wait(time.Minute)
		for i := range byte(30) {
			nc, err := w.net.Host(host(i)).Dial(t.Context(), seed.addr().String())
			if err != nil {
				t.Fatal(err)
			}
			_, _ = nc.Write(shake(m, i+1))
			synctest.Wait()
			if st := seed.torrent.Status(); st.Peers > 5 {
				t.Fatalf("%d peers", st.Peers)
			}
		}
		time.Sleep(3 * time.Minute) // all have been silent for too long
		for i := range byte(4) {
			p := w.call(host(i), seed, m, i+100)
			p.send(peerwire.AppendInterested(nil))
			p.until(peerwire.IDUnchoke)
			p.send(peerwire.AppendRequest(nil, peerwire.Request{Begin: 16384, Length: 16384}))
			if got := p.until(peerwire.IDPiece); !bytes.Equal(got[8:], c["file.bin"][16384:32768]) {
				t.Error("wrong bytes")
			}
			_ = p.conn.Close()
			synctest.Wait()
			if st := seed.torrent.Status(); st.Sent != int64(i+1)*16384 || st.Peers != 0 {
				t.Errorf("after %d peers: %d bytes sent, %d are here", i+1, st.Sent, st.Peers)
			}
		}
		time.Sleep(2 * time.Second)
		if r := seed.torrent.Status().UpRate; r < 0 || r > 4*16384 {
			t.Errorf("rate of %d bytes a second", r)
		}
		seed.close()
	})
}

// Who is not allowed any more goes at once.
func TestSetTLS(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(46, map[string]int{"file.bin": 1 << 20})
		m := c.create(t, create.Hybrid, 64<<10)
		w := newWorld(t)
		seed := w.seeder(m, c, swarm.TLSPrefer)
		seed.session.SetLimits(100<<10, 0)
		plain := w.call(host(1), seed, m, 1)
		get := w.start(nil)
		get.add(m, swarm.TLSPrefer, seed)
		time.Sleep(2 * time.Second)
		if err := seed.torrent.SetTLS(swarm.TLSRequire); err != nil {
			t.Fatal(err)
		}
		plain.drain()
		time.Sleep(time.Second)
		if st := seed.torrent.Status(); st.Peers != 1 || st.TLSPeers != 1 {
			t.Errorf("%d peers, %d over TLS", st.Peers, st.TLSPeers)
		}
		if err := seed.torrent.SetTLS(swarm.TLSOff); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if st := seed.torrent.Status(); st.Peers != 0 {
			t.Errorf("%d peers", st.Peers)
		}
		// It was seen with TLS: not in clear, then.
		time.Sleep(time.Minute)
		if st := seed.torrent.Status(); st.Peers != 0 {
			t.Errorf("%d peers", st.Peers)
		}
		if err := seed.torrent.SetTLS(swarm.TLSPrefer); err != nil {
			t.Fatal(err)
		}
		get.wait(10 * time.Minute)
		together(seed.close, get.close)
	})
}

// A limit that is lifted or raised holds nobody up any longer.
func TestLimitLifted(t *testing.T) {
	for name, test := range map[string]struct {
		down          bool
		before, after int64 // bytes a second
	}{
		"up, lifted":   {false, 100, 0},
		"up, raised":   {false, 100, 1 << 20},
		"down, lifted": {true, 100, 0},
		"down, raised": {true, 100, 1 << 20},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := sample(47, map[string]int{"file.bin": 1 << 20})
				m := c.create(t, create.V1, 64<<10)
				w := newWorld(t)
				seed, get := w.seeder(m, c, swarm.TLSOff), w.start(nil)
				limit := func(rate int64) {
					if test.down {
						get.session.SetLimits(0, rate)
					} else {
						seed.session.SetLimits(rate, 0)
					}
				}
				limit(test.before)
				get.add(m, swarm.TLSOff, seed)
				time.Sleep(10 * time.Second)
				limit(test.after)
				get.wait(20 * time.Second)
				together(seed.close, get.close)
			})
		})
	}
}

// A clock that jumps costs connections at most.
func TestClockJumps(t *testing.T) {
	for name, jump := range map[string]time.Duration{"ahead": 30 * 24 * time.Hour, "back": -time.Hour} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := sample(48, map[string]int{"file.bin": 1 << 20})
				m := c.create(t, create.V1, 64<<10)
				w := newWorld(t)
				seed := w.seeder(m, c, swarm.TLSPrefer)
				seed.session.SetLimits(100<<10, 0)
				clk := &jumping{}
				get := w.start(func(cfg *swarm.Config) { cfg.Clock = clk })
				get.add(m, swarm.TLSPrefer, seed)
				time.Sleep(3 * time.Second)
				clk.jump(jump)
				get.wait(5 * time.Minute)
				c.check(t, get.disk)
				together(seed.close, get.close)
			})
		})
	}
}

// The content may move and files get other names while peers are connected.
func TestMoveAndRename(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(49, map[string]int{"set/a": 900_000, "set/b": 300_000})
		m := c.create(t, create.Hybrid, 64<<10)
		w := newWorld(t)
		seed := w.seeder(m, c, swarm.TLSPrefer)
		seed.session.SetLimits(200<<10, 0)
		get := w.start(nil)
		get.add(m, swarm.TLSPrefer, seed)
		time.Sleep(2 * time.Second)
		if err := seed.torrent.Rename(0, "other/name"); err != nil {
			t.Fatal(err)
		}
		to := newDisk()
		if err := seed.torrent.Move(t.Context(), to); err != nil {
			t.Fatal(err)
		}
		if err := seed.torrent.Move(t.Context(), to); err != nil { // where it is
			t.Fatal(err)
		}
		if err := get.torrent.Move(t.Context(), get.disk); err != nil {
			t.Fatal(err)
		}
		get.torrent.AddPeers(seed.addr())
		get.wait(10 * time.Minute)
		c.check(t, get.disk)
		tree{"other/name": c["set/a"], "set/b": c["set/b"]}.check(t, to)
		canceled, cancel := context.WithCancel(t.Context())
		cancel()
		if err := seed.torrent.Move(canceled, newDisk()); !errors.Is(err, context.Canceled) {
			t.Errorf("move: %v", err)
		}
		time.Sleep(2 * time.Second)
		seed.expect(swarm.StateSeeding)
		together(seed.close, get.close)
	})
}

// Content that others have moved is found where they put it, also by one that sleeps;
// what is not there is fetched again.
func TestAdopt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(50, map[string]int{"set/a": 900_000, "set/b": 300_000})
		m := c.create(t, create.Hybrid, 64<<10)
		w := newWorld(t)
		seed := w.seeder(m, c, swarm.TLSPrefer)
		get := w.seeder(m, c, swarm.TLSPrefer)
		time.Sleep(time.Second)
		whole, part := newDisk(), newDisk()
		c.write(t, whole)
		tree{"set/b": c["set/b"]}.write(t, part)
		if err := seed.torrent.Adopt(t.Context(), whole); err != nil {
			t.Fatal(err)
		}
		seed.expect(swarm.StateSeeding)
		if err := get.torrent.Adopt(t.Context(), part); err != nil {
			t.Fatal(err)
		}
		if s := get.torrent.Status(); s.Done >= s.Total || s.Done < 200_000 {
			t.Errorf("%d of %d bytes are there, want the second file alone", s.Done, s.Total)
		}
		c.check(t, get.disk) // nothing was moved
		get.torrent.AddPeers(seed.addr())
		get.wait(10 * time.Minute)
		c.check(t, part)
		together(seed.close, get.close)
	})
}
