package upnp

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/portmap/pcp"
	"github.com/warren-p2p/warren/internal/portmap/routertest"
)

func local() netip.Addr    { return netip.MustParseAddr("192.168.1.5") }
func router() netip.Addr   { return netip.MustParseAddr("192.168.1.1") }
func external() netip.Addr { return netip.MustParseAddr("8.8.4.4") }

func wanted() pcp.Mapping {
	return pcp.Mapping{Protocol: pcp.TCP, Internal: 6881, Lifetime: time.Hour}
}

// world starts a router in a network, in virtual time, and looks for it.
func world(t *testing.T, cfg routertest.Config, f func(t *testing.T, m *netpolicy.Mem, r *routertest.Router, find func() (*Device, error))) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		m := netpolicy.NewMem()
		cfg.Addr, cfg.External, cfg.UPnP = router(), external(), true
		r, err := routertest.Start(t.Context(), m, cfg)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		f(t, m, r, func() (*Device, error) {
			return Find(t.Context(), Config{Policy: m.Host(local()), Local: local(), Router: router()})
		})
	})
}

func TestMap(t *testing.T) {
	world(t, routertest.Config{}, func(t *testing.T, _ *netpolicy.Mem, r *routertest.Router, find func() (*Device, error)) {
		d, err := find()
		if err != nil {
			t.Fatal(err)
		}
		if a, err := d.External(t.Context()); err != nil || a != external() {
			t.Errorf("external address %v, %v", a, err)
		}
		got, err := d.Map(t.Context(), wanted())
		if err != nil || got.External.Port() != 6881 || got.Lifetime != time.Hour {
			t.Errorf("%+v, %v", got, err)
		}
		if m := r.Mappings()[routertest.Key{Protocol: pcp.TCP, External: 6881}]; m.Internal != 6881 || m.Lifetime != time.Hour {
			t.Errorf("mapped %+v", r.Mappings())
		}
		if err := d.Unmap(t.Context(), got); err != nil || len(r.Mappings()) > 0 {
			t.Errorf("still there: %v, %v", r.Mappings(), err)
		}
	})
}

// A router that knows no leases gives the port without an end.
func TestPermanent(t *testing.T) {
	world(t, routertest.Config{Fault: codePermanent}, func(t *testing.T, _ *netpolicy.Mem, r *routertest.Router, find func() (*Device, error)) {
		d, err := find()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := d.Map(t.Context(), wanted()); err != nil || got.Lifetime != 0 || len(r.Mappings()) != 1 {
			t.Errorf("%+v, %v, %v", got, err, r.Mappings())
		}
	})
}

func fault(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		fmt.Fprintf(w, `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body><s:Fault>`+
			`<faultstring>call <b>0900</b></faultstring><detail><UPnPError><errorCode>%d</errorCode></UPnPError></detail></s:Fault></s:Body></s:Envelope>`, code)
	}
}

func TestRefused(t *testing.T) {
	for _, code := range []int{codeNotAuthorised, codeConflict, 501} {
		world(t, routertest.Config{SOAP: fault(code)}, func(t *testing.T, _ *netpolicy.Mem, r *routertest.Router, find func() (*Device, error)) {
			d, err := find()
			if err != nil {
				t.Fatal(err)
			}
			before := r.Asked()
			_, err = d.Map(t.Context(), wanted())
			if refusal, ok := errors.AsType[*Refusal](err); !ok || refusal.Code != code || strings.Contains(err.Error(), "0900") {
				t.Errorf("%d: %v", code, err)
			}
			if n := r.Asked() - before; code == codeConflict && n != tries || code != codeConflict && n != 1 {
				t.Errorf("%d: asked %d times", code, n)
			}
		})
	}
}

// endless answers without an end, until nobody listens.
func endless(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write([]byte(strings.Repeat(text, 1024))); err != nil {
				return
			}
		}
	}
}

func silent(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

// elsewhere is a service on this machine that nobody must be led to.
const elsewhere = "http://127.0.0.1:80/admin"

// Whatever a router describes: it is done with within a time, and nobody else is
// asked.
func TestHostile(t *testing.T) {
	bounce := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere, http.StatusTemporaryRedirect)
	}
	for name, c := range map[string]struct {
		cfg  routertest.Config
		want error // of looking for it; nil if only mapping fails
	}{
		"location elsewhere":        {routertest.Config{Location: elsewhere}, ErrElsewhere},
		"location by name":          {routertest.Config{Location: "http://localhost/root.xml"}, ErrElsewhere},
		"location that is no URL":   {routertest.Config{Location: "://"}, ErrMalformed},
		"location over TLS":         {routertest.Config{Location: "https://192.168.1.1:5000/root.xml"}, ErrElsewhere},
		"location with a password":  {routertest.Config{Location: "http://a:b@192.168.1.1:5000/root.xml"}, ErrElsewhere},
		"control URL elsewhere":     {routertest.Config{Control: elsewhere}, ErrElsewhere},
		"control URL by name":       {routertest.Config{Control: "http://localhost/admin"}, ErrElsewhere},
		"control URL of a file":     {routertest.Config{Control: "file:///etc/passwd"}, ErrElsewhere},
		"base of URLs elsewhere":    {routertest.Config{Describe: based}, ErrElsewhere},
		"description that moved":    {routertest.Config{Describe: bounce}, ErrElsewhere},
		"description without end":   {routertest.Config{Describe: endless("<a>")}, ErrMalformed},
		"description of spaces":     {routertest.Config{Describe: endless("   ")}, ErrMalformed},
		"description that is none":  {routertest.Config{Describe: http.NotFound}, ErrMalformed},
		"no description":            {routertest.Config{Describe: silent}, errAny},
		"device without connection": {routertest.Config{Describe: bare}, ErrNone},
		"control that moved":        {routertest.Config{SOAP: bounce}, nil},
		"answer without end":        {routertest.Config{SOAP: endless("<a>")}, nil},
		"no answer":                 {routertest.Config{SOAP: silent}, nil},
		"answer that is none":       {routertest.Config{SOAP: http.NotFound}, nil},
		"answer to something else":  {routertest.Config{SOAP: bare}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			world(t, c.cfg, func(t *testing.T, m *netpolicy.Mem, _ *routertest.Router, find func() (*Device, error)) {
				trap, err := m.Listen(t.Context(), "127.0.0.1:80")
				if err != nil {
					t.Fatal(err)
				}
				defer trap.Close()
				go func() {
					if _, err := trap.Accept(); err == nil {
						t.Error("somebody else was asked")
					}
				}()
				began := time.Now()
				d, err := find()
				if err != nil {
					if c.want == nil || c.want != errAny && !errors.Is(err, c.want) {
						t.Errorf("found with %v, want %v", err, c.want)
					}
				} else if _, err := d.Map(t.Context(), wanted()); err == nil || c.want != nil {
					t.Errorf("mapped with %v", err)
				}
				if took := time.Since(began); took > 20*time.Second {
					t.Errorf("took %v", took)
				}
			})
		})
	}
}

var errAny = errors.New("some error")

func based(w http.ResponseWriter, _ *http.Request) {
	fmt.Fprint(w, `<root xmlns="urn:schemas-upnp-org:device-1-0"><URLBase>http://127.0.0.1</URLBase><device><serviceList><service>`+
		`<serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType><controlURL>/admin</controlURL></service></serviceList></device></root>`)
}

func bare(w http.ResponseWriter, _ *http.Request) {
	fmt.Fprint(w, `<root xmlns="urn:schemas-upnp-org:device-1-0"><device><friendlyName>x</friendlyName></device></root>`)
}

// Who is not the router is not listened to, and a network without one is given up.
func TestOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := netpolicy.NewMem()
		c, err := m.Host(netip.MustParseAddr("192.168.1.66")).ListenPacket(t.Context(), "udp", ":1900")
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		began := time.Now()
		_, err = Find(t.Context(), Config{Policy: liar{m.Host(local()), c}, Local: local(), Router: router()})
		if !errors.Is(err, ErrNone) || time.Since(began) != patience {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}

func FuzzAnswer(f *testing.F) {
	f.Add([]byte("HTTP/1.1 200 OK\r\nLOCATION: http://192.168.1.1:5000/root.xml\r\n\r\n"))
	f.Add([]byte("HTTP/1.1 200 OK\r\nLOCATION: http://192.168.1.1@127.0.0.1/\r\n\r\n"))
	f.Add([]byte("HTTP/1.1 302 Found\r\nLOCATION: http://[::ffff:192.168.1.1]/\r\n\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if u, err := parseAnswer(b, router()); err == nil && (u.Hostname() != router().String() || u.Scheme != "http") {
			t.Errorf("led to %v", u)
		}
	})
}

func FuzzDescription(f *testing.F) {
	f.Add(`<root xmlns="urn:schemas-upnp-org:device-1-0"><URLBase>http://127.0.0.1</URLBase><device><serviceList><service>` +
		`<serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType><controlURL>/a</controlURL></service></serviceList></device></root>`)
	f.Fuzz(func(t *testing.T, text string) {
		at := &url.URL{Scheme: "http", Host: "192.168.1.1:5000", Path: "/root.xml"}
		root, err := parseDescription(strings.NewReader(text), at)
		if err != nil {
			return
		}
		list, _ := connections(root, at, http.DefaultClient, router())
		for _, c := range list {
			if to := endpoint(c); to.Hostname() != router().String() {
				t.Errorf("led to %v", to)
			}
		}
	})
}
