package disclosure

import (
	"bytes"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/ssltorrent"
	"github.com/warren-p2p/warren/internal/transport"
)

var (
	v1     = transport.ID{V1: [20]byte{1}, HasV1: true}
	hybrid = transport.ID{V1: [20]byte{1}, HasV1: true, V2: [32]byte{2}, HasV2: true}
	sole   = Sole{URL: "https://a/KEY/announce"}
	strict = transport.ID{V1: [20]byte{1}, HasV1: true, Access: transport.Access{Level: btls.Strict, Secret: btls.Secret{3}}}
)

// monday is in the middle of an epoch, change the beginning of the next one.
var (
	change = time.Unix(2900*604800, 0)
	monday = change.Add(-3 * 24 * time.Hour)
)

// What is told where: the rule of the package's comment, line by line.
func TestShows(t *testing.T) {
	ssl := transport.ID{V1: [20]byte{1}, HasV1: true, Access: transport.Access{SSL: &ssltorrent.Member{}}}
	for _, c := range []struct {
		name string
		t    Torrent
		want string // of each place: n nothing, h info-hash, i id
	}{
		{"prefer", Torrent{ID: v1}, "nhhhhh"},
		{"off", Torrent{ID: v1, Policy: btls.Off}, "nhhhhh"},
		{"private", Torrent{ID: v1, Private: true}, "nhhhnn"},
		{"require", Torrent{ID: v1, Policy: btls.Require}, "niiiii"},
		{"strict", Torrent{ID: strict, Policy: btls.Require}, "niiiii"},
		{"passphrase", Torrent{ID: strict, Policy: btls.Require, Passphrase: true}, "nnnnnn"},
		{"private passphrase", Torrent{ID: strict, Policy: btls.Require, Passphrase: true, Private: true, AnnounceID: true}, "nnnnnn"},
		{"private, require", Torrent{ID: v1, Policy: btls.Require, Private: true}, "nhnnnn"},
		{"private, require, id wanted", Torrent{ID: v1, Policy: btls.Require, Private: true, AnnounceID: true}, "nhiinn"},
		{"id wanted", Torrent{ID: v1, AnnounceID: true}, "nhhhhh"},
		{"SSL torrent", Torrent{ID: ssl, Policy: btls.Require}, "nhhhhh"},
		{"sole", Torrent{ID: strict, Policy: btls.Require, Private: true, Sole: &sole}, "hnnnnn"},
		{"sole, secret apart", Torrent{ID: strict, Policy: btls.Require, Passphrase: true, Private: true, AnnounceID: true, Sole: &sole}, "hnnnnn"},
		{"sole, in spite of all", Torrent{ID: v1, AnnounceID: true, Sole: &sole}, "hnnnnn"},
	} {
		got := ""
		for p := Alone; p <= LSD; p++ {
			got += string("nhi"[c.t.Shows(p)])
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestTracker(t *testing.T) {
	of := Torrent{Sole: &sole}
	for url, want := range map[string]Place{sole.URL: Alone, "https://a/OTHER/announce": HTTPS, "http://a/KEY/announce": HTTP} {
		if got := of.Where(url); got != want {
			t.Errorf("%q: %d, want %d", url, got, want)
		}
	}
	for url, want := range map[string]Place{
		"https://a/": HTTPS, "HTTPS://a/": HTTPS, "http://a/": HTTP, "udp://a:1": UDP, "UDP://a:1": UDP, "wss://a/": HTTP, "": HTTP, "https": HTTPS,
	} {
		if got := Tracker(url); got != want {
			t.Errorf("%q: %d, want %d", url, got, want)
		}
	}
}

// No place is told of both names of a torrent, at any time; nor is a hash told
// where the id is.
func TestNeverBoth(t *testing.T) {
	b := NewBook([20]byte{9})
	hashes := [][20]byte{{1}, {2}}
	for _, policy := range []btls.Policy{btls.Prefer, btls.Off, btls.Require} {
		for _, now := range []time.Time{monday, change.Add(-time.Minute), change} {
			for p := HTTPS; p <= LSD; p++ {
				for _, n := range b.Names(Torrent{ID: hybrid, Policy: policy}, p, now) {
					if hash := slices.Contains(hashes, n.Hash); hash == n.ID || hash == (policy == btls.Require) {
						t.Errorf("%v at %d: %x, an id: %t", policy, p, n.Hash, n.ID)
					}
				}
			}
		}
	}
}

// The id is that of the epoch; within an hour of a change the other one is looked
// up as well.
func TestEpochs(t *testing.T) {
	b := NewBook([20]byte{9})
	tor := Torrent{ID: v1, Policy: btls.Require}
	key, err := btls.BasicKey(v1.V1[:])
	if err != nil {
		t.Fatal(err)
	}
	before, after := key.DiscoveryID(2899), key.DiscoveryID(2900)
	for _, c := range []struct {
		now         time.Duration // from the change
		told, asked [20]byte
		both        bool
	}{
		{-61 * time.Minute, before, [20]byte{}, false},
		{-time.Hour, before, after, true},
		{-time.Nanosecond, before, after, true},
		{0, after, before, true},
		{59 * time.Minute, after, before, true},
		{time.Hour, after, [20]byte{}, false},
	} {
		list := b.Names(tor, DHT, change.Add(c.now))
		if len(list) == 0 || list[0].Hash != c.told || list[0].Lookup || (len(list) == 2) != c.both {
			t.Errorf("%v: %+v", c.now, list)
			continue
		}
		if c.both && (list[1].Hash != c.asked || !list[1].Lookup) {
			t.Errorf("%v: %+v", c.now, list)
		}
	}
	if got := b.Names(Torrent{ID: hybrid, Policy: btls.Require}, HTTP, change); len(got) != 4 {
		t.Errorf("%d names of a hybrid at a change", len(got))
	}
}

// A peer id and a key are of one id in one session: nothing but the client is the
// same elsewhere. The secret of a torrent makes other ids of the same info-hash.
func TestIdentities(t *testing.T) {
	ours := [20]byte([]byte("-WN0100-abcdefghijkl"))
	b, other := NewBook(ours), NewBook(ours)
	type identity struct {
		peerID [20]byte
		key    uint32
	}
	seen := map[identity]bool{{ours, b.key}: true}
	for _, id := range []transport.ID{v1, strict, {V1: [20]byte{7}, HasV1: true}} {
		for _, now := range []time.Time{monday, monday.Add(7 * 24 * time.Hour)} {
			tor := Torrent{ID: id, Policy: btls.Require}
			n, again := b.Names(tor, HTTP, now)[0], b.Names(tor, UDP, now.Add(time.Hour))[0]
			if n != again {
				t.Errorf("%+v, an hour later %+v", n, again)
			}
			for _, n := range []Name{n, other.Names(tor, HTTP, now)[0]} {
				if seen[identity{n.PeerID, n.Key}] || string(n.PeerID[:8]) != "-WN0100-" || string(n.PeerID[8:]) == string(ours[8:]) {
					t.Errorf("peer id %q", n.PeerID)
				}
				seen[identity{n.PeerID, n.Key}] = true
			}
		}
	}
	if h := b.Names(Torrent{ID: v1}, HTTP, monday)[0]; h.PeerID != ours || h.Key != b.key || h.ID {
		t.Errorf("with the info-hash: %+v", h)
	}
	alone := Torrent{ID: strict, Policy: btls.Require, Private: true, Sole: &sole}
	if n := b.Names(alone, Alone, monday); len(n) != 1 || n[0].Hash != v1.V1 || n[0].ID || seen[identity{n[0].PeerID, n[0].Key}] {
		t.Errorf("a sole tracker is told %+v", n)
	}
	basic, secret := b.Names(Torrent{ID: v1, Policy: btls.Require}, DHT, monday)[0], b.Names(Torrent{ID: strict, Policy: btls.Require}, DHT, monday)[0]
	if basic.Hash == secret.Hash {
		t.Error("who has the info-hash has the id of a strict torrent")
	}
}

// The status names hosts, and never keys.
func TestUnprotectedList(t *testing.T) {
	urls := []string{"https://a.example/KEY", "http://b.example:8080/KEY/announce", "udp://c.example:1", "::"}
	for _, c := range []struct {
		name string
		t    Torrent
		want string // source, and + if it is asked by id
	}{
		{"prefer", Torrent{ID: v1}, ""},
		{"require", Torrent{ID: v1, Policy: btls.Require}, "tracker a.example+ tracker b.example+ tracker c.example+ tracker without a name+ DHT+ local network+"},
		{"passphrase", Torrent{ID: strict, Policy: btls.Require, Passphrase: true}, "tracker a.example tracker b.example tracker c.example tracker without a name DHT local network"},
		{"private", Torrent{ID: v1, Policy: btls.Require, Private: true}, "tracker b.example tracker c.example tracker without a name"},
		{"sole", Torrent{ID: strict, Policy: btls.Require, Private: true, Sole: &Sole{URL: urls[0]}}, "tracker b.example tracker c.example tracker without a name"},
		{"private, id wanted", Torrent{ID: v1, Policy: btls.Require, Private: true, AnnounceID: true}, "tracker b.example+ tracker c.example+ tracker without a name+"},
	} {
		var got []string
		for _, u := range c.t.Unprotected(urls, DHT, LSD) {
			if u.Why == "" || strings.Contains(u.Source, "KEY") {
				t.Errorf("%s: %+v", c.name, u)
			}
			s := u.Source
			if u.ByID {
				s += "+"
			}
			got = append(got, s)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, s, c.want)
		}
	}
}

// Content does not come in clear either.
func TestWebSeeds(t *testing.T) {
	urls := []string{"http://a.example/KEY", "https://b.example/"}
	if out := NoWebSeeds(btls.Prefer, urls); out != nil {
		t.Errorf("%v", out)
	}
	if out := NoWebSeeds(btls.Require, urls); len(out) != 1 || out[0].Source != "web seed a.example" {
		t.Errorf("%v", out)
	}
}

// What may be told under the id, and when, is decided in one place: no other
// package takes it (docs/threat-model.md, S5).
func TestNowhereElse(t *testing.T) {
	root := os.DirFS("../../..")
	here := false
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "btls/") {
			return err
		}
		b, err := fs.ReadFile(root, path)
		switch {
		case !bytes.Contains(b, []byte(".DiscoveryID(")):
		case strings.HasPrefix(path, "swarm/internal/disclosure/"):
			here = true
		default:
			t.Errorf("%s takes the discovery id", path)
		}
		return err
	})
	if err != nil || !here {
		t.Errorf("read the source: %v; found here: %t", err, here)
	}
}
