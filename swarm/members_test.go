package swarm_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/credential"
	"github.com/warren-p2p/warren/btls/enrol"
	"github.com/warren-p2p/warren/btls/enrol/keeper"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm"
)

// club is who admits peers to a torrent of level Full Strict.
type club struct {
	t *testing.T
	m *metainfo.Torrent
	*enrol.Service
}

type inMemory struct {
	mu sync.Mutex
	b  []byte
}

func (s *inMemory) Update(f func([]byte) ([]byte, error)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, err := f(s.b)
	if err == nil && b != nil {
		s.b = b
	}
	return err
}

// found makes a torrent of level Full Strict of one without a level.
func found(t *testing.T, plain *metainfo.Torrent, authority byte) *club {
	t.Helper()
	m := strictly(t, plain, 1)
	a := credential.NewAuthority([32]byte{authority})
	public := a.Public()
	m.TLS.Level, m.TLS.Authority = metainfo.TLSFullStrict, public[:]
	h := m.Hashes()
	hash := h.V2[:]
	if !h.HasV2 {
		hash = h.V1[:]
	}
	k, err := btls.DeriveKey(btls.FullStrict, btls.Secret(m.TLS.Secret), hash)
	if err != nil {
		t.Fatal(err)
	}
	return &club{t, m, &enrol.Service{ID: k.CredentialID(), Authority: a, Lifetime: time.Hour, Store: &inMemory{}, Clock: clock.System{}}}
}

// member makes a member, which the caller looks after.
func (c *club) member(label string) *keeper.Keeper { return c.stranger(label, c) }

// stranger makes somebody whom another club has admitted, and who takes the members
// of this one for what they are.
func (c *club) stranger(label string, of *club) *keeper.Keeper {
	c.t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		c.t.Fatal(err)
	}
	source := keeper.Local{Service: of.Service, Key: key, Label: label}
	cred, err := source.Renew(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	k, err := keeper.New(keeper.Config{
		Authority: c.Authority.Public(), ID: c.ID, Key: key, State: keeper.State{Credential: cred}, Source: source, Clock: c.Clock,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return k
}

func (n *node) join(m *metainfo.Torrent, members *keeper.Keeper, from ...*node) {
	n.w.t.Helper()
	opts := swarm.Options{Metainfo: m, Content: n.disk, Members: members}
	for _, f := range from {
		opts.Peers = append(opts.Peers, f.addr())
	}
	t, err := n.session.Add(opts)
	if err != nil {
		n.w.t.Fatal(err)
	}
	n.torrent = t
}

// complete reports whether a torrent arrives.
func (n *node) complete(limit time.Duration) bool {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	return n.torrent.Wait(ctx) == nil
}

// A torrent of level Full Strict moves between members and to nobody else, though
// he knows the secret; whoever of the two has dialled.
func TestFullStrict(t *testing.T) {
	content := sample(8, map[string]int{"file.bin": 300_000})
	for _, kind := range []create.Kind{create.V1, create.V2, create.Hybrid} {
		plain := content.create(t, kind, 64<<10)
		for name, other := range map[string]func(*club) *keeper.Keeper{
			"member":    func(c *club) *keeper.Keeper { return c.member("other") },
			"foreign":   func(*club) *keeper.Keeper { return found(t, plain, 9).member("other") },
			"credulous": func(c *club) *keeper.Keeper { return c.stranger("other", found(t, plain, 9)) },
			"expired": func(c *club) *keeper.Keeper {
				k := c.member("other")
				time.Sleep(2 * time.Hour)
				return k
			},
			"revoked": func(c *club) *keeper.Keeper {
				k := c.member("other")
				if err := c.Revoke(k.State().Credential.Serial); err != nil {
					t.Fatal(err)
				}
				return k
			},
		} {
			for _, dials := range []bool{true, false} {
				t.Run(name, func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						c := found(t, plain, 1)
						them := other(c)
						us := c.member("seeder")
						us.Look(t.Context())
						w := newWorld(t)
						seed, get := w.start(nil), w.start(nil)
						content.write(t, seed.disk)
						if dials {
							seed.join(c.m, us)
							seed.wait(time.Minute)
							get.join(c.m, them, seed)
						} else {
							get.join(c.m, them)
							seed.join(c.m, us, get)
						}
						if got := get.complete(time.Minute); got != (name == "member") {
							t.Errorf("dials %t: complete %t", dials, got)
						}
						together(seed.close, get.close)
					})
				})
			}
		}
	}
}

// Who knows the secret and has no credential is a member of nothing: neither with
// a session of ours nor with one that says nothing of credentials.
func TestFullStrictWithoutCredential(t *testing.T) {
	content := sample(8, map[string]int{"file.bin": 300_000})
	plain := content.create(t, create.Hybrid, 64<<10)
	synctest.Test(t, func(t *testing.T) {
		c := found(t, plain, 1)
		w := newWorld(t)
		seed, get := w.start(nil), w.start(nil)
		content.write(t, seed.disk)
		seed.join(c.m, c.member("seeder"))
		seed.wait(time.Minute)
		if _, err := get.session.Add(swarm.Options{Metainfo: c.m, Content: get.disk}); !errors.Is(err, swarm.ErrMembers) {
			t.Errorf("added without: %v", err)
		}
		h := c.m.Hashes()
		id := transport.ID{V2: h.V2, HasV2: true, Access: transport.Access{Level: btls.FullStrict, Secret: btls.Secret(c.m.TLS.Secret)}}
		nc, err := transport.DialTLS(t.Context(), w.net.Host(get.ip), seed.addr().String(), id, btls.DialOptions{})
		if err != nil {
			t.Fatal(err)
		}
		ours := peerwire.Handshake{InfoHash: [20]byte(h.V2[:20])}.Append(make([]byte, credential.FrameSize))
		if _, err := nc.Write(ours); err != nil {
			t.Fatal(err)
		}
		theirs, err := io.ReadAll(nc)
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Error(err)
		}
		nc.Close()
		if want := credential.FrameSize; len(theirs) != want {
			t.Errorf("%d bytes came back, want the %d of a frame", len(theirs), want)
		}
		if bytes.Contains(theirs, h.V2[:16]) {
			t.Error("they name the torrent")
		}
		together(seed.close, get.close)
	})
}

// Who is revoked while it fetches is disconnected.
func TestFullStrictRevokedMeanwhile(t *testing.T) {
	content := sample(8, map[string]int{"file.bin": 3_000_000})
	plain := content.create(t, create.V2, 64<<10)
	synctest.Test(t, func(t *testing.T) {
		c := found(t, plain, 1)
		w := newWorld(t)
		seed, get := w.start(func(cfg *swarm.Config) { cfg.UploadLimit = 20_000 }), w.start(nil)
		content.write(t, seed.disk)
		us, them := c.member("seeder"), c.member("other")
		seed.join(c.m, us)
		seed.wait(time.Minute)
		get.join(c.m, them, seed)
		if get.complete(time.Minute) {
			t.Error("the limit does not hold")
		}
		if s := get.torrent.Status(); s.Peers != 1 || s.Received == 0 {
			t.Errorf("%+v", s)
		}
		if err := c.Revoke(them.State().Credential.Serial); err != nil {
			t.Fatal(err)
		}
		us.Look(t.Context())
		if get.complete(10 * time.Minute) {
			t.Error("it has fetched on")
		}
		if s := get.torrent.Status(); s.Peers != 0 {
			t.Errorf("%d peers", s.Peers)
		}
		together(seed.close, get.close)
	})
}

// A torrent that sleeps is woken by members alone.
func TestFullStrictSleeps(t *testing.T) {
	content := sample(8, map[string]int{"file.bin": 300_000})
	plain := content.create(t, create.Hybrid, 64<<10)
	synctest.Test(t, func(t *testing.T) {
		c, foreign := found(t, plain, 1), found(t, plain, 9)
		w := newWorld(t)
		seed := &sleeper{meta: c.m, node: w.start(nil)}
		content.write(t, seed.disk)
		us := c.member("seeder")
		seed.join(c.m, us)
		seed.wait(time.Minute)
		seed.restart(swarm.Options{Members: us})
		time.Sleep(time.Minute)
		stranger, get := w.start(nil), w.start(nil)
		stranger.join(c.m, c.stranger("stranger", foreign), seed.node)
		if stranger.complete(5 * time.Minute) {
			t.Error("a stranger is served")
		}
		seed.expectAsleep(0)
		get.join(c.m, c.member("other"), seed.node)
		get.wait(time.Minute)
		if n := seed.reloads.Load(); n != 1 {
			t.Errorf("a member has woken it %d times", n)
		}
		together(seed.close, stranger.close, get.close)
	})
}
