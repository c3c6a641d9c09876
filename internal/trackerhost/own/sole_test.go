package own_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/trackerhost/own"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/tracker/message"
)

// shared adds a private share, announced under a key.
func (n *node) shared(t *testing.T, name, key string, ours bool) *library.Torrent {
	t.Helper()
	return n.add(t, library.Add{
		Metainfo: n.make(t, name, create.Options{Private: true}), Verified: true, Ours: ours, Secret: &btls.Secret{1},
		Sole: &record.Sole{URL: own.SoleURL(n.tracker.Place(), key), Pin: strings.Repeat("00", 32)},
	})
}

// announced announces a peer of a torrent, over TLS, and returns the peers it is told of;
// ok is false if the website answers.
func (n *node) announced(t *testing.T, at string, one *library.Torrent) (peers []netip.AddrPort, ok bool) {
	t.Helper()
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, message.AnnounceURL(u, &message.Request{
		InfoHash: one.Hashes().V1, PeerID: [20]byte{9}, Port: 9, Left: 1, NumWant: 50, TLS: message.TLS{Support: true, Require: true},
	}).String(), nil)
	r.RemoteAddr, r.TLS = "198.51.100.1:999", &tls.ConnectionState{}
	w := httptest.NewRecorder()
	n.tracker.Handler(http.NotFoundHandler()).ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		return nil, false
	}
	answer, err := message.ParseAnnounce(w.Body.Bytes())
	if err != nil {
		return nil, false
	}
	return answer.Peers, true
}

// The key of a private share opens that share and no other torrent, and no other key opens
// it, that of the tracker among them. The node is one of its peers, and asks itself
// without a network. Once the share is no more its key is nobody's.
func TestSole(t *testing.T) {
	inBubble(t, func(t *testing.T, n *node) {
		one, two := n.shared(t, "one", "KEY-OF-ONE", true), n.shared(t, "two", "KEY-OF-TWO", true)
		open := n.add(t, library.Add{Metainfo: n.make(t, "open", create.Options{}), Verified: true, Ours: true})
		first, second := one.View().Sole.URL, two.View().Sole.URL
		if first != "https://127.0.0.1:6881/KEY-OF-ONE/announce" || own.SoleKey(first) != "KEY-OF-ONE" {
			t.Errorf("%s", first)
		}
		us := netip.MustParseAddrPort("127.0.0.1:6881")
		for _, c := range []struct {
			one *library.Torrent
			url string
		}{{one, first}, {two, second}} {
			if peers, ok := n.announced(t, c.url, c.one); !ok || !slices.Contains(peers, us) {
				t.Errorf("%s: %v, %v", c.url, peers, ok)
			}
			if list, _ := c.one.Engine().Announces(); len(list) != 1 || list[0].Err != nil || list[0].URL != c.url {
				t.Errorf("it is told %+v", list)
			}
			if d := listed(t, c.one); len(d) > 0 {
				t.Errorf("it lists %v", d)
			}
		}
		for name, c := range map[string]struct {
			url string
			one *library.Torrent
		}{
			"the key of another":       {second, one},
			"no key":                   {"https://127.0.0.1:6881/announce", one},
			"a part of it":             {strings.Replace(first, "-ONE", "", 1), one},
			"the key of the tracker":   {n.tracker.URL(), one},
			"a share's for what is no": {first, open},
		} {
			if _, ok := n.announced(t, c.url, c.one); ok {
				t.Errorf("%s opens it", name)
			}
		}
		time.Sleep(5 * time.Hour) // it is remembered
		if peers, ok := n.announced(t, first, one); !ok || !slices.Contains(peers, us) {
			t.Errorf("later: %v, %v", peers, ok)
		}
		if err := one.SetTrackers(t.Context(), [][]string{{"http://other.example/announce"}}); err == nil {
			t.Error("it has another tracker beside")
		}
		if err := n.Remove(t.Context(), one, false); err != nil {
			t.Fatal(err)
		}
		if _, ok := n.announced(t, first, one); ok {
			t.Error("the key of what is no more opens it")
		}
	})
}

// What others share privately this tracker knows nothing of, though the URL may look like
// one of its own.
func TestSoleOfOthers(t *testing.T) {
	inBubble(t, func(t *testing.T, n *node) {
		one := n.shared(t, "one", "KEY", false)
		if _, ok := n.announced(t, one.View().Sole.URL, one); ok {
			t.Error("the key opens it")
		}
		if _, ours, err := n.tracker.Answer(t.Context(), one.View().Sole.URL, message.Request{InfoHash: one.Hashes().V1}); ours || err == nil {
			t.Errorf("answered here: %v, %v", ours, err)
		}
	})
}

func TestSoleKey(t *testing.T) {
	for _, text := range []string{
		"", "https://a/announce", "http://a/KEY/announce", "https://a/KEY/KEY/announce", "https://a/KEY/announce?x", "https://u@a/KEY/announce",
		"https://a/KEY/scrape", "https://a/K%2FEY/announce", "https://a/KEY/announce#x", "https://%zz/KEY/announce",
	} {
		if key := own.SoleKey(text); key != "" {
			t.Errorf("%q: %q", text, key)
		}
	}
	if at := own.SoleURL("", "KEY"); own.SoleKey(at) != "KEY" {
		t.Error(at)
	}
}
