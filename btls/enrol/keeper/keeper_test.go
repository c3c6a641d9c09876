package keeper

import (
	"context"
	"crypto/ed25519"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/credential"
	"github.com/warren-p2p/warren/btls/enrol"
	"github.com/warren-p2p/warren/internal/clock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// memory is a Store.
type memory struct {
	mu sync.Mutex
	b  []byte
}

func (m *memory) Update(f func([]byte) ([]byte, error)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	b, err := f(m.b)
	if err == nil && b != nil {
		m.b = b
	}
	return err
}

// world is a service, as its members reach it.
type world struct {
	t *testing.T
	*enrol.Service
}

func newWorld(t *testing.T) *world {
	return &world{t, &enrol.Service{
		ID: [32]byte{2}, Authority: credential.NewAuthority([32]byte{1}), Lifetime: 30 * time.Hour, Store: &memory{}, Clock: clock.System{},
	}}
}

// member is a peer whose service can be out of reach.
type member struct {
	*Keeper
	Source

	mu    sync.Mutex
	away  error
	saved State
	saves int
	asked []time.Time // for a credential
	lost  []error
}

// do does something with what the keeper's goroutine uses.
func (m *member) do(f func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f()
}

func (m *member) isAway() (err error) {
	m.do(func() { err = m.away })
	return err
}

func (m *member) Renew(ctx context.Context) (c credential.Credential, err error) {
	m.do(func() { m.asked = append(m.asked, time.Now()) })
	if err := m.isAway(); err != nil {
		return c, err
	}
	return m.Source.Renew(ctx)
}

func (m *member) Revoked(ctx context.Context) (r credential.Revocations, err error) {
	if err := m.isAway(); err != nil {
		return r, err
	}
	return m.Source.Revoked(ctx)
}

// join makes a member that is kept until the test ends or stop is called.
func (w *world) join(label string) (m *member, stop func()) {
	w.t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	m = &member{Source: Local{w.Service, key, label}}
	c, err := m.Source.Renew(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	m.Keeper, err = New(Config{
		Authority: w.Authority.Public(), ID: w.ID, Key: key, State: State{Credential: c}, Source: m, Interval: time.Hour, Clock: clock.System{},
		Save: func(s State) error { m.do(func() { m.saved, m.saves = s, m.saves+1 }); return nil },
		Lost: func(err error) { m.do(func() { m.lost = append(m.lost, err) }) },
	})
	if err != nil {
		w.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(w.t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { m.Keep(ctx) })
	return m, func() { cancel(); wg.Wait() }
}

// meet connects two members and returns what each says of the other.
func meet(server, client *member) (s, c *btls.Conn, byServer, byClient error) {
	one, two := net.Pipe()
	s, c = &btls.Conn{Conn: one}, &btls.Conn{Conn: two}
	var wg sync.WaitGroup
	wg.Go(func() {
		if byServer = server.Accept(s); byServer != nil {
			s.Close()
		}
	})
	if byClient = client.Connect(c); byClient != nil {
		c.Close()
	}
	wg.Wait()
	return s, c, byServer, byClient
}

// open reports whether a connection is.
func open(c *btls.Conn) bool {
	_ = c.SetReadDeadline(time.Now().Add(time.Second))
	_, err := c.Read(make([]byte, 1))
	return !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrClosedPipe)
}

// Credentials are renewed as long as that is possible, and members meet.
func TestRenewal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		a, stop := w.join("a")
		b, stopB := w.join("b")
		defer stopB()
		defer stop()
		first := a.State().Credential
		time.Sleep(100 * time.Hour)
		synctest.Wait()
		stop()
		if got := a.State().Credential; got == first || a.saved.Credential != got || time.Until(got.NotAfter) < 9*time.Hour {
			t.Errorf("valid until %v", got.NotAfter)
		}
		s, c, byServer, byClient := meet(a, b)
		if byServer != nil || byClient != nil {
			t.Errorf("%v, %v", byServer, byClient)
		}
		s.Close()
		c.Close()
		if a.saves > 6 {
			t.Errorf("saved %d times", a.saves)
		}
	})
}

// Who is revoked loses the connections it has, as the others hear of it, and gets
// no new ones.
func TestRevoked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		a, stopA := w.join("a")
		b, stopB := w.join("b")
		defer stopB()
		defer stopA()
		s, c, byServer, byClient := meet(a, b)
		if byServer != nil || byClient != nil {
			t.Fatal(byServer, byClient)
		}
		time.Sleep(time.Hour)
		if !open(s) {
			t.Error("members are disconnected")
		}
		if err := w.Revoke(b.State().Credential.Serial); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		if open(c) || open(s) {
			t.Error("it is still connected")
		}
		stopB()
		if len(b.lost) != 1 || !errors.Is(b.lost[0], credential.ErrRevoked) {
			t.Errorf("it was told %v", b.lost)
		}
		b.state.Revocations = credential.Revocations{} // it pretends not to have heard
		if _, _, byServer, _ = meet(a, b); !errors.Is(byServer, credential.ErrRevoked) {
			t.Errorf("as client: %v", byServer)
		}
		if _, _, _, byClient = meet(b, a); !errors.Is(byClient, credential.ErrRevoked) {
			t.Errorf("as server: %v", byClient)
		}
	})
}

// As long as the service is away nothing changes but the time: credentials expire,
// and connections with those who have one that did.
func TestServiceAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		a, stopA := w.join("a")
		b, stopB := w.join("b")
		defer stopB()
		defer stopA()
		s, c, byServer, byClient := meet(a, b)
		if byServer != nil || byClient != nil {
			t.Fatal(byServer, byClient)
		}
		b.do(func() { b.away = errors.New("it is away") })
		time.Sleep(29 * time.Hour)
		if !open(c) {
			t.Error("disconnected before the end")
		}
		time.Sleep(3 * time.Hour) // clocks may differ by two minutes, and a look have come just before
		if open(c) || open(s) {
			t.Error("it is still connected")
		}
		stopB()
		if len(b.lost) != 1 || !errors.Is(b.lost[0], credential.ErrExpired) {
			t.Errorf("it was told %v", b.lost)
		}
		if _, _, _, byClient = meet(a, b); !errors.Is(byClient, credential.ErrExpired) {
			t.Errorf("it tries with what has expired: %v", byClient)
		}
	})
}

// A list that is older than the one before, or of somebody else, changes nothing.
func TestHostileLists(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		a, stop := w.join("a")
		defer stop()
		time.Sleep(time.Hour)
		stop()
		serial := a.State().Credential.Serial
		now := time.Now()
		newer, err := w.Authority.Revoke(w.ID, 5, now, nil)
		if err != nil {
			t.Fatal(err)
		}
		older, err := w.Authority.Revoke(w.ID, 4, now, []credential.Serial{serial})
		if err != nil {
			t.Fatal(err)
		}
		foreign, err := credential.NewAuthority([32]byte{9}).Revoke(w.ID, 9, now, []credential.Serial{serial})
		if err != nil {
			t.Fatal(err)
		}
		other, err := w.Authority.Revoke([32]byte{9}, 9, now, []credential.Serial{serial})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			list credential.Revocations
			want error
		}{{newer, nil}, {older, credential.ErrOld}, {foreign, credential.ErrAuthority}, {other, credential.ErrTorrent}} {
			a.Source = lists{c.list}
			if err := a.hear(t.Context()); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
		}
		if got := a.State().Revocations; got.Number != 5 || a.saved.Revocations.Number != 5 || len(a.lost) != 0 {
			t.Errorf("list %d, lost %v", got.Number, a.lost)
		}
	})
}

type lists struct{ credential.Revocations }

func (l lists) Renew(context.Context) (credential.Credential, error) {
	return credential.Credential{}, errors.New("not asked for")
}

func (l lists) Revoked(context.Context) (credential.Revocations, error) { return l.Revocations, nil }

func TestNewRefuses(t *testing.T) {
	if _, err := New(Config{Key: ed25519.NewKeyFromSeed(make([]byte, 32))}); !errors.Is(err, credential.ErrKey) {
		t.Error(err)
	}
}

// Who is refused asks no more often than a service stands, before the end and after.
func TestMeasure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		m, stop := w.join("a")
		defer stop()
		m.do(func() { m.away = enrol.ErrRefused })
		time.Sleep(100 * time.Hour)
		m.do(func() {
			if n := len(m.asked); n < 50 || n > 200 {
				t.Errorf("asked %d times", n)
			}
			for i := 10; i < len(m.asked); i++ {
				if m.asked[i].Sub(m.asked[i-10]) < time.Minute {
					t.Fatalf("asked ten times within %v", m.asked[i].Sub(m.asked[i-10]))
				}
			}
			if len(m.lost) != 1 {
				t.Errorf("lost: %v", m.lost)
			}
		})
	})
}
