package visit_test

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/btls/certificate"
	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/btls/parrot"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/share/visit"
	"github.com/warren-p2p/warren/internal/share/visit/visittest"
	"github.com/warren-p2p/warren/metainfo"
)

// place is where something is shared, and the network in which it is.
type place struct {
	*visittest.Place
	net *netpolicy.Mem
}

func share(t *testing.T, public bool) *place {
	t.Helper()
	net := netpolicy.NewMem()
	return &place{visittest.Share(t, net, public), net}
}

func (p *place) visitor(h hello.Hello) *visit.Client {
	return visit.New(visit.Config{Net: p.net.Host(netip.MustParseAddr("10.0.0.2")), Hello: h, Clock: clock.System{}})
}

// What comes of a private share is joined by the secret, and told to one tracker alone, at
// the place of the link.
func TestPrivate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, h := range map[string]hello.Hello{"go": hello.Go{}, "chrome": parrot.New()} {
			p := share(t, false)
			f, err := p.visitor(h).Open(t.Context(), p.Link, visit.Ask{})
			if err != nil {
				t.Fatal(name, err)
			}
			if f.Record.Title != "Field recordings" || f.Torrent.Hashes() != p.Torrent.Hashes() || f.Secret == nil || *f.Secret != p.Link.Secret {
				t.Errorf("%s: %+v", name, f.Record)
			}
			if f.Sole == nil || f.Sole.URL != "https://10.0.0.1:6881/KEY/announce" || f.Sole.Pin != p.Link.Pin {
				t.Errorf("%s: announced to %+v", name, f.Sole)
			}
			if m := f.Torrent; len(m.Trackers())+len(m.URLList) > 0 {
				t.Errorf("%s: and to %v, %v", name, m.Trackers(), m.URLList)
			}
			if said := p.Said(); said != "HEAD, GET /record, GET /torrent" {
				t.Errorf("%s: %s", name, said)
			}
			for _, h := range p.Heads {
				if len(h) > 0 {
					t.Errorf("%s: tells %v", name, h)
				}
			}
		}
	})
}

// A public share is joined by anybody.
func TestPublic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := share(t, true)
		f, err := p.visitor(hello.Go{}).Open(t.Context(), p.Link, visit.Ask{})
		if err != nil || f.Secret != nil || f.Sole != nil || len(f.Torrent.Trackers()) != 2 || len(f.Torrent.URLList) > 0 {
			t.Fatalf("%+v, %v", f, err)
		}
		all := p.Link
		all.Share = record.ID{}
		if _, err := p.visitor(hello.Go{}).Open(t.Context(), all, visit.Ask{}); !errors.Is(err, visit.ErrList) {
			t.Errorf("of the list: %v", err)
		}
		other := p.Link
		other.Share = record.NewID()
		if _, err := p.visitor(hello.Go{}).Open(t.Context(), other, visit.Ask{}); !errors.Is(err, visit.ErrEnded) {
			t.Errorf("of another: %v", err)
		}
	})
}

// To whoever shows another key nothing is sent: not a byte inside TLS.
func TestWrongPin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, h := range map[string]hello.Hello{"go": hello.Go{}, "chrome": parrot.New()} {
			cert, err := certificate.SelfSigned(time.Now(), rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			p := share(t, false)
			l, err := p.net.Host(netip.MustParseAddr("10.0.0.3")).Listen(t.Context(), ":1")
			if err != nil {
				t.Fatal(err)
			}
			heard := make(chan int, 1)
			go func() {
				raw, err := l.Accept()
				if err != nil {
					t.Error(err)
					return
				}
				b, _ := io.ReadAll(tls.Server(raw, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS13}))
				heard <- len(b)
				raw.Close()
			}()
			p.Link.Address = "10.0.0.3:1"
			if _, err := p.visitor(h).Open(t.Context(), p.Link, visit.Ask{Redeem: true}); !errors.Is(err, visit.ErrPin) {
				t.Errorf("%s: %v", name, err)
			}
			if n := <-heard; n > 0 {
				t.Errorf("%s: %d bytes were sent", name, n)
			}
			l.Close()
		}
	})
}

// A link is redeemed when that is asked for, and once.
func TestRedeem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := share(t, false)
		p.Way = "passphrase"
		c := p.visitor(hello.Go{})
		guarded := func(a visit.Ask, want bool) {
			t.Helper()
			_, err := c.Open(t.Context(), p.Link, a)
			if e, ok := errors.AsType[*visit.GuardedError](err); !ok || e.Passphrase != want {
				t.Errorf("%+v: %v", a, err)
			}
		}
		guarded(visit.Ask{}, true)
		guarded(visit.Ask{Redeem: true}, true)
		guarded(visit.Ask{Passphrase: "open & shut"}, true)
		p.Way = "redeem"
		guarded(visit.Ask{}, false)
		if said := p.Said(); said != "HEAD, HEAD, HEAD, HEAD" {
			t.Errorf("looking: %s", said)
		}
		p.Way = "passphrase"
		for range 2 {
			if _, err := c.Open(t.Context(), p.Link, visit.Ask{Redeem: true, Passphrase: "open & shut"}); err != nil {
				t.Fatal(err)
			}
		}
		if said := p.Said(); said != "HEAD, POST passphrase=open+%26+shut, GET /TICKET/record, GET /TICKET/torrent, "+
			"HEAD /TICKET, GET /TICKET/record, GET /TICKET/torrent" {
			t.Errorf("twice: %s", said)
		}
		p.Way, p.Ticket = "redeem", "gone"
		guarded(visit.Ask{}, false)
		p.Way = ""
		if _, err := c.Open(t.Context(), p.Link, visit.Ask{Redeem: true}); !errors.Is(err, visit.ErrEnded) {
			t.Errorf("revoked: %v", err)
		}
	})
}

// The link of who has redeemed it already is good as it is, and so is a ticket that was
// kept; neither counts as a use.
func TestTicket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := share(t, false)
		p.Way = "redeem"
		first := p.visitor(hello.Go{})
		if _, err := first.Open(t.Context(), p.Link, visit.Ask{Redeem: true}); err != nil {
			t.Fatal(err)
		}
		kept, ok := first.Ticket(p.Link.Token)
		if !ok || kept.Text != p.Ticket {
			t.Fatalf("kept %+v, %v", kept, ok)
		}
		p.Said()
		again := p.visitor(hello.Go{})
		again.Remember(p.Link.Token, kept)
		if _, err := again.Open(t.Context(), p.Link, visit.Ask{Redeem: true}); err != nil {
			t.Error(err)
		}
		led := p.Link
		led.Ticket, _ = link.ParseToken(kept.Text)
		if _, err := p.visitor(hello.Go{}).Open(t.Context(), led, visit.Ask{}); err != nil {
			t.Error(err)
		}
		if said := p.Said(); strings.Contains(said, "POST") || strings.Count(said, "GET /TICKET/torrent") != 2 {
			t.Errorf("asked %s", said)
		}
		again = p.visitor(hello.Go{})
		again.Remember(p.Link.Token, visit.Ticket{Text: "../../elsewhere", Ends: time.Now().Add(time.Hour)})
		if _, ok := again.Ticket(p.Link.Token); ok {
			t.Error("something else is kept")
		}
	})
}

// An answer without an end, or one that does not come, ends the visit: in bounded memory
// and in bounded time. A redirect leads nowhere.
func TestNoEnd(t *testing.T) {
	for name, c := range map[string]struct {
		answer func(w http.ResponseWriter, r *http.Request) // to whoever asks for the record
		most   time.Duration
		want   error
	}{
		"endless": {func(w http.ResponseWriter, _ *http.Request) {
			for b := make([]byte, 1<<20); ; {
				if _, err := w.Write(b); err != nil {
					return
				}
			}
		}, time.Minute, visit.ErrAnswer},
		"said to be long": {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "99999999999") }, time.Minute, visit.ErrAnswer},
		"slow": {func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				_, _ = w.Write([]byte("d"))
				_ = http.NewResponseController(w).Flush()
				select {
				case <-r.Context().Done():
				case <-time.After(10 * time.Second):
				}
			}
		}, 5 * time.Minute, nil},
		"silent": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, time.Minute, nil},
		"elsewhere": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "http://10.0.0.7/")
			w.WriteHeader(http.StatusFound)
		}, time.Minute, visit.ErrEnded},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := share(t, false)
				p.Instead = func(w http.ResponseWriter, r *http.Request) bool {
					if !strings.HasSuffix(r.URL.Path, "/record") {
						return false
					}
					c.answer(w, r)
					return true
				}
				began := time.Now()
				_, err := p.visitor(hello.Go{}).Open(t.Context(), p.Link, visit.Ask{})
				if err == nil || c.want != nil && !errors.Is(err, c.want) || time.Since(began) > c.most {
					t.Errorf("%v after %v", err, time.Since(began))
				}
			})
		})
	}
}

// older refuses every record.
type older struct{}

func (older) Check(context.Context, *record.Record) error { return record.ErrOlder }

// A record that is older than one that was seen is not shown.
func TestOlder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := share(t, false)
		c := visit.New(visit.Config{Net: p.net, Hello: hello.Go{}, Clock: clock.System{}, Seen: older{}})
		if _, err := c.Open(t.Context(), p.Link, visit.Ask{}); !errors.Is(err, record.ErrOlder) || !errors.Is(err, visit.ErrAnswer) {
			t.Errorf("%v", err)
		}
	})
}

// What does not work says why.
func TestRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*place)
		want   error
	}{
		"ended":             {func(p *place) { p.Way = "" }, visit.ErrEnded},
		"busy":              {func(p *place) { p.Busy = true }, visit.ErrBusy},
		"in another way":    {func(p *place) { p.Way = "pay" }, visit.ErrAnswer},
		"wrong passphrase":  {func(p *place) { p.Way, p.Status = "passphrase", http.StatusForbidden }, visit.ErrPassphrase},
		"used up meanwhile": {func(p *place) { p.Way, p.Status = "redeem", http.StatusNotFound }, visit.ErrEnded},
		"busy to redeem":    {func(p *place) { p.Way, p.Status = "redeem", http.StatusServiceUnavailable }, visit.ErrBusy},
		"leads elsewhere":   {func(p *place) { p.Way, p.Leads = "redeem", "https://other.example/"+link.NewToken().Text() }, visit.ErrAnswer},
		"leads on":          {func(p *place) { p.Way, p.Leads = "redeem", "/private/x/"+link.NewToken().Text() }, visit.ErrAnswer},
		"no record":         {func(p *place) { p.Signed = []byte("de") }, record.ErrSyntax},
		"not signed":        {func(p *place) { p.Signed[len(p.Signed)-3] ^= 1 }, visit.ErrAnswer},
		"another torrent":   {func(p *place) { s := p.Signed; p.Make(false); p.Signed = s }, record.ErrTorrent},
		"not private":       {func(p *place) { p.Make(false) }, record.ErrTorrent},
		"other files":       {func(p *place) { p.Record.Files[0].Path = "other"; p.Sign() }, record.ErrTorrent},
		"no tracker":        {func(p *place) { p.Torrent.SetTrackers([][]string{{"http://a/KEY/announce"}}) }, record.ErrTorrent},
		"no torrent":        {func(p *place) { p.Torrent = &metainfo.Torrent{} }, visit.ErrAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := share(t, false)
				c.change(p)
				_, err := p.visitor(hello.Go{}).Open(t.Context(), p.Link, visit.Ask{Redeem: true, Passphrase: "x"})
				if !errors.Is(err, c.want) || strings.Contains(err.Error(), p.Link.Token.Text()) {
					t.Errorf("%v", err)
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		p := share(t, false)
		p.Way, p.Status = "passphrase", http.StatusTooManyRequests
		_, err := p.visitor(hello.Go{}).Open(t.Context(), p.Link, visit.Ask{Redeem: true, Passphrase: "x"})
		if e, ok := errors.AsType[*visit.WaitError](err); !ok || e.For != 90*time.Second {
			t.Errorf("too many: %v", err)
		}
		if _, err := p.visitor(hello.Go{}).Open(t.Context(), p.Link, visit.Ask{Public: true}); !errors.Is(err, netpolicy.ErrNotPublic) {
			t.Errorf("at home: %v", err)
		}
		p.Link.Address = "10.0.0.99:1"
		if _, err := p.visitor(hello.Go{}).Open(t.Context(), p.Link, visit.Ask{}); err == nil {
			t.Error("nobody is there")
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(io.ErrClosedPipe)
		if _, err := p.visitor(hello.Go{}).Open(ctx, p.Link, visit.Ask{}); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("ended: %v", err)
		}
	})
}
