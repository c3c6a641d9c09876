package membership

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/btls/certificate"
	"github.com/warren-p2p/warren/btls/credential"
	"github.com/warren-p2p/warren/btls/enrol"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/membership/keyring"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/metainfo"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// node makes a node with a home of its own.
func node(t *testing.T, path string) *Node {
	t.Helper()
	h, err := home.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	return &Node{
		Tell: silent{}, Clock: clock.System{},
		Home: h, Log: slog.New(slog.DiscardHandler), Net: netpolicy.Direct{},
	}
}

// site serves a website with the services of a handler.
func site(t *testing.T) Site {
	t.Helper()
	cert, err := certificate.SelfSigned(time.Now(), nil)
	if err != nil {
		t.Fatal(err)
	}
	pin, err := certificate.Pin(cert)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := enrol.NewHandler(http.NotFoundHandler(), clock.System{}, slog.New(slog.DiscardHandler))
	srv := &http.Server{Handler: h, ErrorLog: log.New(io.Discard, "", 0), TLSConfig: &tls.Config{Certificates: []tls.Certificate{cert}}}
	var wg sync.WaitGroup
	wg.Go(func() { _ = srv.ServeTLS(l, "", "") })
	t.Cleanup(func() { _ = srv.Close(); wg.Wait() })
	return Site{Handler: h, Address: l.Addr().String(), Pin: pin}
}

// torrent makes one with a secret.
func torrent(t *testing.T, secret byte) *metainfo.Torrent {
	t.Helper()
	m, err := metainfo.ParseInfo([]byte("d6:lengthi3e4:name1:x12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaae"))
	if err != nil {
		t.Fatal(err)
	}
	m.TLS = &metainfo.TLS{Level: metainfo.TLSFullStrict, Secret: bytes.Repeat([]byte{secret}, 32)}
	return m
}

func flags() *Terms { return &Terms{Invites: 2, Lifetime: time.Hour} }

func end(t *testing.T, m *Membership) {
	t.Helper()
	if err := m.Close(); err != nil {
		t.Error(err)
	}
}

// Who joins is admitted once, however often he comes, and goes on without the
// service.
func TestJoin(t *testing.T) {
	s, m := site(t), torrent(t, 1)
	sharerHome, path := t.TempDir(), t.TempDir()
	host, guest := node(t, sharerHome), node(t, path)
	lead, err := host.Found(t.Context(), m, s, flags())
	if err != nil {
		t.Fatal(err)
	}
	first, err := guest.Join(t.Context(), Of(m), true, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := first.State().Credential
	v := credential.Verifier{Authority: [32]byte(m.TLS.Authority), For: lead.State().Credential.For, Clock: clock.System{}}
	if err := v.Check(got); err != nil {
		t.Error(err)
	}
	end(t, first)
	end(t, lead)
	dead := Of(m)
	gone := *m.TLS
	gone.Enrol, gone.Invite = "https://127.0.0.1:1/AAAAAAAAAAAAAAAAAAAAAA/enrol", nil
	dead.TLS = &gone
	again, err := node(t, path).Join(t.Context(), dead, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	if again.State().Credential != got {
		t.Error("another credential after a restart")
	}
	end(t, again)
	for _, file := range []string{"member", "authority", "roll"} {
		at, err := filepath.Glob(filepath.Join(sharerHome, "membership", "*", file))
		if err != nil || len(at) != 1 {
			t.Fatalf("%v, %v", at, err)
		}
		if info, err := os.Stat(at[0]); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", file, info.Mode(), err)
		}
	}
}

// The authority of a torrent stays what it is, so that links stay good, and a
// command beside it changes what it says.
func TestFoundAgain(t *testing.T) {
	s, m := site(t), torrent(t, 1)
	path := t.TempDir()
	host := node(t, path)
	lead, err := host.Found(t.Context(), m, s, flags())
	if err != nil {
		t.Fatal(err)
	}
	before, cred := *m.TLS, lead.State().Credential
	end(t, lead)
	if lead, err = node(t, path).Found(t.Context(), m, s, flags()); err != nil {
		t.Fatal(err)
	}
	defer end(t, lead)
	if !m.TLS.Equal(&before) || lead.State().Credential != cred {
		t.Errorf("it was %+v and is %+v", before, m.TLS)
	}
	other := node(t, path)
	all, err := Authorities(t.Context(), other.Home, clock.System{})
	if err != nil || len(all) != 1 || all[0].Link.Hashes != m.Hashes() {
		t.Fatalf("%v, %v", all, err)
	}
	defer func() {
		if err := Close(all); err != nil {
			t.Error(err)
		}
	}()
	if n, err := all[0].Withdraw(everybody); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if _, err := node(t, t.TempDir()).Join(t.Context(), Of(m), true, nil); !errors.Is(err, enrol.ErrRefused) {
		t.Errorf("a withdrawn invitation: %v", err)
	}
	if yes, err := other.Founded(t.Context(), Of(torrent(t, 2))); yes || err != nil {
		t.Errorf("another secret: %t, %v", yes, err)
	}
}

// A key is made for each torrent.
func TestKeysDiffer(t *testing.T) {
	s, guest := site(t), node(t, t.TempDir())
	seen := map[[32]byte]bool{}
	for secret := range byte(3) {
		m := torrent(t, secret+1)
		lead, err := node(t, t.TempDir()).Found(t.Context(), m, s, flags())
		if err != nil {
			t.Fatal(err)
		}
		in, err := guest.Join(t.Context(), Of(m), true, nil)
		if err != nil {
			t.Fatal(err)
		}
		seen[in.State().Credential.Peer] = true
		end(t, in)
		end(t, lead)
	}
	if len(seen) != 3 {
		t.Errorf("%d keys for 3 torrents", len(seen))
	}
}

// What is not what the link says is not joined, and costs no invitation.
func TestJoinRefused(t *testing.T) {
	s, m := site(t), torrent(t, 1)
	lead, err := node(t, t.TempDir()).Found(t.Context(), m, s, flags())
	if err != nil {
		t.Fatal(err)
	}
	defer end(t, lead)
	for name, c := range map[string]struct {
		change func(*metainfo.TLS)
		typed  bool
		want   error
	}{
		"another pin":       {func(d *metainfo.TLS) { d.Pins = [][32]byte{{1}} }, true, enrol.ErrPin},
		"another authority": {func(d *metainfo.TLS) { d.Authority = bytes.Repeat([]byte{1}, 32) }, true, credential.ErrAuthority},
		"no token":          {func(d *metainfo.TLS) { d.Invite = nil }, true, enrol.ErrRefused},
		"no authority":      {func(d *metainfo.TLS) { d.Authority = nil }, true, nil},
		"in clear":          {func(d *metainfo.TLS) { d.Enrol = "http" + d.Enrol[5:] }, true, nil},
		"of a file":         {func(*metainfo.TLS) {}, false, nil},
	} {
		demand := *m.TLS
		c.change(&demand)
		in, err := node(t, t.TempDir()).Join(t.Context(), Torrent{"x", m.Hashes(), &demand}, c.typed, nil)
		if err == nil {
			end(t, in)
		}
		if err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	guest := node(t, t.TempDir())
	in, err := guest.Join(t.Context(), Of(m), false, []string{s.Address})
	if err != nil {
		t.Fatal(err)
	}
	end(t, in)
	f, err := keyring.Open(t.Context(), guest.Home, in.State().Credential.For)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if kept, err := f.Member(); err != nil || kept.Near != s.Address {
		t.Errorf("that it may be asked is forgotten: %q, %v", kept.Near, err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := node(t, t.TempDir()).Join(cancelled, Of(m), true, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
}

func TestFlags(t *testing.T) {
	for _, f := range []Terms{{0, time.Hour}, {1, time.Millisecond}, {1, 11 * 365 * 24 * time.Hour}} {
		if f.Check() == nil {
			t.Errorf("%+v is taken", f)
		}
	}
	if err := flags().Check(); err != nil {
		t.Error(err)
	}
}

// silent tells nobody.
type silent struct{}

func (silent) Say(string, ...any)  {}
func (silent) Warn(string, ...any) {}
