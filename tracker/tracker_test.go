package tracker_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/btls/certificate"
	"github.com/warren-p2p/warren/tracker"
	"github.com/warren-p2p/warren/tracker/message"
)

const onePeer = "d8:completei1e10:incompletei2e8:intervali1800e5:peers6:\x01\x02\x03\x04\x1a\xe1e"

func checkPeer(t *testing.T, r tracker.Response, err error) {
	t.Helper()
	if err != nil || len(r.Peers) != 1 || r.Peers[0].String() != "1.2.3.4:6881" || r.Interval != 30*time.Minute || r.Seeders != 1 || r.Leechers != 2 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestHTTP(t *testing.T) {
	w := newWorld(t)
	var asked atomic.Pointer[http.Request]
	w.serve(there, func(out http.ResponseWriter, r *http.Request) {
		asked.Store(r)
		switch {
		case r.URL.Path == "/gzip/announce":
			out.Header().Set("Content-Encoding", "gzip")
			_, _ = out.Write(gzipped([]byte(onePeer)))
		case strings.Contains(r.URL.Path, "scrape"):
			answer("d5:filesd20:"+string(append([]byte{1}, make([]byte, 19)...))+"d8:completei5e10:downloadedi6e10:incompletei7eeee")(out, r)
		default:
			answer(onePeer)(out, r)
		}
	})
	for _, path := range []string{"/announce", "/gzip/announce", "/announce?key=1"} {
		r, err := w.announce("http://tracker.example"+path, false)
		checkPeer(t, r, err)
	}
	if r := asked.Load(); r.UserAgent() != "test/1" || r.Host != "tracker.example" || r.URL.Query().Get("key") != "1" || r.URL.Query().Get("info_hash")[0] != 1 {
		t.Errorf("%+v", r)
	}
	s, err := w.client.Scrape(t.Context(), tracker.Target{URL: "http://tracker.example/announce"}, [20]byte{1}, [20]byte{2})
	if err != nil || len(s) != 1 || s[[20]byte{1}] != (tracker.Totals{Seeders: 5, Completed: 6, Leechers: 7}) {
		t.Errorf("scrape: %v, %v", s, err)
	}
	if _, err := w.client.Scrape(t.Context(), tracker.Target{URL: "http://tracker.example/x"}, [20]byte{1}); !errors.Is(err, tracker.ErrNoScrape) {
		t.Errorf("scrape: %v", err)
	}
}

func TestUDP(t *testing.T) {
	w := newWorld(t)
	w.udpTracker(there, wellBehaved)
	for range 3 {
		r, err := w.announce("udp://tracker.example:6969/announce", false)
		checkPeer(t, r, err)
	}
	s, err := w.client.Scrape(t.Context(), tracker.Target{URL: "udp://tracker.example:6969"}, [20]byte{1}, [20]byte{2})
	if err != nil || s[[20]byte{2}] != (tracker.Totals{Seeders: 1, Completed: 2, Leechers: 3}) {
		t.Errorf("scrape: %v, %v", s, err)
	}
}

// A tracker in both families is asked in both, and one that is silent in one of
// them does not hold up the other for long.
func TestFamilies(t *testing.T) {
	v6 := "2001:4860::8"
	for name, silent := range map[string]bool{"both": false, "one is silent": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.Name("dual.example", netip.MustParseAddr(v6), netip.MustParseAddr(there))
				w.udpTracker(there, wellBehaved)
				w.udpTracker(v6, func(b []byte) [][]byte {
					if silent {
						return nil
					}
					out := wellBehaved(b)
					if len(out[0]) == 26 { // the announce: an address of this family
						out[0] = append(out[0][:20], "\x20\x01\x48\x60\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x05\x1a\xe1"...)
					}
					return out
				})
				begun := time.Now()
				r, err := w.announce("udp://dual.example:6969", false)
				want := "[1.2.3.4:6881 [2001:4860::5]:6881]"
				if silent {
					want = "[1.2.3.4:6881]"
				}
				if fmt.Sprint(r.Peers) != want || err != nil {
					t.Errorf("%v, %v", r.Peers, err)
				}
				if took := time.Since(begun); took > 2*time.Second {
					t.Errorf("took %v", took)
				}
			})
		})
	}
}

func TestSchemes(t *testing.T) {
	w := newWorld(t)
	for _, url := range []string{
		"", "tracker.example", "wss://tracker.example/", "file:///etc/passwd", "http:///announce", "udp://tracker.example", "http://%zz/",
		"gopher://tracker.example/", "unix:/x",
	} {
		if _, err := w.announce(url, true); !errors.Is(err, tracker.ErrScheme) {
			t.Errorf("%q: %v", url, err)
		}
		if err := tracker.Check(url); !errors.Is(err, tracker.ErrScheme) {
			t.Errorf("%q: %v", url, err)
		}
	}
}

// Errors do not show the URL: it may have the user's key in it.
func TestErrorsKeepKeys(t *testing.T) {
	w := newWorld(t)
	w.serve(there, func(out http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/redirect" {
			http.Redirect(out, r, "ftp://secret/", http.StatusFound)
			return
		}
		out.WriteHeader(http.StatusForbidden)
	})
	for _, url := range []string{
		"http://tracker.example/announce?passkey=secret", "http://tracker.example/redirect?secret",
		"http://tracker.example:81/announce?passkey=secret", "http://home.example/secret", "wss://x/secret", "http://none.example/secret",
	} {
		_, err := w.announce(url, false)
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", url, err)
		}
	}
	if _, err := w.announce("http://tracker.example/announce", false); !errors.Is(err, tracker.StatusError(403)) {
		t.Error(err)
	}
	if _, err := w.announce("http://tracker.example:81/announce", false); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Error(err)
	}
}

// A tracker at home is asked only if the user has named it.
func TestTargets(t *testing.T) {
	w := newWorld(t)
	var visits atomic.Int64
	spy := func(host string, then http.HandlerFunc) {
		w.serve(host, func(out http.ResponseWriter, r *http.Request) {
			visits.Add(1)
			then(out, r)
		})
	}
	spy(home, answer(onePeer))
	spy("127.0.0.1", answer(onePeer))
	w.udpTracker(home, func(b []byte) [][]byte {
		visits.Add(1)
		return wellBehaved(b)
	})
	for _, url := range []string{
		"http://192.168.1.1/announce", "http://home.example/announce", "http://127.0.0.1/announce", "http://localhost/announce",
		"http://[::ffff:127.0.0.1]/announce", "http://[::ffff:192.168.1.1]/announce", "udp://home.example:6969", "udp://192.168.1.1:6969",
		"udp://[::ffff:192.168.1.1]:6969",
	} {
		if _, err := w.announce(url, false); !errors.Is(err, tracker.ErrNotPublic) {
			t.Errorf("%s: %v", url, err)
		}
	}
	if n := visits.Load(); n != 0 {
		t.Errorf("%d visits", n)
	}
	for _, url := range []string{"http://192.168.1.1/announce", "http://home.example/announce", "udp://home.example:6969"} {
		r, err := w.announce(url, true)
		checkPeer(t, r, err)
	}
	// The connection that may go home is still there. It is not for this one.
	before := visits.Load()
	if _, err := w.announce("http://home.example/announce", false); !errors.Is(err, tracker.ErrNotPublic) || visits.Load() != before {
		t.Errorf("%d more visits, %v", visits.Load()-before, err)
	}
}

// Redirects are followed three times, and never home.
func TestRedirects(t *testing.T) {
	w := newWorld(t)
	var visits atomic.Int64
	w.serve(home, func(out http.ResponseWriter, r *http.Request) {
		visits.Add(1)
		if to := r.URL.Query().Get("to"); to != "" {
			http.Redirect(out, r, to, http.StatusFound)
			return
		}
		answer(onePeer)(out, r)
	})
	w.serve("127.0.0.1", func(http.ResponseWriter, *http.Request) { visits.Add(1) })
	w.serve(there, func(out http.ResponseWriter, r *http.Request) {
		if n, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/")); err == nil && n > 0 {
			http.Redirect(out, r, fmt.Sprintf("/%d?%s", n-1, r.URL.RawQuery), http.StatusTemporaryRedirect)
		} else if to := r.URL.Query().Get("to"); to != "" {
			http.Redirect(out, r, to, http.StatusFound)
		} else {
			answer(onePeer)(out, r)
		}
	})
	r, err := w.announce("http://tracker.example/3", false)
	checkPeer(t, r, err)
	if _, err := w.announce("http://tracker.example/4", false); !errors.Is(err, tracker.ErrRedirects) {
		t.Errorf("four: %v", err)
	}
	for _, to := range []string{"http://127.0.0.1/", "http://localhost/x", "http://home.example/", "http://192.168.1.1/", "//home.example/"} {
		for _, typed := range []bool{false, true} {
			if _, err := w.announce("http://tracker.example/?to="+to, typed); !errors.Is(err, tracker.ErrNotPublic) {
				t.Errorf("%s, typed %v: %v", to, typed, err)
			}
		}
	}
	for _, to := range []string{"udp://tracker.example:6969", "file:///etc/passwd", "gopher://x/", "http://", "%zz"} {
		if _, err := w.announce("http://tracker.example/?to="+url.QueryEscape(to), false); !errors.Is(err, tracker.ErrScheme) {
			t.Errorf("%s: %v", to, err)
		}
	}
	if n := visits.Load(); n != 0 {
		t.Errorf("%d visits at home", n)
	}
	// What the user has named may lead to itself, and to nothing else at home.
	r, err = w.announce("http://home.example/?to=/other", true)
	checkPeer(t, r, err)
	if _, err := w.announce("http://home.example/?to=http://127.0.0.1/", true); !errors.Is(err, tracker.ErrNotPublic) {
		t.Error(err)
	}
}

// Peers at home are taken from trackers at home.
func TestPeersAtHome(t *testing.T) {
	w := newWorld(t)
	const body = "d5:peers24:\x7f\x00\x00\x01\x1a\xe1\xc0\xa8\x01\x02\x1a\xe1\x01\x02\x03\x04\x1a\xe1\xa9\xfe\xa9\xfe\x00\x50e"
	w.serve(there, answer(body))
	w.serve(home, answer(body))
	for url, want := range map[string]string{
		"http://tracker.example/announce": "[1.2.3.4:6881]",
		"http://home.example/announce":    "[127.0.0.1:6881 192.168.1.2:6881 1.2.3.4:6881 169.254.169.254:80]",
	} {
		r, err := w.announce(url, true)
		if fmt.Sprint(r.Peers) != want || err != nil {
			t.Errorf("%s: %v, %v", url, r.Peers, err)
		}
	}
}

// What a tracker sends is bounded in bytes, whatever it says it is.
func TestHostileAnswers(t *testing.T) {
	w := newWorld(t)
	var sent atomic.Int64
	flood := func(out http.ResponseWriter, b []byte) {
		for n := 0; n < 1<<30; n += len(b) {
			if _, err := out.Write(b); err != nil {
				return
			}
			sent.Add(int64(len(b)))
		}
	}
	big, bomb := make([]byte, 1<<20), gzipped(make([]byte, 100<<20))
	w.serve(there, func(out http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/garbage":
			_, _ = out.Write([]byte("\x00\xff<html>d5:peers"))
		case "/gigabytes":
			flood(out, big)
		case "/million":
			_, _ = out.Write([]byte("d5:peers600000:" + strings.Repeat("\x01\x02\x03\x04\x1a\xe1", 100_000) + "e"))
		case "/bomb":
			out.Header().Set("Content-Encoding", "gzip")
			_, _ = out.Write(bomb)
		case "/members": // of gzip, that unpack to nothing
			out.Header().Set("Content-Encoding", "gzip")
			flood(out, []byte(strings.Repeat(string(gzipped(nil)), 1000)))
		case "/nogzip":
			out.Header().Set("Content-Encoding", "gzip")
			_, _ = out.Write([]byte(onePeer))
		case "/header":
			out.Header().Set("X", strings.Repeat("x", 1<<20))
		case "/failure":
			out.WriteHeader(http.StatusNotFound)
			_, _ = out.Write([]byte("d14:failure reason4:gonee"))
		case "/error":
			out.WriteHeader(http.StatusInternalServerError)
			flood(out, big)
		}
	})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for path, want := range map[string]error{
		"/garbage": tracker.ErrMalformed, "/gigabytes": tracker.ErrTooLong, "/bomb": tracker.ErrTooLong, "/members": tracker.ErrTooLong,
		"/nogzip": tracker.ErrMalformed, "/empty": tracker.ErrMalformed, "/error": tracker.StatusError(500),
	} {
		if _, err := w.announce("http://tracker.example"+path, false); !errors.Is(err, want) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if _, err := w.announce("http://tracker.example/header", false); err == nil {
		t.Error("a megabyte of header")
	}
	_, err := w.announce("http://tracker.example/failure", false)
	if f, ok := errors.AsType[*tracker.Failure](err); !ok || f.Reason != "gone" {
		t.Error(err)
	}
	r, err := w.announce("http://tracker.example/million", false)
	if err != nil || len(r.Peers) > 300 {
		t.Errorf("%d peers, %v", len(r.Peers), err)
	}
	if n := sent.Load(); n > 16<<20 {
		t.Errorf("took %d bytes", n)
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 64<<20 { // by all of them, the servers included
		t.Errorf("%d bytes were allocated", n)
	}
}

// Neither one who drips nor one who is silent is waited for longer than said.
func TestSlowTrackers(t *testing.T) {
	for _, path := range []string{"http://tracker.example/drip", "http://tracker.example/silent", "udp://tracker.example:6969", "udp://tracker.example:7000"} {
		t.Run(path, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				done := make(chan struct{})
				defer close(done)
				w.serve(there, func(out http.ResponseWriter, r *http.Request) {
					for r.URL.Path == "/drip" {
						if _, err := out.Write([]byte("x")); err != nil {
							return
						}
						out.(http.Flusher).Flush()
						time.Sleep(time.Second)
					}
					select {
					case <-done:
					case <-r.Context().Done():
					}
				})
				w.udpTracker(there, func(b []byte) [][]byte { // answers, and never what was asked
					return [][]byte{nil, b, []byte("xxxxxxxxxxxxxxxxxxxxxxxx")}
				})
				begun := time.Now()
				_, err := w.announce(path, false)
				took := time.Since(begun)
				if err == nil || took > 45*time.Second {
					t.Errorf("%v after %v", err, took)
				}
				if !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, tracker.ErrNoAnswer) {
					t.Error(err)
				}
			})
		})
	}
}

// A UDP tracker that floods, with wrong answers and for others, is still
// understood.
func TestFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.udpTracker(there, func(b []byte) (out [][]byte) {
			for range 5 {
				out = append(out, []byte("\x00\x00\x00\x01\x00\x00\x00\x00 never asked for"))
			}
			return append(out, wellBehaved(b)...)
		})
		r, err := w.announce("udp://tracker.example:6969", false)
		checkPeer(t, r, err)
	})
}

// After Close nothing works, and what was under way has ended.
func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		ended := make(chan error, 1)
		go func() {
			_, err := w.announce("udp://tracker.example:6969", false)
			ended <- err
		}()
		synctest.Wait()
		if err := w.client.Close(); err != nil {
			t.Fatal(err)
		}
		if err := <-ended; err == nil {
			t.Error("no error")
		}
		if _, err := w.announce("udp://tracker.example:6969", false); err == nil {
			t.Error("a closed client announces")
		}
	})
}

// As whom a tracker sees us (BEP 24) is told with who sees it, in each family.
func TestSights(t *testing.T) {
	v6 := "2001:4860::8"
	w := newWorld(t)
	w.Name("dual.example", netip.MustParseAddr(v6), netip.MustParseAddr(there))
	for host, us := range map[string]string{there: "4:\x01\x02\x03\x04", v6: "16:" + strings.Repeat("\x20\x01", 8)} {
		w.serve(host, func(out http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(out, "d11:external ip%s8:intervali60e5:peers0:e", us)
		})
	}
	r, err := w.announce("http://dual.example/announce", false)
	want := []message.Sight{
		{By: netip.MustParseAddr(there), Us: netip.MustParseAddr("1.2.3.4")},
		{By: netip.MustParseAddr(v6), Us: netip.MustParseAddr("2001:2001:2001:2001:2001:2001:2001:2001")},
	}
	if err != nil || !slices.Equal(r.Sights, want) {
		t.Errorf("%v, %v", r.Sights, err)
	}
}

// A tracker of one torrent is spoken to as that torrent wants it, and its
// connections are used for nothing else.
func TestOwnTLS(t *testing.T) {
	w := newWorld(t)
	cert, err := certificate.SelfSigned(time.Now(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var conns sync.Map
	w.serveTLS(there, cert, func(out http.ResponseWriter, r *http.Request) {
		conns.Store(r.RemoteAddr, true)
		_, _ = out.Write([]byte("d8:intervali1800e5:peers0:e"))
	})
	roots := x509.NewCertPool()
	roots.AddCert(cert.Leaf)
	target := tracker.Target{URL: "https://tracker.example/announce"}
	ask := func() error {
		_, err := w.client.Announce(t.Context(), target, tracker.Request{Port: 1})
		return err
	}
	if err := ask(); err == nil {
		t.Error("a certificate of nobody's is taken")
	}
	target.TLS = &tls.Config{MinVersion: tls.VersionTLS13, RootCAs: roots, ServerName: cert.Leaf.DNSNames[0]}
	for range 2 {
		if err := ask(); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	conns.Range(func(any, any) bool { n++; return true })
	if n != 2 {
		t.Errorf("%d connections for two announces", n)
	}
	target.TLS = nil
	if err := ask(); err == nil {
		t.Error("others use the same connection")
	}
}
