package own_test

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/internal/trackerhost/own"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm"
	"github.com/warren-p2p/warren/tracker/message"
)

// node is a library with a tracker of its own.
type node struct {
	*library.Library
	tracker *own.Tracker
	content *memfs.FS

	mu     sync.Mutex
	wishes own.Wishes
	asked  int // for the address of node.example, which is 192.0.2.7
}

// names resolves names for a node.
type names struct {
	netpolicy.Policy
	of *node
}

func (n names) Resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	if host != "node.example" {
		return n.Policy.Resolve(ctx, host)
	}
	n.of.mu.Lock()
	defer n.of.mu.Unlock()
	n.of.asked++
	return []netip.Addr{netip.MustParseAddr("192.0.2.7")}, nil
}

func (n *node) wish(w own.Wishes) {
	n.mu.Lock()
	n.wishes = w
	n.mu.Unlock()
	time.Sleep(time.Minute) // it is noticed
}

// inBubble runs a test with a node, in virtual time.
func inBubble(t *testing.T, test func(t *testing.T, n *node)) {
	synctest.Test(t, func(t *testing.T) {
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		ctx, dir := context.Background(), t.TempDir()
		n := &node{content: memfs.New(), wishes: own.Wishes{List: true}}
		h, err := home.Open(dir)
		must(err)
		s, err := store.Open(ctx, filepath.Join(dir, "warren.db"))
		must(err)
		net := netpolicy.NewMem()
		var session *swarm.Session
		n.tracker, err = own.Open(true, own.Config{
			Folder: h.Folder, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Names: names{net, n},
			Wishes: func() own.Wishes {
				n.mu.Lock()
				defer n.mu.Unlock()
				return n.wishes
			},
			Session: func() *swarm.Session { return session }, Certificate: func() *tls.Certificate { return nil },
		})
		must(err)
		session, err = swarm.NewSession(ctx, swarm.Config{
			Home: memfs.New(), Listen: "127.0.0.1:6881", Policy: net, NoLSD: true, NoPortmap: true, OwnTracker: n.tracker.Answer,
		})
		must(err)
		n.Library, err = library.Open(ctx, library.Config{
			Store: s, Session: session, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler),
			Open:     func(string) (vfs.FS, error) { return n.content, nil },
			Make:     func(string) error { return nil },
			Defaults: library.Defaults{Dir: "/content"},
		})
		must(err)
		stop := n.tracker.Serve(n.Library)
		test(t, n)
		must(errors.Join(stop(), n.Library.Close(), session.Close(), n.CloseFolders(), n.tracker.Close(), s.Close(), h.Close()))
	})
}

// make makes a torrent of a file.
func (n *node) make(t *testing.T, name string, o create.Options) *metainfo.Torrent {
	t.Helper()
	if err := vfs.WriteFileAtomic(n.content, name, []byte(strings.Repeat(name, 10_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := create.Torrent(t.Context(), n.content, name, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func (n *node) add(t *testing.T, a library.Add) *library.Torrent {
	t.Helper()
	one, err := n.Add(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Minute)
	return one
}

// listed returns the trackers that others are told of.
func listed(t *testing.T, one *library.Torrent) [][]string {
	t.Helper()
	m, err := one.Metainfo()
	if err != nil {
		t.Fatal(err)
	}
	return m.Trackers()
}

// A torrent that was made here lists the tracker where it is, and nowhere else; its
// info-hash stays.
func TestList(t *testing.T) {
	inBubble(t, func(t *testing.T, n *node) {
		const other = "http://other.example/announce"
		m := n.make(t, "one", create.Options{Trackers: [][]string{{other}}})
		one := n.add(t, library.Add{Metainfo: m, Verified: true, Ours: true, Trackers: []string{"http://127.0.0.1:9/announce"}})
		at := n.tracker.URL()
		if !strings.HasPrefix(at, "http://127.0.0.1:6881/") || one.Hashes() != m.Hashes() {
			t.Errorf("%s at %s", one.Hashes(), at)
		}
		want := func(tiers ...[]string) {
			t.Helper()
			if d := cmp.Diff(tiers, listed(t, one)); d != "" {
				t.Error(d)
			}
			if typed := one.View().Typed; len(typed) != 1 {
				t.Errorf("the user's own: %q", typed)
			}
		}
		want([]string{other}, []string{at})
		n.wish(own.Wishes{List: true, Address: "192.0.2.9:7000"})
		moved := strings.Replace(at, "127.0.0.1:6881", "192.0.2.9:7000", 1)
		want([]string{other}, []string{moved})
		n.wish(own.Wishes{List: true, Hidden: true}) // not known: it may be the same again
		want([]string{other}, []string{moved})
		n.wish(own.Wishes{})
		want([]string{other})
		n.wish(own.Wishes{List: true})
		want([]string{other}, []string{at})
		require := swarm.TLSRequire
		if err := one.Change(t.Context(), library.Change{TLS: &require}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		want([]string{other})
	})
}

// All others stay as they are.
func TestNotListed(t *testing.T) {
	inBubble(t, func(t *testing.T, n *node) {
		require, other := swarm.TLSRequire, [][]string{{"http://other.example/announce"}}
		for name, c := range map[string]struct {
			o    create.Options
			a    library.Add
			want bool
		}{
			"from elsewhere":         {create.Options{}, library.Add{}, false},
			"private from elsewhere": {create.Options{Private: true}, library.Add{}, false},
			"private":                {create.Options{Private: true}, library.Add{Ours: true}, true},
			"private, of others":     {create.Options{Private: true, Trackers: other}, library.Add{Ours: true}, false},
			"private, of the user's": {create.Options{Private: true}, library.Add{Ours: true, Trackers: other[0]}, false},
			"over TLS":               {create.Options{}, library.Add{Ours: true, TLS: &require}, false},
		} {
			c.a.Metainfo, c.a.Verified = n.make(t, name, c.o), true
			one := n.add(t, c.a)
			got := slices.Contains(slices.Concat(listed(t, one)...), n.tracker.URL())
			if got != c.want {
				t.Errorf("%s lists the tracker: %v", name, got)
			}
		}
	})
}

// The node is a peer that its tracker tells of as long as it has the torrent, whichever
// tracker the torrent asks itself, and asks itself without a network.
func TestAnswer(t *testing.T) {
	inBubble(t, func(t *testing.T, n *node) {
		m := n.make(t, "one", create.Options{Trackers: [][]string{{"udp://192.0.2.66:1"}}})
		one := n.add(t, library.Add{Metainfo: m, Verified: true, Ours: true})
		other := n.add(t, library.Add{Metainfo: n.make(t, "two", create.Options{Private: true}), Verified: true, Ours: true})
		peers := func(m *library.Torrent) []netip.AddrPort {
			t.Helper()
			r := message.Request{InfoHash: m.Hashes().V1, Port: 1, Left: 1, NumWant: 9}
			a, err := n.tracker.Announce(t.Context(), netip.MustParseAddr("10.0.0.1"), &r)
			if err != nil {
				t.Fatal(err)
			}
			return a.Peers
		}
		want := []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:6881")}
		for _, after := range []time.Duration{0, 5 * time.Hour} {
			time.Sleep(after)
			for _, m := range []*library.Torrent{one, other} {
				if d := cmp.Diff(want, peers(m), cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b })); d != "" {
					t.Errorf("after %v: %s", after, d)
				}
			}
		}
		list, _ := other.Engine().Announces()
		if len(list) != 1 || list[0].Err != nil || list[0].URL != n.tracker.URL() {
			t.Errorf("it is told %+v", list)
		}
		if err := errors.Join(one.Pause(t.Context()), other.Pause(t.Context())); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Minute) // no tracker is asked twice in a minute
		if got := append(peers(one), peers(other)...); len(got) > 0 {
			t.Errorf("it is still told of: %v", got)
		}
		var unknown message.Request
		if _, ours, err := n.tracker.Answer(t.Context(), n.tracker.URL(), unknown); !ours || err == nil {
			t.Errorf("a torrent that it has not: %v, %v", ours, err)
		}
		if stats := n.tracker.Stats(); stats.AnnouncesHTTP+stats.Unlisted != 0 {
			t.Errorf("its own requests are counted: %+v", stats)
		}
	})
}

// By its name the node is known at its address, which is not looked up for each torrent.
func TestName(t *testing.T) {
	inBubble(t, func(t *testing.T, n *node) {
		n.wish(own.Wishes{List: true, Address: "node.example:7000"})
		one := n.add(t, library.Add{Metainfo: n.make(t, "one", create.Options{}), Verified: true, Ours: true})
		for range 100 {
			r := message.Request{InfoHash: one.Hashes().V1}
			if _, ours, err := n.tracker.Answer(t.Context(), n.tracker.URL(), r); !ours || err != nil {
				t.Fatal(ours, err)
			}
		}
		r := message.Request{InfoHash: one.Hashes().V1, Port: 1, Left: 1, NumWant: 9}
		a, err := n.tracker.Announce(t.Context(), netip.MustParseAddr("10.0.0.1"), &r)
		if err != nil || len(a.Peers) != 1 || a.Peers[0] != netip.MustParseAddrPort("192.0.2.7:7000") {
			t.Errorf("%v, %v", a.Peers, err)
		}
		n.mu.Lock()
		defer n.mu.Unlock()
		if n.asked < 1 || n.asked > 3 {
			t.Errorf("looked up %d times", n.asked)
		}
	})
}
