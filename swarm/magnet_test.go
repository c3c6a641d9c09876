package swarm_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/metainfo/magnet"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm"
	"github.com/warren-p2p/warren/swarm/internal/metadata"
)

// addMagnet adds a torrent of which nothing but the link is known.
func (n *node) addMagnet(link *magnet.Link, from ...*node) *swarm.Torrent {
	n.w.t.Helper()
	opts := swarm.Options{Magnet: link, Content: n.disk}
	for _, f := range from {
		opts.Peers = append(opts.Peers, f.addr())
	}
	t, err := n.session.Add(opts)
	if err != nil {
		n.w.t.Fatal(err)
	}
	n.torrent = t
	return t
}

func linkOf(m *metainfo.Torrent) *magnet.Link {
	return &magnet.Link{Hashes: m.Hashes(), Name: "a suggestion", Trackers: []string{"http://t.example/a", "udp://u.example:1"}, WebSeeds: []string{"http://w.example/"}}
}

// TestMagnet: a link is enough, whatever the version; the second time no peer is
// needed.
func TestMagnet(t *testing.T) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				c := many()
				m := c.create(t, kind, 16<<10)
				seed := w.seeder(m, c, swarm.TLSPrefer)
				n := w.start(nil)
				tor := n.addMagnet(linkOf(m), seed)
				if tor.Name() != "a suggestion" || tor.Metainfo() != nil || tor.Hashes() != m.Hashes() {
					t.Errorf("known too early: %q, %v", tor.Name(), tor.Metainfo())
				}
				if err := tor.SetPriority(nil); !errors.Is(err, swarm.ErrUnknown) {
					t.Errorf("set priority: %v", err)
				}
				configured := false
				tor.Configure(func(*swarm.Control) { configured = true })
				n.wait(time.Minute)
				c.check(t, n.disk)
				same(t, tor, m)
				if !configured {
					t.Error("what was asked for early is not done")
				}
				seed.close()
				n.close()
				n.open(nil)
				tor = n.addMagnet(linkOf(m))
				same(t, tor, m)
				n.wait(time.Minute)
				if err := tor.Remove(false); err != nil {
					t.Error(err)
				}
				if tor = n.addMagnet(linkOf(m)); tor.Metainfo() != nil {
					t.Error("known after it was removed")
				}
				n.close()
			})
		})
	}
}

// same looks whether a torrent has become what it should be.
func same(t *testing.T, tor *swarm.Torrent, m *metainfo.Torrent) {
	t.Helper()
	got := tor.Metainfo()
	switch {
	case got == nil:
		t.Fatal("nothing is known")
	case tor.Name() != m.Info.Name, got.Hashes() != m.Hashes(), len(got.MissingLayers()) > 0:
		t.Errorf("%q with %v, without the layers of %v", tor.Name(), got.Hashes(), got.MissingLayers())
	case len(got.Trackers()) != 2, len(got.URLList) != 1:
		t.Errorf("trackers %q, web seeds %q", got.Trackers(), got.URLList)
	}
}

// TestMagnetSelect: files that a link does not select are skipped (BEP 53), and
// peers that it names are dialled.
func TestMagnetSelect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := sample(3, map[string]int{"set/a": 300_000, "set/b": 300_000, "set/c": 300_000})
		m := c.create(t, create.V1, 64<<10)
		seed := w.seeder(m, c, swarm.TLSPrefer)
		n := w.start(nil)
		link := linkOf(m)
		link.SelectOnly = []magnet.IndexRange{{First: 2, Last: 2}}
		link.Peers = []string{seed.addr().String(), "name.example:1"}
		tor := n.addMagnet(link)
		n.wait(time.Minute)
		tree{"set/c": c["set/c"]}.check(t, n.disk)
		if s := tor.Status(); s.Wanted != 300_000 || s.Done > 400_000 {
			t.Errorf("%+v", s)
		}
		seed.close()
		n.close()
	})
}

// TestNoLayers: a .torrent of version 2 that came without its piece layers gets
// them from peers, before anything else.
func TestNoLayers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := many()
		m := c.create(t, create.V2, 16<<10)
		seed := w.seeder(m, c, swarm.TLSPrefer)
		bare, err := metainfo.ParseInfo(m.InfoBytes)
		if err != nil {
			t.Fatal(err)
		}
		n := w.start(nil)
		n.add(bare, swarm.TLSPrefer, seed)
		n.wait(time.Minute)
		c.check(t, n.disk)
		seed.close()
		n.close()
	})
}

// TestMagnetPaused: a torrent of which nothing is known is stopped, started,
// moved and removed like any other.
func TestMagnetPaused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := many()
		m := c.create(t, create.Hybrid, 16<<10)
		n := w.start(nil)
		tor := n.addMagnet(linkOf(m))
		time.Sleep(3 * time.Second)
		if s := tor.Status(); s.State != swarm.StateMetadata || s.MetadataTotal != 0 {
			t.Errorf("%+v", s)
		}
		tor.Stop()
		if s := tor.Status(); s.State != swarm.StatePaused {
			t.Errorf("%+v", s)
		}
		to := newDisk()
		if err := tor.Move(context.Background(), to); err != nil {
			t.Error(err)
		}
		if err := tor.Recheck(); err != nil {
			t.Error(err)
		}
		if err := tor.Rename(0, "x"); !errors.Is(err, swarm.ErrUnknown) {
			t.Errorf("rename: %v", err)
		}
		seed := w.seeder(m, c, swarm.TLSPrefer)
		tor.AddPeers(seed.addr())
		tor.Start()
		n.wait(time.Minute)
		c.check(t, to)
		seed.close()
		other := n.addMagnet(&magnet.Link{Hashes: metainfo.HashInfo([]byte("de"), true, false)})
		if err := errors.Join(other.Remove(true), tor.Remove(true)); err != nil {
			t.Error(err)
		}
		n.close()
	})
}

// answerMetadata says to have an info dictionary, and sends it to who asks.
func (p *wire) answerMetadata(info []byte) {
	const id = 9
	h := extension.Handshake{M: map[string]byte{extension.NameMetadata: id}, MetadataSize: len(info)}
	p.send(peerwire.AppendExtended(nil, 0, h.Append(nil)))
	for {
		kind, payload, ok := p.next()
		if !ok {
			return
		}
		if to, msg, err := peerwire.ParseExtended(payload); kind == peerwire.IDExtended && err == nil && to == id {
			var q metadata.Quota
			if m, err := extension.ParseMetadata(msg); err == nil && m.Type == extension.MetadataRequest {
				answer := q.Answer(info, m.Piece, time.Now()).Append(nil)
				_, _ = p.conn.Write(peerwire.AppendExtended(nil, 2, answer)) // we may be out
			}
		}
	}
}

// TestMagnetLiar: peers that tell of something else are out within 30 s, and one
// that tells the truth is enough.
func TestMagnetLiar(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		sizes := map[string]int{}
		for i := range 1500 { // for more than one piece of metadata
			sizes[fmt.Sprintf("set/%04d", i)] = 10
		}
		c := sample(1, sizes)
		m := c.create(t, create.V1, 16<<10)
		n := w.start(nil)
		tor := n.addMagnet(linkOf(m))
		time.Sleep(time.Second)
		var wg sync.WaitGroup
		for i := range 4 { // all wrong, wrong at one place, of another size, silent
			info := bytes.Clone(m.InfoBytes)
			switch i {
			case 0:
				clear(info)
			case 1:
				info[len(info)-1] ^= 1
			case 2:
				info = info[:1000]
			}
			p := w.call(netip.AddrFrom4([4]byte{10, 9, 9, byte(i)}), n, m, byte(i))
			wg.Go(func() {
				if i < 3 {
					p.answerMetadata(info)
				}
				_, _ = io.Copy(io.Discard, p.conn)
			})
		}
		time.Sleep(30 * time.Second)
		if s := tor.Status(); s.Banned < 2 || s.Peers > 2 || s.State != swarm.StateMetadata {
			t.Errorf("after 30 s %d are banned, %d connected, the torrent is %v", s.Banned, s.Peers, s.State)
		}
		seed := w.seeder(m, c, swarm.TLSPrefer)
		tor.AddPeers(seed.addr())
		n.wait(time.Minute)
		c.check(t, n.disk)
		seed.close()
		n.close()
		wg.Wait()
	})
}
