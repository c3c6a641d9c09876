package looks

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/btls/certificate"
	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/btls/parrot"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/swarm"
)

func apply(t *testing.T, f *Flags, path string) (cfg swarm.Config, said string, err error) {
	t.Helper()
	h, err := home.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	var out bytes.Buffer
	c := &console.Console{Out: &out, Err: &out, Clock: clock.System{}}
	l, err := f.Apply(t.Context(), c, h, &cfg)
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
	one, said, err := apply(t, &Flags{Hello: "chrome"}, path)
	if err != nil || said != "" {
		t.Fatal(said, err)
	}
	two, _, err := apply(t, &Flags{Hello: "go"}, path)
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
	plain, _, err := apply(t, &Flags{}, path)
	if err != nil {
		t.Fatal(err)
	}
	cfg, said, err := apply(t, &Flags{Name: "node.example", ACME: "https://127.0.0.1:1/"}, path)
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
	cfg, _, err := apply(t, &Flags{Name: "node.example", TLSCertificate: certFile, TLSKey: keyFile}, t.TempDir())
	if err != nil || !bytes.Equal(cfg.Certificate.Certificate[0], own.Certificate[0]) || cfg.Challenges != nil {
		t.Errorf("%v, %+v", err, cfg)
	}
	for what, f := range map[string]*Flags{
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
	f := &Flags{TLSCertificate: filepath.Join(dir, "cert.pem"), TLSKey: filepath.Join(dir, "key.pem")}
	first := newPEM(t, f.TLSCertificate, f.TLSKey)
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var out bytes.Buffer
		var shown []tls.Certificate
		done := make(chan struct{})
		go func() {
			defer close(done)
			f.reread(ctx, &console.Console{Out: &out, Err: &out}, first, func(c tls.Certificate) { shown = append(shown, c) })
		}()
		time.Sleep(3 * rereadPeriod)
		second := newPEM(t, f.TLSCertificate, f.TLSKey)
		time.Sleep(3 * rereadPeriod)
		if err := os.WriteFile(f.TLSKey, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		time.Sleep(rereadPeriod)
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
	for _, f := range []Flags{{Name: "192.0.2.1"}, {Name: "a b"}, {Name: "a:1"}, {Name: "ä.example"}, {TLSKey: "k"}} {
		var usage *console.UsageError
		if err := f.Check(); !errors.As(err, &usage) {
			t.Errorf("%+v: %v", f, err)
		}
	}
	for _, f := range []Flags{{}, {Name: "node.example"}, {TLSCertificate: "c", TLSKey: "k"}} {
		if err := f.Check(); err != nil {
			t.Errorf("%+v: %v", f, err)
		}
	}
}
