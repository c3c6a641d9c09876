package looks

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/btls/certificate"
	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/btls/parrot"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/reachable"
	"github.com/warren-p2p/warren/swarm"
	"github.com/warren-p2p/warren/swarm/reachability"
)

// teller writes what people are told.
type teller struct{ out *bytes.Buffer }

func (t teller) Say(format string, args ...any)  { fmt.Fprintf(t.out, format+"\n", args...) }
func (t teller) Warn(format string, args ...any) { t.Say(format, args...) }
func (t teller) Emit(any) error                  { return nil }

// unknown is a session of which nothing is known.
type unknown struct{}

func (unknown) Reachability() (r reachability.Report) { return r }

func apply(t *testing.T, f *Wishes, path string) (cfg swarm.Config, said string, err error) {
	t.Helper()
	h, err := home.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	var out bytes.Buffer
	l, err := f.Apply(t.Context(), Base{h, clock.System{}, netpolicy.Direct{}, teller{&out}}, &cfg)
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	return cfg, out.String(), err
}

// newPEM writes a certificate and its key into two files and returns it.
func newPEM(t *testing.T, certFile, keyFile string) tls.Certificate {
	t.Helper()
	c, err := certificate.SelfSigned(time.Now(), nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := certificate.MarshalPEM(c)
	if err != nil {
		t.Fatal(err)
	}
	_, key := pem.Decode(b)
	for path, text := range map[string][]byte{certFile: b[:len(b)-len(key)], keyFile: key} {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func TestDefaults(t *testing.T) {
	path := t.TempDir()
	one, said, err := apply(t, &Wishes{Hello: "chrome"}, path)
	if err != nil || said != "" {
		t.Fatal(said, err)
	}
	two, _, err := apply(t, &Wishes{Hello: "go"}, path)
	if err != nil {
		t.Fatal(err)
	}
	if one.Site == nil || one.Name != "" || one.Challenges != nil || !bytes.Equal(one.Certificate.Certificate[0], two.Certificate.Certificate[0]) {
		t.Errorf("%+v", one)
	}
	if _, ok := one.Hello.(parrot.Chromium); !ok {
		t.Errorf("chrome is %T", one.Hello)
	}
	if _, ok := two.Hello.(hello.Go); !ok {
		t.Errorf("go is %T", two.Hello)
	}
}

// TestName: who gives a name is told what becomes public; the key stays the install's.
func TestName(t *testing.T) {
	path := t.TempDir()
	plain, _, err := apply(t, &Wishes{}, path)
	if err != nil {
		t.Fatal(err)
	}
	cfg, said, err := apply(t, &Wishes{Name: "node.example", ACME: "https://127.0.0.1:1/"}, path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(said, "certificate transparency") || !strings.Contains(said, "node.example") {
		t.Errorf("said: %q", said)
	}
	if cfg.Name != "node.example" || cfg.Challenges == nil || !bytes.Equal(cfg.Certificate.Certificate[0], plain.Certificate.Certificate[0]) {
		t.Errorf("%+v", cfg)
	}
}

func TestOwnCertificate(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	own := newPEM(t, certFile, keyFile)
	cfg, _, err := apply(t, &Wishes{Name: "node.example", TLSCertificate: certFile, TLSKey: keyFile}, t.TempDir())
	if err != nil || !bytes.Equal(cfg.Certificate.Certificate[0], own.Certificate[0]) || cfg.Challenges != nil {
		t.Errorf("%v, %+v", err, cfg)
	}
	for what, f := range map[string]*Wishes{
		"no key":     {TLSCertificate: certFile},
		"no file":    {TLSCertificate: filepath.Join(dir, "none")},
		"a folder":   {TLSCertificate: dir},
		"other keys": {TLSCertificate: certFile, TLSKey: certFile},
	} {
		if _, _, err := apply(t, f, t.TempDir()); err == nil {
			t.Errorf("%s: taken", what)
		}
	}
}

// TestReread: a certificate that somebody else renews is shown within the hour, and
// one that is half written is not.
func TestReread(t *testing.T) {
	dir := t.TempDir()
	f := &Wishes{TLSCertificate: filepath.Join(dir, "cert.pem"), TLSKey: filepath.Join(dir, "key.pem")}
	first := newPEM(t, f.TLSCertificate, f.TLSKey)
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var out bytes.Buffer
		var shown []tls.Certificate
		done := make(chan struct{})
		r := reachable.Follow(unknown{})
		defer r.Close()
		go func() {
			for n := range r.News {
				_ = n.Tell(teller{&out}) // always nil
			}
		}()
		defer func() { close(r.News) }()
		go func() {
			defer close(done)
			f.reread(ctx, r, first, func(c tls.Certificate) { shown = append(shown, c) })
		}()
		time.Sleep(3 * rereadPeriod)
		second := newPEM(t, f.TLSCertificate, f.TLSKey)
		time.Sleep(3 * rereadPeriod)
		if err := os.WriteFile(f.TLSKey, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		time.Sleep(rereadPeriod)
		synctest.Wait() // all is told
		cancel()
		<-done
		if len(shown) != 1 || !bytes.Equal(shown[0].Certificate[0], second.Certificate[0]) {
			t.Errorf("%d certificates were shown", len(shown))
		}
		if !strings.Contains(out.String(), "kept as it was") {
			t.Errorf("said: %q", out.String())
		}
	})
}

func TestCheck(t *testing.T) {
	for _, f := range []Wishes{{Name: "192.0.2.1"}, {Name: "a b"}, {Name: "a:1"}, {Name: "ä.example"}, {TLSKey: "k"}} {
		var wish *WishError
		if err := f.Check(); !errors.As(err, &wish) || !wish.Syntax {
			t.Errorf("%+v: %v", f, err)
		}
	}
	for _, f := range []Wishes{{}, {Name: "node.example"}, {TLSCertificate: "c", TLSKey: "k"}} {
		if err := f.Check(); err != nil {
			t.Errorf("%+v: %v", f, err)
		}
	}
}
