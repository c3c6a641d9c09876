package acme

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net/netip"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const name = "node.example"

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

type at time.Time

func (c at) Now() time.Time { return time.Time(c) }

func config(t testing.TB, directory string) Config {
	return Config{Name: name, Directory: directory, Key: newKey(t), State: memfs.New(), Policy: netpolicy.Direct{}, Clock: at(time.Now())}
}

// signed is a certificate for a name and a key.
func signed(t testing.TB, host string, key *ecdsa.PrivateKey, from, until time.Time) []byte {
	t.Helper()
	c := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{host}, NotBefore: from, NotAfter: until}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// TestCheck: no certificate is shown but one for the name and the key, at its time.
func TestCheck(t *testing.T) {
	k, err := Open(config(t, ""))
	if err != nil {
		t.Fatal(err)
	}
	own, now := k.cfg.Key.(*ecdsa.PrivateKey), k.cfg.Clock.Now()
	before, after := now.Add(-time.Hour), now.Add(time.Hour)
	for what, chain := range map[string][][]byte{
		"none": nil, "garbage": {{1, 2, 3}},
		"another name": {signed(t, "other.example", own, before, after)},
		"another key":  {signed(t, name, newKey(t), before, after)},
		"expired":      {signed(t, name, own, before, before.Add(time.Minute))},
		"not yet":      {signed(t, name, own, after, after.Add(time.Minute))},
	} {
		if _, err := k.check(chain); err == nil {
			t.Errorf("%s is taken", what)
		}
	}
	if c, err := k.check([][]byte{signed(t, name, own, before, after)}); err != nil || c.PrivateKey != k.cfg.Key {
		t.Error(err)
	}
}

// TestDue: renewed after two thirds of the term, or 30 days before its end.
func TestDue(t *testing.T) {
	k, err := Open(config(t, ""))
	if err != nil {
		t.Fatal(err)
	}
	if !k.due().IsZero() {
		t.Error("without a certificate there is time")
	}
	start := k.cfg.Clock.Now().Truncate(time.Second)
	for term, want := range map[time.Duration]time.Duration{
		6 * 24 * time.Hour: 4 * 24 * time.Hour, 90 * 24 * time.Hour: 60 * 24 * time.Hour, 365 * 24 * time.Hour: 335 * 24 * time.Hour,
	} {
		c, err := k.check([][]byte{signed(t, name, k.cfg.Key.(*ecdsa.PrivateKey), start, start.Add(term))})
		if err != nil {
			t.Fatal(err)
		}
		k.current = &c
		if got := k.due().Sub(start); got != want {
			t.Errorf("a term of %v: after %v, want %v", term, got, want)
		}
	}
}

// TestHello: only the question that is open now is answered, and no other hello.
func TestHello(t *testing.T) {
	k, err := Open(config(t, ""))
	if err != nil {
		t.Fatal(err)
	}
	question := &tls.ClientHelloInfo{ServerName: name, SupportedProtos: []string{"acme-tls/1"}}
	if k.Hello(question) != nil {
		t.Error("answered while nobody was to ask")
	}
	k.set(&tls.Config{}, "/.well-known/acme-challenge/x", "answer")
	if k.Hello(question) == nil {
		t.Error("not answered")
	}
	for what, other := range map[string]*tls.ClientHelloInfo{
		"a browser":      {ServerName: name, SupportedProtos: []string{"h2", "http/1.1"}},
		"both":           {ServerName: name, SupportedProtos: []string{"acme-tls/1", "h2"}},
		"another name":   {ServerName: "other.example", SupportedProtos: []string{"acme-tls/1"}},
		"no name at all": {SupportedProtos: []string{"acme-tls/1"}},
	} {
		if k.Hello(other) != nil {
			t.Errorf("%s is answered", what)
		}
	}
	if a, ok := k.Token("/.well-known/acme-challenge/x"); !ok || a != "answer" {
		t.Errorf("token %q, %v", a, ok)
	}
	if _, ok := k.Token("/.well-known/acme-challenge/y"); ok {
		t.Error("another token is answered")
	}
	k.set(nil, "", "")
	if _, ok := k.Token("/.well-known/acme-challenge/x"); ok || k.Hello(question) != nil {
		t.Error("answered after the question was withdrawn")
	}
}

// TestAccount: the account is kept, and a file that is none is not overwritten.
func TestAccount(t *testing.T) {
	cfg := config(t, "")
	first, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Open(cfg)
	if err != nil || !again.account.Equal(first.account) {
		t.Errorf("another account after a restart: %v", err)
	}
}

// hand is a clock that is set by hand, as one that went on while the machine slept.
type hand struct{ atomic.Int64 }

func (h *hand) Now() time.Time { return time.Unix(h.Load(), 0) }

// TestSlept: it is the clock that counts, and not how long timers ran.
func TestSlept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := &hand{}
		clock.Store(time.Now().Unix())
		cfg := config(t, "https://nobody.example/")
		cfg.Clock, cfg.Policy = clock, netpolicy.NewMem().Host(netip.MustParseAddr("10.0.0.1"))
		k, err := Open(cfg)
		if err != nil {
			t.Fatal(err)
		}
		c, err := k.check([][]byte{signed(t, name, cfg.Key.(*ecdsa.PrivateKey), clock.Now(), clock.Now().AddDate(0, 0, 90))})
		if err != nil {
			t.Fatal(err)
		}
		k.current = &c
		ctx, cancel := context.WithCancel(context.Background())
		var tried atomic.Int64
		done := make(chan struct{})
		go func() {
			defer close(done)
			k.Run(ctx, func(News) { tried.Add(1) })
		}()
		time.Sleep(3 * time.Hour)
		if tried.Load() != 0 {
			t.Error("renewed before it is time")
		}
		clock.Add(61 * 24 * 3600)
		time.Sleep(2 * time.Hour)
		if tried.Load() == 0 {
			t.Error("not renewed when it was time")
		}
		cancel()
		<-done
	})
}
