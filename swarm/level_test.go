package swarm_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/metainfo/magnet"
	"github.com/warren-p2p/warren/swarm"
)

// strictly returns the torrent with another secret in it; 0 is none.
func strictly(t *testing.T, m *metainfo.Torrent, secret byte) *metainfo.Torrent {
	t.Helper()
	other, err := metainfo.Parse(m.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	other.TLS = nil
	if secret != 0 {
		other.TLS = &metainfo.TLS{Level: metainfo.TLSStrict, Secret: bytes.Repeat([]byte{secret}, 32)}
	}
	return other
}

// A torrent of level Strict moves between those who have the secret, whatever
// policy they have named, and to nobody who lacks it.
func TestStrict(t *testing.T) {
	c := sample(8, map[string]int{"file.bin": 300_000})
	for _, kind := range []create.Kind{create.V1, create.V2, create.Hybrid} {
		plain := c.create(t, kind, 64<<10)
		for _, test := range []struct {
			name   string
			secret byte
			policy swarm.TLSPolicy
			ok     bool
		}{
			{"with it", 1, swarm.TLSPrefer, true},
			{"with it, require", 1, swarm.TLSRequire, true},
			{"with another", 2, swarm.TLSPrefer, false},
			{"without", 0, swarm.TLSPrefer, false},
			{"without, in clear", 0, swarm.TLSOff, false},
		} {
			t.Run(test.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t)
					seed := w.seeder(strictly(t, plain, 1), c, swarm.TLSPrefer)
					get, seen := w.watched(nil)
					get.add(strictly(t, plain, test.secret), test.policy, seed)
					ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
					defer cancel()
					if err := get.torrent.Wait(ctx); (err == nil) != test.ok {
						t.Errorf("complete: %v", err)
					}
					if test.secret != 0 && seen.clear.Load() > 0 {
						t.Errorf("%d dials in clear", seen.clear.Load())
					}
					together(seed.close, get.close)
				})
			})
		}
	}
}

// What is asked of a level that it cannot have is refused with the reason.
func TestLevelRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		n := w.start(nil)
		m := strictly(t, sample(8, map[string]int{"file.bin": 1000}).create(t, create.Hybrid, 64<<10), 1)
		if _, err := n.session.Add(swarm.Options{Metainfo: m, Content: n.disk, TLS: swarm.TLSOff}); !errors.Is(err, swarm.ErrTLSNeeded) {
			t.Errorf("without TLS: %v", err)
		}
		n.add(m, swarm.TLSPrefer)
		for _, p := range []swarm.TLSPolicy{swarm.TLSPrefer, swarm.TLSOff} {
			if err := n.torrent.SetTLS(p); !errors.Is(err, swarm.ErrTLSNeeded) {
				t.Errorf("policy %v later: %v", p, err)
			}
		}
		if err := n.torrent.SetTLS(swarm.TLSRequire); err != nil {
			t.Error(err)
		}
		phrase := strictly(t, m, 1)
		phrase.TLS.Secret, phrase.TLS.Argon2id = nil, &metainfo.Argon2id{Memory: 1, Passes: 1, Lanes: 1, Salt: make([]byte, 16)}
		link := magnet.Of(phrase)
		link.Hashes.V1[0]++
		link.Hashes.V2[0]++
		opts := swarm.Options{Magnet: link, Content: n.disk}
		if _, err := n.session.Add(opts); !errors.Is(err, swarm.ErrPassphrase) {
			t.Errorf("without the passphrase: %v", err)
		}
		opts.Secret = &btls.Secret{}
		if _, err := n.session.Add(opts); !errors.Is(err, btls.ErrKey) {
			t.Errorf("with no secret: %v", err)
		}
		opts.Secret = &btls.Secret{1}
		if _, err := n.session.Add(opts); err != nil {
			t.Error(err)
		}
		n.close()
	})
}

// A magnet link carries the secret.
func TestStrictMagnet(t *testing.T) {
	c := sample(8, map[string]int{"file.bin": 300_000})
	m := strictly(t, c.create(t, create.Hybrid, 64<<10), 7)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		seed := w.seeder(m, c, swarm.TLSPrefer)
		get := w.start(nil)
		link, err := magnet.Parse(magnet.Of(m).String())
		if err != nil {
			t.Fatal(err)
		}
		link.Peers = []string{seed.addr().String()}
		get.torrent, err = get.session.Add(swarm.Options{Magnet: link, Content: get.disk})
		if err != nil {
			t.Fatal(err)
		}
		get.wait(time.Minute)
		c.check(t, get.disk)
		together(seed.close, get.close)
	})
}

// A peer that a link names with a pin shows that key, or is told nothing: not of the
// torrent, and not in clear.
func TestLinkPin(t *testing.T) {
	c := sample(8, map[string]int{"file.bin": 300_000})
	m := c.create(t, create.Hybrid, 64<<10)
	for _, right := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			seed := w.seeder(m, c, swarm.TLSPrefer)
			get, seen := w.watched(nil)
			pin, err := seed.session.Pin()
			if err != nil {
				t.Fatal(err)
			}
			if !right {
				pin[0]++
			}
			link := magnet.Of(m)
			link.TLS, link.Peers = &metainfo.TLS{Pins: [][32]byte{pin}}, []string{seed.addr().String()}
			get.torrent, err = get.session.Add(swarm.Options{Magnet: link, Content: get.disk})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
			defer cancel()
			if err := get.torrent.Wait(ctx); (err == nil) != right {
				t.Errorf("with the right pin %v: %v", right, err)
			}
			if seen.clear.Load() > 0 || seen.tls.Load() == 0 {
				t.Errorf("%d dials in clear, %d over TLS", seen.clear.Load(), seen.tls.Load())
			}
			together(seed.close, get.close)
		})
	}
}
