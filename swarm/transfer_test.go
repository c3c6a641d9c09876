package swarm_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm"
)

var kinds = map[string]create.Kind{"v1": create.V1, "v2": create.V2, "hybrid": create.Hybrid}

// Every kind of torrent arrives whole, under every policy, and the bubble ends
// only if no goroutine is left after Close.
func TestTransfer(t *testing.T) {
	contents := map[string]tree{
		"single": sample(2, map[string]int{"file.bin": 1_500_001}),
		"many":   many(),
	}
	policies := map[string]swarm.TLSPolicy{"require": swarm.TLSRequire, "prefer": swarm.TLSPrefer, "off": swarm.TLSOff}
	for kindName, kind := range kinds {
		for contentName, c := range contents {
			for policyName, policy := range policies {
				t.Run(kindName+"/"+contentName+"/"+policyName, func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						m := c.create(t, kind, 64<<10)
						w := newWorld(t)
						seed := w.seeder(m, c, policy)
						get := w.start(nil)
						get.add(m, policy, seed)
						get.wait(time.Minute)
						c.check(t, get.disk)
						st := get.torrent.Status()
						if st.Done != m.Info.TotalLength() || st.Received != m.Info.TotalLength() {
							t.Errorf("done %d, received %d, want %d", st.Done, st.Received, m.Info.TotalLength())
						}
						if secret := st.SecretBytes > 0; secret != (policy != swarm.TLSOff) {
							t.Errorf("%d bytes over TLS under policy %s", st.SecretBytes, policyName)
						}
						together(seed.close, get.close)
					})
				})
			}
		}
	}
}

// A seed and four that fetch, who also serve each other.
func TestSwarm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(3, map[string]int{"file.bin": 4 << 20})
		m := c.create(t, create.Hybrid, 64<<10)
		w := newWorld(t)
		nodes := []*node{w.seeder(m, c, swarm.TLSPrefer)}
		nodes[0].session.SetLimits(1<<20, 0) // or it would have served all at once
		for range 4 {
			n := w.start(nil)
			n.add(m, swarm.TLSPrefer, nodes...)
			nodes = append(nodes, n)
		}
		for _, n := range nodes[1:] {
			n.wait(time.Minute)
			c.check(t, n.disk)
		}
		var sent int64
		for _, n := range nodes[1:] {
			sent += n.torrent.Status().Sent
		}
		if sent == 0 {
			t.Error("those who fetch gave each other nothing")
		}
		for _, n := range nodes {
			n.close()
		}
	})
}

// What was verified before a stop is not fetched again.
func TestResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(4, map[string]int{"file.bin": 8 << 20})
		m := c.create(t, create.Hybrid, 128<<10)
		w := newWorld(t)
		seed := w.seeder(m, c, swarm.TLSRequire)
		seed.session.SetLimits(1<<20, 0)
		get := w.start(nil)
		get.add(m, swarm.TLSRequire, seed)
		time.Sleep(3 * time.Second)
		before := get.torrent.Status()
		get.close()
		if before.PiecesDone == 0 || before.PiecesDone == before.Pieces {
			t.Fatalf("%d of %d pieces after three seconds at an eighth a second", before.PiecesDone, before.Pieces)
		}
		get.open(nil)
		get.add(m, swarm.TLSRequire, seed)
		get.wait(time.Minute)
		c.check(t, get.disk)
		missing := m.Info.TotalLength() - int64(before.PiecesDone)*m.Info.PieceLength
		if got := get.torrent.Status().Received; got > missing {
			t.Errorf("received %d bytes, %d were missing", got, missing)
		}
		together(seed.close, get.close)
	})
}

// Content that a torrent was made from is not read again; content that is not
// there is not believed.
func TestVerified(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := many()
		m := c.create(t, create.Hybrid, 64<<10)
		w := newWorld(t)
		seed, empty := w.start(nil), w.start(nil)
		c.write(t, seed.disk)
		var read int64
		seed.disk.SetFault(func(op, _ string, _ int64, n int) error {
			if op == "read" {
				read += int64(n)
			}
			return nil
		})
		for _, n := range []*node{seed, empty} {
			tor, err := n.session.Add(swarm.Options{Metainfo: m, Content: n.disk, Verified: true})
			if err != nil {
				t.Fatal(err)
			}
			n.torrent = tor
		}
		seed.wait(time.Minute)
		if read > int64(len(c)) {
			t.Errorf("%d bytes were read", read)
		}
		if st := empty.torrent.Status(); st.PiecesDone != 0 {
			t.Errorf("%d pieces of content that is not there", st.PiecesDone)
		}
		empty.torrent.AddPeers(seed.addr())
		empty.wait(time.Minute)
		c.check(t, empty.disk)
		together(seed.close, empty.close)
	})
}

// A TLS connection is replaced when it has carried what it may, and the transfer
// goes on.
func TestRecordLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(13, map[string]int{"file.bin": 8 << 20})
		m := c.create(t, create.Hybrid, 64<<10)
		w := newWorld(t)
		seed := w.seeder(m, c, swarm.TLSRequire)
		get, seen := w.watched(nil)
		get.session.SetMaxRecords(150)
		get.add(m, swarm.TLSRequire, seed)
		get.wait(time.Minute)
		c.check(t, get.disk)
		if d := seen.tls.Load(); d < 3 {
			t.Errorf("%d connections for 512 records", d)
		}
		if st := get.torrent.Status(); st.Corrupt != 0 || st.Received > 2*m.Info.TotalLength() {
			t.Errorf("%d bytes received, %d wrong", st.Received, st.Corrupt)
		}
		together(seed.close, get.close)
	})
}
