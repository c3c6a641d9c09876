package swarm_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm"
)

// partial starts a node that has one of two files and does not want the other.
func (w *world) partial(m *metainfo.Torrent, c tree, opts swarm.Options) *node {
	n := w.start(nil)
	tree{"set/a": c["set/a"]}.write(w.t, n.disk)
	opts.Metainfo, opts.Paused = m, true
	w.join(n, opts)
	if err := n.torrent.SetPriority(map[int]swarm.Priority{fileOf(w.t, m, "set/b"): swarm.Skip}); err != nil {
		w.t.Fatal(err)
	}
	n.torrent.Start()
	n.wait(time.Minute)
	return n
}

// extended reads up to an extended message with a number, and returns it.
func (p *wire) extended(number byte) []byte {
	p.t.Helper()
	for {
		if id, b, err := peerwire.ParseExtended(p.until(peerwire.IDExtended)); err != nil {
			p.t.Fatal(err)
		} else if id == number {
			return b
		}
	}
}

// introduce says whether it wants anything, and which other extensions it knows.
func (p *wire) introduce(uploadOnly bool, known ...string) {
	p.t.Helper()
	h := extension.Handshake{M: map[string]byte{"upload_only": 9}, UploadOnly: uploadOnly}
	for i, name := range known {
		h.M[name] = byte(20 + i)
	}
	p.send(peerwire.AppendExtended(nil, 0, h.Append(nil)))
}

// greet introduces itself as one that wants something, and returns what the node
// says.
func (p *wire) greet() extension.Handshake {
	p.t.Helper()
	p.introduce(false)
	said, err := extension.ParseHandshake(p.extended(0))
	if err != nil {
		p.t.Fatal(err)
	}
	return said
}

// Who wants nothing more says so, though it lacks some, and says when that
// changes (BEP 21).
func TestPartialSeedSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(70, map[string]int{"set/a": 20 << 14, "set/b": 300_000})
		m := c.create(t, create.V1, 16<<10)
		w := newWorld(t)
		n := w.partial(m, c, swarm.Options{TLS: swarm.TLSOff})
		p := w.call(host(1), n, m, 1)
		if !p.greet().UploadOnly {
			t.Error("a partial seed does not say what it is")
		}
		b := fileOf(t, m, "set/b")
		for _, s := range []struct {
			prio swarm.Priority
			want byte
		}{{swarm.Normal, 0}, {swarm.Skip, 1}} {
			if err := n.torrent.SetPriority(map[int]swarm.Priority{b: s.prio}); err != nil {
				t.Fatal(err)
			}
			if got := p.extended(9); !slices.Equal(got, []byte{s.want}) {
				t.Errorf("told %v, not %d", got, s.want)
			}
		}
		_ = p.conn.Close()
		n.close()
	})
}

// Two that want nothing part, whatever they have; others stay.
func TestPartialSeedsPart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(71, map[string]int{"set/a": 20 << 14, "set/b": 300_000})
		m := c.create(t, create.V1, 16<<10)
		w := newWorld(t)
		nodes := map[string]*node{"seed": w.seeder(m, c, swarm.TLSOff), "partial": w.partial(m, c, swarm.Options{TLS: swarm.TLSOff})}
		for name, n := range nodes {
			for i, s := range []struct {
				say  func(*wire)
				stay bool
			}{
				{func(p *wire) { p.introduce(false) }, true},
				{func(p *wire) { p.introduce(true) }, false},
				{func(p *wire) {
					p.introduce(false)
					p.send(peerwire.AppendExtended(nil, 3, []byte{1}))
				}, false},
				{func(p *wire) {
					p.introduce(false)
					p.send(peerwire.AppendExtended(nil, 3, []byte{0}))
					p.send(peerwire.AppendExtended(nil, 3, nil))
				}, true},
				{func(p *wire) {
					p.send(peerwire.AppendHaveAll(nil))
					p.introduce(false)
				}, false},
			} {
				p := w.call(host(byte(10+i)), n, m, byte(10+i))
				s.say(p)
				go p.drain()
				time.Sleep(time.Second)
				synctest.Wait()
				if got := n.torrent.Status().Peers; (got == 1) != s.stay {
					t.Errorf("%s, case %d: %d peers", name, i, got)
				}
				_ = p.conn.Close()
				synctest.Wait()
			}
			n.close()
		}
	})
}

// One that wants nothing may know who does: it is kept until it could tell,
// whichever of the two has everything.
func TestPartialSeedsMeet(t *testing.T) {
	c := sample(71, map[string]int{"set/a": 20 << 14, "set/b": 300_000})
	m := c.create(t, create.V1, 16<<10)
	for name, s := range map[string]struct {
		node func(*world) *node
		say  func(*wire)
	}{
		"seed": {
			func(w *world) *node { return w.seeder(m, c, swarm.TLSOff) },
			func(p *wire) { p.introduce(true, extension.NamePex) },
		},
		"partial": {
			func(w *world) *node { return w.partial(m, c, swarm.Options{TLS: swarm.TLSOff}) },
			func(p *wire) {
				p.send(peerwire.AppendHaveAll(nil))
				p.introduce(true, extension.NamePex)
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				n := s.node(w)
				p := w.call(host(10), n, m, 10)
				s.say(p)
				go p.drain()
				for _, want := range []int{1, 0} {
					time.Sleep(80 * time.Second)
					if got := n.torrent.Status().Peers; got != want {
						t.Errorf("%d peers, want %d", got, want)
					}
				}
				_ = p.conn.Close()
				n.close()
			})
		})
	}
}

// A tracker hears of a partial seed with each announce that it is one; one that is
// stopped has left.
func TestPartialSeedAnnounces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(72, map[string]int{"set/a": 20 << 14, "set/b": 300_000})
		m := c.create(t, create.V1, 16<<10)
		w := newWorld(t)
		g, url := w.registry("10.99.0.1")
		n := w.partial(m, c, swarm.Options{Trackers: []string{url}})
		time.Sleep(time.Hour)
		said := g.said()
		if len(said) < 2 || slices.ContainsFunc(said, func(s string) bool { return s != said[0] }) || said[0][:6] != "paused" {
			t.Errorf("heard %q", said)
		}
		n.torrent.Stop()
		time.Sleep(time.Second)
		if said := g.said(); len(said) != 1 || said[0][:7] != "stopped" {
			t.Errorf("heard %q of one that is stopped", said)
		}
		n.close()
	})
}

// One whose volume takes no data says after a minute that it wants nothing, and
// takes that back once it does.
func TestFullVolumeSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(73, map[string]int{"set/a": 20 << 14, "set/b": 300_000})
		m := c.create(t, create.V1, 16<<10)
		w := newWorld(t)
		n := w.start(nil)
		n.disk.SetCapacity(100_000)
		n.add(m, swarm.TLSOff)
		time.Sleep(30 * time.Second)
		n.expect(swarm.StateWaiting)
		p := w.call(host(1), n, m, 1)
		if p.greet().UploadOnly {
			t.Error("said too early")
		}
		time.Sleep(time.Minute)
		if got := p.extended(9); !slices.Equal(got, []byte{1}) {
			t.Errorf("told %v", got)
		}
		n.disk.SetCapacity(0)
		if got := p.extended(9); !slices.Equal(got, []byte{0}) {
			t.Errorf("told %v once there is room", got)
		}
		n.expect(swarm.StateDownloading)
		_ = p.conn.Close()
		n.close()
	})
}
