package membership

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/btls/enrol"
	"github.com/warren-p2p/warren/btls/ssltorrent"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/membership/keyring"
	"github.com/warren-p2p/warren/metainfo"
)

// sslWorld is an SSL torrent whose authority is at home, at a time of its own.
type sslWorld struct {
	t     *testing.T
	clock *clock.Manual
	m     *metainfo.Torrent
	ssl   *ssltorrent.Authority
	site  Site
	flags *Terms
	home  string
}

func newSSLWorld(t *testing.T) *sslWorld {
	t.Helper()
	w := &sslWorld{t: t, clock: clock.NewManual(time.Now()), site: site(t), flags: &Terms{Invites: 2, Lifetime: 30 * time.Hour}, home: t.TempDir()}
	var err error
	if w.ssl, err = ssltorrent.NewAuthority("x", w.clock.Now().AddDate(-1, 0, 0), w.clock.Now().AddDate(1, 0, 0)); err != nil {
		t.Fatal(err)
	}
	root := w.ssl.SSLCert()
	w.m, err = metainfo.ParseInfo(fmt.Appendf(nil, "d6:lengthi3e4:name1:x12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaa8:ssl-cert%d:%se", len(root), root))
	if err != nil {
		t.Fatal(err)
	}
	w.m.TLS = &metainfo.TLS{Level: metainfo.TLSFullStrict, Secret: bytes.Repeat([]byte{1}, 32)}
	return w
}

func (w *sslWorld) node(path string) *Node {
	n := node(w.t, path)
	n.Clock = w.clock
	return n
}

func (w *sslWorld) uses() int {
	w.t.Helper()
	all, err := Authorities(w.t.Context(), w.node(w.home).Home, w.clock)
	if err != nil || len(all) != 1 || !all[0].SSL {
		w.t.Fatalf("%v, %v", all, err)
	}
	list, err := all[0].Invites()
	if err = errors.Join(err, Close(all)); err != nil {
		w.t.Fatal(err)
	}
	if len(list) == 0 {
		return 0
	}
	return list[0].Uses
}

// check reports whether peers take a certificate now.
func (w *sslWorld) check(own tls.Certificate) error {
	to, err := ssltorrent.New("x", w.ssl.SSLCert())
	if err != nil {
		return err
	}
	_, err = to.Member(own, w.clock)
	return err
}

// A certificate is kept, renewed by its key, and costs an invitation once.
func TestPapers(t *testing.T) {
	w := newSSLWorld(t)
	lead, err := w.node(w.home).FoundSSL(t.Context(), w.m, w.site, w.flags, w.ssl)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.check(lead.Own); err != nil {
		t.Errorf("the sharer's own: %v", err)
	}
	path := t.TempDir()
	join := func(token []byte) (*Papers, error) {
		return w.node(path).JoinSSL(t.Context(), w.m, token, []string{w.site.Address})
	}
	first, err := join(w.m.TLS.Invite)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.check(first.Own); err != nil {
		t.Error(err)
	}
	closed(t, first)
	again, err := join(nil)
	if err != nil || !bytes.Equal(again.Own.Certificate[0], first.Own.Certificate[0]) {
		t.Fatalf("not kept: %v", err)
	}
	w.clock.Pass(21 * time.Hour)
	var shown tls.Certificate
	if err := again.renew(func(c tls.Certificate) error { shown = c; return w.check(c) }); err != nil {
		t.Fatal(err)
	}
	if shown.Leaf.NotAfter.Sub(w.clock.Now()) < 29*time.Hour || w.uses() != 1 {
		t.Errorf("renewed until %v, %d uses left", shown.Leaf.NotAfter, w.uses())
	}
	closed(t, again)
	w.clock.Pass(31 * time.Hour)
	if _, err := join(nil); !errors.Is(err, enrol.ErrRefused) {
		t.Errorf("one that has expired: %v", err)
	}
	back, err := join(w.m.TLS.Invite)
	if err != nil || w.uses() != 0 {
		t.Fatalf("with an invitation: %v", err)
	}
	closed(t, back)
	closed(t, lead)
	if _, err := w.node(t.TempDir()).FoundSSL(t.Context(), w.m, w.site, w.flags, nil); err == nil {
		t.Error("somebody without the authority's key hands out certificates")
	}
}

func closed(t *testing.T, p *Papers) {
	t.Helper()
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

// A certificate for another key is not kept in the way of the right one.
func TestPapersOfAnother(t *testing.T) {
	w := newSSLWorld(t)
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	path := t.TempDir()
	ask := func(key func(*keyring.Papers) crypto.Signer) (*Papers, error) {
		n := w.node(path)
		f, err := keyring.Open(t.Context(), n.Home, [32]byte{1})
		if err != nil {
			t.Fatal(err)
		}
		return n.papers(t.Context(), w.m, f, func(*keyring.Member) issue {
			return func(_ context.Context, p *keyring.Papers) error {
				request, err := ssltorrent.Request(key(p))
				if err != nil {
					return err
				}
				p.Leaf, err = w.ssl.Issue(request, "x", w.clock.Now(), w.clock.Now().Add(time.Hour))
				return err
			}
		})
	}
	if _, err := ask(func(*keyring.Papers) crypto.Signer { return other }); err == nil {
		t.Fatal("a certificate for another key was taken")
	}
	p, err := ask(func(p *keyring.Papers) crypto.Signer { return p.Key })
	if err != nil {
		t.Fatalf("the right one after that: %v", err)
	}
	closed(t, p)
}

// It is the clock that counts, and not how long timers ran: they stand still while the
// machine sleeps.
func TestPapersSlept(t *testing.T) {
	w := newSSLWorld(t)
	p, err := w.node(w.home).FoundSSL(t.Context(), w.m, w.site, w.flags, w.ssl)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, p)
	synctest.Test(t, func(t *testing.T) {
		was := p.ctx
		ctx, stop := context.WithCancel(context.Background())
		p.ctx = ctx
		var shown atomic.Int64
		p.Keep(func(tls.Certificate) error { shown.Add(1); return nil })
		time.Sleep(3 * time.Hour)
		if shown.Load() != 0 {
			t.Error("renewed before it is time")
		}
		w.clock.Pass(21 * time.Hour)
		time.Sleep(2 * time.Hour)
		if shown.Load() == 0 {
			t.Error("not renewed when it was time")
		}
		stop()
		p.looking.Wait()
		p.ctx = was
	})
}
