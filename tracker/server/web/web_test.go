package web_test

import (
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/server"
	"github.com/warren-p2p/warren/tracker/server/peerstore/memory"
	"github.com/warren-p2p/warren/tracker/server/web"
)

func begin() time.Time { return time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC) }

func open(cfg server.Config) *server.Tracker {
	cfg.Store = memory.New(memory.Config{})
	return server.New(cfg)
}

// site is the website behind the tracker.
func site() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, "site "+r.URL.Path)
	})
}

func handler(t *server.Tracker, cfg web.Config) *web.Handler {
	cfg.Clock, cfg.Next = clock.NewManual(begin()), site()
	return web.New(t, cfg)
}

func ask(h http.Handler, method, from, target string, head ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, nil)
	r.RemoteAddr = from
	for i := 0; i+1 < len(head); i += 2 {
		r.Header.Add(head[i], head[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func request(hash byte, port uint16, left int64) *message.Request {
	return &message.Request{InfoHash: [20]byte{hash}, PeerID: [20]byte{1}, Port: port, Left: left, NumWant: 50}
}

func target(base string, r *message.Request) string {
	u, _ := url.Parse(base)
	return message.AnnounceURL(u, r).String()
}

func announce(t *testing.T, h http.Handler, from, base string, r *message.Request, head ...string) message.Response {
	t.Helper()
	w := ask(h, "GET", from, target(base, r), head...)
	got, err := message.ParseAnnounce(w.Body.Bytes())
	if err != nil || w.Code != 200 {
		t.Fatalf("%d %q: %v", w.Code, w.Body, err)
	}
	return got
}

func TestAnnounce(t *testing.T) {
	h := handler(open(server.Config{Interval: time.Hour}), web.Config{Key: "key"})
	announce(t, h, "1.2.3.4:999", "http://t.example/key/announce", request(1, 6881, 0))
	announce(t, h, "[2001:db8::1]:999", "http://t.example/key/announce", request(1, 6881, 0))
	got := announce(t, h, "[::ffff:5.6.7.8]:999", "http://t.example/key/announce", request(1, 80, 7))
	if !slices.Equal(got.Peers, []netip.AddrPort{netip.MustParseAddrPort("1.2.3.4:6881")}) || got.Seeders != 2 || got.Leechers != 1 ||
		got.External != netip.MustParseAddr("5.6.7.8") || got.Interval < time.Hour || got.MinInterval != time.Minute || got.TLS != nil {
		t.Errorf("%+v", got)
	}
	got = announce(t, h, "[2001:db8::2]:999", "http://t.example/key/announce", request(1, 80, 7))
	if !slices.Equal(got.Peers, []netip.AddrPort{netip.MustParseAddrPort("[2001:db8::1]:6881")}) || got.External != netip.MustParseAddr("2001:db8::2") {
		t.Errorf("%+v", got)
	}
	w := ask(h, "GET", "9.9.9.9:9", target("http://t.example/key/scrape", request(1, 1, 1))+"&info_hash="+strings.Repeat("a", 20))
	totals, err := message.ParseScrape(w.Body.Bytes(), [][20]byte{{1}, [20]byte([]byte(strings.Repeat("a", 20)))})
	if err != nil || len(totals) != 2 || totals[[20]byte{1}] != (message.Totals{Seeders: 2, Leechers: 2}) {
		t.Errorf("%v, %v from %q", totals, err, w.Body)
	}
	for _, bad := range []string{"/key/announce", "/key/announce?info_hash=%zz", "/key/scrape"} {
		w := ask(h, "GET", "9.9.9.9:9", "http://t.example"+bad)
		if !strings.HasPrefix(w.Body.String(), "d14:failure reason") || w.Code != 200 {
			t.Errorf("%s: %d %q", bad, w.Code, w.Body)
		}
	}
}

// Whatever is not exactly the tracker's is the website's, in its own words.
func TestNothingToFind(t *testing.T) {
	h := handler(open(server.Config{}), web.Config{Key: "key"})
	q := "?" + strings.SplitN(target("http://t.example/", request(1, 1, 1)), "?", 2)[1]
	for _, path := range []string{
		"/", "/announce", "/scrape", "/key", "/key/", "/ke/announce", "/keys/announce", "/KEY/announce", "//key/announce",
		"/key//", "/key/announce/", "/key/announce.php", "/key/a/b/announce", "/key/stats", "/key/scrape/", "/yek/scrape", "/key/x/y",
	} {
		if w := ask(h, "GET", "1.2.3.4:5", "http://t.example"+path+q); w.Code != http.StatusTeapot || w.Body.String() != "site "+path {
			t.Errorf("%s: %d %q", path, w.Code, w.Body)
		}
		r := httptest.NewRequest("GET", "http://t.example"+path+q, nil)
		if h.InClear(r) {
			t.Errorf("%s is answered in clear", path)
		}
	}
	for _, method := range []string{"POST", "HEAD", "OPTIONS", "PUT", "TRACE"} {
		if w := ask(h, method, "1.2.3.4:5", "http://t.example/key/announce"+q); w.Code != http.StatusTeapot {
			t.Errorf("%s: %d %q", method, w.Code, w.Body)
		}
	}
	if !h.InClear(httptest.NewRequest("GET", "/key/announce", nil)) {
		t.Error("an announce is not answered in clear")
	}
	if w := ask(web.New(open(server.Config{}), web.Config{}), "GET", "1.2.3.4:5", "http://t.example/"); w.Code != 404 {
		t.Errorf("without a website: %d", w.Code)
	}
}

func TestProxies(t *testing.T) {
	for _, c := range []struct {
		from, forwarded, want string
	}{
		{"10.0.0.1:5", "1.2.3.4", "1.2.3.4"},
		{"10.0.0.1:5", "6.6.6.6, 1.2.3.4, 10.0.0.2", "1.2.3.4"},
		{"10.0.0.1:5", "6.6.6.6,10.0.0.2,10.0.0.3", "6.6.6.6"},
		{"10.0.0.1:5", "", "10.0.0.1"},
		{"10.0.0.1:5", "what", "10.0.0.1"},
		{"9.9.9.9:5", "1.2.3.4", "9.9.9.9"},
	} {
		h := handler(open(server.Config{}), web.Config{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}})
		got := announce(t, h, c.from, "http://t.example/announce", request(1, 1, 1), "X-Forwarded-For", c.forwarded)
		if got.External.String() != c.want {
			t.Errorf("%s forwarded by %s is %v", c.forwarded, c.from, got.External)
		}
	}
}

type users struct{ server.Users }

func (users) Known(key string) bool { return key == "pass" }

func TestPasskey(t *testing.T) {
	for path, ok := range map[string]bool{
		"/key/pass/scrape?info_hash=aaaaaaaaaaaaaaaaaaaa": true, "/key/scrape?info_hash=aaaaaaaaaaaaaaaaaaaa&passkey=pass": true,
		"/key/scrape?info_hash=aaaaaaaaaaaaaaaaaaaa": false, "/key/other/scrape?info_hash=aaaaaaaaaaaaaaaaaaaa": false,
	} {
		w := ask(handler(open(server.Config{Users: users{}}), web.Config{Key: "key"}), "GET", "1.2.3.4:5", "http://t.example"+path)
		if strings.Contains(w.Body.String(), "failure") == ok {
			t.Errorf("%s: %q", path, w.Body)
		}
	}
}

// The draft's vectors are what is answered, byte for byte but for what it leaves open.
func TestVectors(t *testing.T) {
	text, err := os.ReadFile("../../../docs/beps/tls-discovery.rst")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "[tracker request]")
	_, after, _ = strings.Cut(after, "query:")
	query, _, _ := strings.Cut(after, "\n\n")
	query = strings.Join(strings.Fields(query), "")
	_, after, _ = strings.Cut(after, "answer:\n")
	dump, _, _ := strings.Cut(after, "\n\n")
	want, err := hex.DecodeString(strings.Join(strings.Fields(dump), ""))
	if err != nil || query == "" {
		t.Fatal(query, err)
	}
	wanted, err := message.ParseAnnounce(want)
	if err != nil {
		t.Fatal(err)
	}
	h := handler(open(server.Config{}), web.Config{})
	secure := func(from string, r *message.Request, tls string) {
		r.NumWant = 0
		w := ask(h, "GET", from, strings.Replace(target("https://t.example/announce", r)+tls, "requiretls=1", "", 1))
		if w.Code != 200 {
			t.Fatal(w.Code)
		}
	}
	secure("192.0.2.1:1", request(1, 443, 1), query)
	secure("192.0.2.2:1", request(1, 6881, 1), "")
	secure("[2001:db8::1]:1", request(1, 443, 1), "&supporttls=1&tlspin="+regexp.MustCompile("..").ReplaceAllString("bb6d4d6a7836309c9e4403fb2231decc20170123c8462587e5e89bd0cf176456", "%$0"))
	for _, from := range []string{"192.0.2.9:1", "[2001:db8::9]:1"} {
		got := announce(t, h, from, "https://t.example/announce", request(1, 9, 1))
		for _, p := range got.Peers {
			pin, has := got.TLS[p]
			if wantPin, wantHas := wanted.TLS[p]; !slices.Contains(wanted.Peers, p) || has != wantHas || pin != wantPin {
				t.Errorf("%v: %v %x", p, has, pin)
			}
		}
		if len(got.Peers) == 0 {
			t.Errorf("%s is told of nobody", from)
		}
	}
}

// A key that opens one torrent opens no other, by no other front, and is nobody's in
// clear; the key of the tracker does not open that torrent.
func TestAlone(t *testing.T) {
	h := handler(open(server.Config{List: listed{2}}), web.Config{Key: "SECRET", Alone: func(key string, hash [20]byte) bool {
		return key == "ONE" && hash == [20]byte{1}
	}})
	const from = "198.51.100.1:9"
	for name, c := range map[string]struct {
		url  string
		hash byte
		want string // of the answer: a tracker's, a refusal of it, or the site's
	}{
		"it":                  {"https://t/ONE/announce", 1, "e"},
		"another torrent":     {"https://t/ONE/announce", 2, "site"},
		"another key":         {"https://t/TWO/announce", 1, "site"},
		"the tracker's key":   {"https://t/SECRET/announce", 1, "refused"},
		"another of its":      {"https://t/SECRET/announce", 2, "e"},
		"both keys":           {"https://t/SECRET/ONE/announce", 1, "refused"},
		"in clear":            {"http://t/ONE/announce", 1, "site"},
		"what was not meant":  {"https://t/ONE/scrape", 1, "site"},
		"without a last part": {"https://t/ONE/", 1, "site"},
		"without a key":       {"https://t/announce", 1, "site"},
	} {
		body := ask(h, "GET", from, target(c.url, request(c.hash, 7, 1))).Body.String()
		got := "site"
		if !strings.HasPrefix(body, "site ") {
			got = "e"
			if _, err := message.ParseAnnounce([]byte(body)); err != nil {
				got = "refused"
			}
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s: %q", name, got, c.want, body)
		}
	}
	if w := ask(h, "POST", from, target("https://t/ONE/announce", request(1, 7, 1))); w.Code != http.StatusTeapot {
		t.Errorf("by another method: %d", w.Code)
	}
	if w := ask(h, "GET", from, "https://t/ONE/announce?info_hash=x"); w.Code != http.StatusTeapot {
		t.Errorf("what is no announce: %d", w.Code)
	}
	if h.InClear(httptest.NewRequest("GET", target("http://t/ONE/announce", request(1, 7, 1)), nil)) {
		t.Error("it is not sent to HTTPS")
	}
}

// listed is a list of one torrent.
type listed [20]byte

func (l listed) Listed(hash [20]byte) bool { return hash == l }
