package feeds

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/courier"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a network with a tracker on the Internet and one beside us, a store, and
// a library that says what was added.
type world struct {
	mem   *netpolicy.Mem
	store *store.Store

	mu     sync.Mutex
	feed   string // what /rss says
	status int
	to     string   // where /rss redirects to
	asked  []string // paths, in order
	added  []string // names or hashes, with what was wanted of them
	refuse error    // what the library says
}

const (
	onTheInternet = "http://tracker.example/rss?key=secret"
	beside        = "http://192.168.1.9/rss"
)

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{mem: netpolicy.NewMem(), status: 200}
	w.mem.Name("tracker.example", netip.MustParseAddr("9.9.9.9"))
	for _, ip := range []string{"9.9.9.9", "192.168.1.9"} {
		l, err := w.mem.Host(netip.MustParseAddr(ip)).Listen(t.Context(), ip+":80")
		if err != nil {
			t.Fatal(err)
		}
		s := http.Server{Handler: w}
		done := make(chan struct{})
		go func(l net.Listener) { defer close(done); _ = s.Serve(l) }(l)
		t.Cleanup(func() { _ = s.Close(); <-done })
	}
	var err error
	if w.store, err = store.Open(t.Context(), filepath.Join(t.TempDir(), "db")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.store.Close() })
	return w
}

func torrentFile(name string) string {
	return fmt.Sprintf("d4:infod6:lengthi1e4:name%d:%s12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee", len(name), name)
}

func (w *world) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, r.URL.Path)
	name, isFile := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, "/"), ".torrent")
	switch {
	case r.URL.Path == "/rss":
		tag := fmt.Sprintf(`"%d"`, len(w.feed))
		if r.Header.Get("If-None-Match") == tag {
			rw.WriteHeader(http.StatusNotModified)
			return
		}
		rw.Header().Set("ETag", tag)
		if w.to != "" {
			rw.Header().Set("Location", w.to)
		}
		if w.status == http.StatusServiceUnavailable {
			rw.Header().Set("Retry-After", "7200")
		}
		rw.WriteHeader(w.status)
		_, _ = rw.Write([]byte(w.feed))
	case name == "broken":
		_, _ = rw.Write([]byte("<html>log in first"))
	case name == "magnet":
		http.Redirect(rw, r, "magnet:?xt=urn:btih:"+strings.Repeat("c", 40), http.StatusFound)
	case isFile:
		_, _ = rw.Write([]byte(torrentFile(name)))
	default:
		rw.WriteHeader(http.StatusNotFound)
	}
}

// Add is the library's.
func (w *world) Add(_ context.Context, a library.Add) (*library.Torrent, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.refuse != nil {
		return nil, w.refuse
	}
	name := ""
	if a.Metainfo != nil {
		name = a.Metainfo.Info.Name
	} else {
		name = a.Magnet.Hashes.String()[:4]
	}
	if slices.ContainsFunc(w.added, func(s string) bool { return strings.Fields(s)[0] == name }) {
		return &library.Torrent{}, fmt.Errorf("add: %w", library.ErrDuplicate)
	}
	w.added = append(w.added, strings.TrimSpace(fmt.Sprintf("%s %s %s %v", name, a.Category, a.Dir, a.Labels)))
	return &library.Torrent{}, nil
}

// say changes the feed; each item is a title and a link.
func (w *world) say(items ...[2]string) {
	var b strings.Builder
	b.WriteString(`<rss version="2.0"><channel><title>Everything</title>`)
	for _, it := range items {
		fmt.Fprintf(&b, "<item><guid>%s</guid><title>%s</title><link>%s</link></item>", it[0], it[0], it[1])
	}
	b.WriteString(`</channel></rss>`)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.feed = b.String()
}

// took returns what was added since it was asked last.
func (w *world) took() string {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	s := strings.Join(w.added, "; ")
	w.added = nil
	return s
}

func (w *world) count(path string) (n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.asked {
		if p == path {
			n++
		}
	}
	return n
}

func (w *world) open(t *testing.T) *Feeds {
	t.Helper()
	f, err := New(t.Context(), Config{
		Store: w.store, Courier: courier.New(courier.Config{Net: w.mem, Clock: clock.System{}}), Library: w,
		Clock: clock.System{}, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func follow(t *testing.T, f *Feeds, url string) Feed {
	t.Helper()
	feed, err := f.AddFeed(t.Context(), Feed{URL: url, Name: "a/b"})
	must(t, err)
	time.Sleep(time.Second)
	return feed
}

func TestRules(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		f := w.open(t)
		w.say([2]string{"Show S01E01 1080p", "/one.torrent"}, [2]string{"Show S01E01 720p", "/two.torrent"}, [2]string{"Film", "/film.torrent"},
			[2]string{"Show S01E02", "magnet:?xt=urn:btih:" + strings.Repeat("a", 40)}, [2]string{"Show S01E03", "/magnet.torrent"})
		paused := false
		must(t, f.SetRule(t.Context(), Rule{Name: "show", Enabled: true, Include: "show", Once: true, Category: "tv", Labels: []string{"x"}, Dir: "/srv", Paused: &paused}))
		must(t, f.SetRule(t.Context(), Rule{Name: "off", Include: "film"}))
		feed := follow(t, f, onTheInternet)
		// The oldest item, which is the last, comes first; of two of the same episode one.
		if got := w.took(); got != "cccc tv /srv [x]; aaaa tv /srv [x]; two tv /srv [x]" {
			t.Error(got)
		}
		// What was fetched is not fetched again: not when the feed is read again, nor from
		// another feed, nor by another rule, nor after the feed was removed and added.
		must(t, f.SetRule(t.Context(), Rule{Name: "all of it", Enabled: true, Exclude: "720p | film | S01E01"}))
		must(t, f.Refresh(t.Context(), feed.ID))
		time.Sleep(time.Second)
		must(t, f.RemoveFeed(t.Context(), feed.ID))
		follow(t, f, onTheInternet)
		follow(t, f, "http://tracker.example/rss")
		if got := w.took(); got != "" {
			t.Error("again:", got)
		}
		// A rule that comes later counts for what is there.
		must(t, f.SetRule(t.Context(), Rule{Name: "off", Enabled: true, Include: "film"}))
		time.Sleep(time.Second)
		if got := w.took(); got != "film   []" {
			t.Error(got)
		}
		episodes, err := f.Episodes(t.Context(), "show")
		must(t, err)
		if !slices.Equal(episodes, []string{"show S01E01", "show S01E02", "show S01E03"}) {
			t.Error(episodes)
		}
		// Its past goes with a rule that is renamed.
		must(t, f.RenameRule(t.Context(), "show", "series"))
		w.say([2]string{"Show S01E02 other", "/other.torrent"}, [2]string{"Show S01E04", "/four.torrent"})
		must(t, f.RemoveRule(t.Context(), "all of it"))
		must(t, f.Refresh(t.Context(), 0))
		time.Sleep(time.Second)
		if got := w.took(); got != "four tv /srv [x]" {
			t.Error(got)
		}
	})
}

func TestTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.say()
		f := w.open(t)
		follow(t, f, onTheInternet)
		time.Sleep(24 * time.Hour)
		if n := w.count("/rss"); n < 43 || n > 49 {
			t.Errorf("asked %d times a day, every half hour and a little more", n)
		}
		// Who says when to come again is obeyed; who fails is left alone longer.
		w.mu.Lock()
		w.status, w.feed, w.asked = http.StatusServiceUnavailable, "gone", nil
		w.mu.Unlock()
		time.Sleep(4 * time.Hour)
		if n := w.count("/rss"); n != 2 {
			t.Errorf("asked %d times in four hours, after two each", n)
		}
		w.mu.Lock()
		w.status, w.asked = http.StatusNotFound, nil
		w.mu.Unlock()
		time.Sleep(10 * 24 * time.Hour)
		if n := w.count("/rss"); n < 9 || n > 14 {
			t.Errorf("asked %d times in ten days", n)
		}
		list, err := f.Feeds(t.Context())
		must(t, err)
		if list[0].Failures < 9 || !strings.Contains(list[0].Problem, "404") || strings.Contains(list[0].Problem, "secret") || list[0].Title != "Everything" {
			t.Errorf("%+v", list[0])
		}
	})
}

// What cannot be fetched says why, and is tried some times.
func TestFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		f := w.open(t)
		w.say([2]string{"no torrent", "/broken.torrent"}, [2]string{"missing", "/missing"}, [2]string{"inside", "http://192.168.1.9/x.torrent"}, [2]string{"this machine", "http://127.0.0.1/x.torrent"},
			[2]string{"wrong", "magnet:?dn=x"}, [2]string{"none", ""})
		must(t, f.SetRule(t.Context(), Rule{Name: "all", Enabled: true}))
		follow(t, f, onTheInternet)
		says := map[string]string{
			"no torrent": "leads to no torrent file", "missing": "404", "inside": "not an address on the Internet",
			"this machine": "not an address on the Internet", "wrong": "wrong magnet link", "none": "",
		}
		look := func(state State) {
			t.Helper()
			items, err := f.Items(t.Context(), 0, 100)
			must(t, err)
			for _, it := range items {
				want := says[it.Title]
				if !strings.Contains(it.Problem, want) || want != "" && it.State != state || want == "" && it.State != "" {
					t.Errorf("%s: %q, %q", it.Title, it.State, it.Problem)
				}
			}
			if len(items) != len(says) {
				t.Errorf("%d items", len(items))
			}
		}
		look("")
		time.Sleep(3 * 24 * time.Hour)
		look(Failed)
		if n := w.count("/broken.torrent"); n != maxTries || w.took() != "" {
			t.Errorf("tried %d times", n)
		}
		items, err := f.Items(t.Context(), 0, 100)
		must(t, err)
		if err := f.Fetch(t.Context(), items[0].ID, library.Add{}); err == nil {
			t.Error("what cannot be fetched was, by hand")
		}
	})
}

// A feed that the user has typed may be beside us, and so may be what it names there.
func TestBeside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		f := w.open(t)
		w.say([2]string{"one", "/one.torrent"}, [2]string{"two", "http://127.0.0.1/two.torrent"})
		must(t, f.SetRule(t.Context(), Rule{Name: "all", Enabled: true}))
		follow(t, f, beside)
		if got := w.took(); got != "one   []" {
			t.Error(got)
		}
	})
}

func TestByHand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		f := w.open(t)
		w.say([2]string{"one", "/one.torrent"}, [2]string{"two S01E05", "/two.torrent"})
		feed := follow(t, f, onTheInternet)
		items, err := f.Items(t.Context(), feed.ID, 1)
		must(t, err)
		if len(items) != 1 || items[0].Title != "one" {
			t.Fatalf("%+v", items)
		}
		must(t, f.Fetch(t.Context(), items[0].ID, library.Add{Category: "c"}))
		must(t, f.SetRead(t.Context(), feed.ID, items[0].ID, true))
		if got := w.took(); got != "one c  []" {
			t.Error(got)
		}
		trials, err := f.Try(t.Context(), Rule{Name: "new", Episodes: "S01E05-"}, 10)
		must(t, err)
		if len(trials) != 2 || trials[0].Wanted || trials[0].Why == "" || !trials[1].Wanted || w.took() != "" || !trials[0].Item.Read {
			t.Errorf("%+v", trials)
		}
		must(t, f.SetRead(t.Context(), feed.ID, 0, true))
		must(t, f.ChangeFeed(t.Context(), Feed{ID: feed.ID, URL: beside, Name: "other", Every: time.Hour}))
		list, err := f.Feeds(t.Context())
		must(t, err)
		if len(list) != 1 || list[0].Name != "other" || list[0].Every != time.Hour {
			t.Errorf("%+v", list)
		}
		if rules, err := f.Rules(t.Context()); err != nil || len(rules) != 0 {
			t.Error(rules, err)
		}
	})
}

func TestRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		f := w.open(t)
		ctx := t.Context()
		for _, feed := range []Feed{{URL: "ftp://x/"}, {URL: ""}, {URL: beside, Every: time.Second}, {URL: beside, Name: strings.Repeat("x", 501)}} {
			if _, err := f.AddFeed(ctx, feed); err == nil {
				t.Errorf("%+v was taken", feed)
			}
		}
		feed := follow(t, f, beside)
		if _, err := f.AddFeed(ctx, Feed{URL: beside}); err == nil {
			t.Error("twice")
		}
		if err := f.SetRule(ctx, Rule{Name: "r", Include: "(", Regexp: true}); err == nil {
			t.Error("a wrong rule was taken")
		}
		for name, err := range map[string]error{
			"change": f.ChangeFeed(ctx, Feed{ID: 99, URL: beside}), "remove": f.RemoveFeed(ctx, 99), "refresh": f.Refresh(ctx, 99), "fetch": f.Fetch(ctx, 99, library.Add{}),
			"read": f.SetRead(ctx, feed.ID, 99, true), "rename": f.RenameRule(ctx, "no", "x"), "remove rule": f.RemoveRule(ctx, "no"),
		} {
			if !errors.Is(err, ErrNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// Who has turned feeds off is asked for nothing, and later for all that is due.
func TestOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.say()
		f := w.open(t)
		f.Set(false, time.Second)
		follow(t, f, onTheInternet)
		time.Sleep(24 * time.Hour)
		if n := w.count("/rss"); n != 0 {
			t.Errorf("asked %d times", n)
		}
		f.Set(true, time.Second)
		time.Sleep(time.Hour)
		if n := w.count("/rss"); n < 10 || n > 13 {
			t.Errorf("asked %d times in an hour, every second being every five minutes", n)
		}
	})
}

// A node that ends between adding a torrent and writing that down finds it there.
func TestThereAlready(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		f := w.open(t)
		w.say([2]string{"one", "/one.torrent"})
		w.added = []string{"one"}
		must(t, f.SetRule(t.Context(), Rule{Name: "all", Enabled: true}))
		follow(t, f, onTheInternet)
		items, err := f.Items(t.Context(), 0, 10)
		must(t, err)
		if items[0].State != Added || items[0].Rule != "all" || items[0].Tries != 1 {
			t.Errorf("%+v", items)
		}
	})
}
