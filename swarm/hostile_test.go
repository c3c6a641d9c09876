package swarm_test

import (
	"context"
	"io"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm"
)

// bout is an honest seed that sends slowly, an honest peer that fetches from it,
// and room for somebody else.
type bout struct {
	*world
	m         *metainfo.Torrent
	seed, get *node
}

func newBout(t *testing.T) *bout {
	t.Helper()
	c := sample(60, map[string]int{"file.bin": 8 << 20})
	b := &bout{world: newWorld(t), m: c.create(t, create.V1, 64<<10)}
	b.seed = b.seeder(b.m, c, swarm.TLSOff)
	b.seed.session.SetLimits(64<<10, 0)
	b.get = b.start(nil)
	return b
}

// meet begins the download.
func (b *bout) meet() {
	b.t.Helper()
	b.get.add(b.m, swarm.TLSOff, b.seed)
	time.Sleep(2 * time.Second)
}

func (b *bout) end() { together(b.seed.close, b.get.close) }

// admitted reports whether a node exchanges handshakes with a host now.
func (b *bout) admitted(from netip.Addr, to *node) bool {
	b.t.Helper()
	synctest.Wait() // who has just gone is in the books
	c, err := b.net.Host(from).Dial(context.Background(), to.addr().String())
	if err != nil {
		b.t.Fatal(err)
	}
	defer c.Close()
	_, _ = c.Write(shake(b.m, 99))
	_, err = io.ReadFull(c, make([]byte, peerwire.HandshakeLen))
	return err == nil
}

// lasts returns how long a peer is kept.
func lasts(p *wire) time.Duration {
	began := time.Now()
	p.drain()
	return time.Since(began)
}

// claim is what a peer says that has everything and sends it to anybody.
func claim() []byte { return peerwire.AppendUnchoke(peerwire.AppendHaveAll(nil)) }

// Who takes requests and sends nothing while others do is out within half a
// minute, however it chokes and talks meanwhile, and stays out for a minute. Who
// is connected from the same address stays.
func TestClaimsAndNeverDelivers(t *testing.T) {
	for name, meanwhile := range map[string]func(*wire){
		"silent": func(*wire) {},
		"chokes": func(p *wire) {
			for range 4 {
				time.Sleep(5 * time.Second)
				p.send(peerwire.AppendUnchoke(peerwire.AppendChoke(nil)))
			}
		},
		"talks": func(p *wire) {
			for i := range uint32(20) {
				time.Sleep(time.Second)
				p.send(peerwire.AppendHave(nil, i))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBout(t)
				b.meet()
				beside := b.call(host(1), b.get, b.m, 2) // behind the same NAT
				beside.send(peerwire.AppendHaveNone(nil))
				p := b.call(host(1), b.get, b.m, 1)
				p.send(claim())
				p.until(peerwire.IDRequest)
				go meanwhile(p)
				if d := lasts(p); d < 20*time.Second || d > 30*time.Second {
					t.Errorf("kept for %v", d)
				}
				synctest.Wait()
				if st := b.get.torrent.Status(); st.Peers != 2 {
					t.Errorf("%d peers: an honest one that was connected had to go", st.Peers)
				}
				if b.admitted(host(1), b.get) || !b.admitted(host(2), b.get) {
					t.Error("it is let in again at once, or nobody else is")
				}
				time.Sleep(61 * time.Second)
				if !b.admitted(host(1), b.get) {
					t.Error("it is kept out for ever")
				}
				b.end()
			})
		})
	}
}

// The only one that says it has everything is kept, silent as it is, while others
// deliver what they have; so is one that is slow.
func TestHopeIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBout(t)
		b.get.add(b.m, swarm.TLSOff)
		synctest.Wait()
		// It has the first pieces and sends a block every five seconds.
		giver := b.call(host(2), b.get, b.m, 2)
		bits := peerwire.NewBitfield(b.m.Info.NumPieces())
		for i := range 16 {
			bits.Set(i)
		}
		giver.send(peerwire.AppendUnchoke(peerwire.AppendBitfield(nil, bits)))
		gone := make(chan struct{})
		go func() {
			defer close(gone)
			b.give(giver, 5*time.Second)
		}()
		hope := b.call(host(1), b.get, b.m, 1)
		hope.send(claim())
		hope.until(peerwire.IDRequest)
		time.Sleep(50 * time.Second)
		if st := b.get.torrent.Status(); st.Peers != 2 || st.Received == 0 {
			t.Errorf("%d peers, %d bytes", st.Peers, st.Received)
		}
		b.end()
		<-gone
	})
}

// give answers what a peer is asked for, slowly, until the connection ends.
func (b *bout) give(p *wire, every time.Duration) {
	for {
		id, payload, ok := p.next()
		if !ok {
			return
		}
		r, err := peerwire.ParseRequest(payload)
		if id != peerwire.IDRequest || err != nil {
			continue
		}
		time.Sleep(every)
		msg := make([]byte, peerwire.PieceHeaderLen+int(r.Length))
		peerwire.PutPieceHeader(msg, r.Index, r.Begin, int(r.Length))
		copy(msg[peerwire.PieceHeaderLen:], b.block(r))
		if _, err := p.conn.Write(msg); err != nil {
			return
		}
	}
}

// block is what a request asks for.
func (b *bout) block(r peerwire.Request) []byte {
	c := sample(60, map[string]int{"file.bin": 8 << 20})["file.bin"]
	at := int64(r.Index)*b.m.Info.PieceLength + int64(r.Begin)
	return c[at : at+int64(r.Length)]
}

// Who asks for content and does not read it is out within half a minute.
func TestNeverReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBout(t)
		b.seed.session.SetLimits(0, 0)
		p := b.call(host(1), b.seed, b.m, 1)
		p.send(peerwire.AppendInterested(peerwire.AppendHaveNone(nil)))
		p.until(peerwire.IDUnchoke)
		for i := range uint32(40) {
			p.send(peerwire.AppendRequest(nil, peerwire.Request{Index: i, Length: peerwire.BlockLen}))
		}
		time.Sleep(20 * time.Second)
		if st := b.seed.torrent.Status(); st.Peers != 1 {
			t.Fatalf("%d peers after 20 s", st.Peers)
		}
		time.Sleep(10 * time.Second)
		if st := b.seed.torrent.Status(); st.Peers != 0 {
			t.Error("it is still there after 30 s")
		}
		if b.admitted(host(1), b.seed) {
			t.Error("it is let in again at once")
		}
		b.end()
	})
}

// One address fills no torrent, however often it calls; others come in meanwhile.
func TestManyCallsOfOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBout(t)
		for i := range byte(100) {
			c, err := b.net.Host(host(1)).Dial(t.Context(), b.seed.addr().String())
			if err != nil {
				t.Fatal(err)
			}
			_, _ = c.Write(append(shake(b.m, i+1), peerwire.AppendHaveNone(nil)...))
			synctest.Wait()
		}
		if st := b.seed.torrent.Status(); st.Peers != 5 {
			t.Errorf("%d peers of one address", st.Peers)
		}
		if !b.admitted(host(2), b.seed) {
			t.Error("nobody else gets in")
		}
		b.end()
	})
}
