package trackerhost_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/trackerhost"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/server"
	"github.com/warren-p2p/warren/tracker/server/admission"
	"github.com/warren-p2p/warren/tracker/server/peerstore"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t *testing.T, dir vfs.FS, list server.List) *trackerhost.Host {
	t.Helper()
	h, err := trackerhost.Open(trackerhost.Config{Clock: clock.System{}, Dir: dir, Tracker: server.Config{List: list}})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func closed(t *testing.T, h *trackerhost.Host) {
	t.Helper()
	if err := h.Close(); err != nil {
		t.Error(err)
	}
}

// announce asks as a client at an address does.
func announce(t *testing.T, h *trackerhost.Host, from, base string, hash byte) (message.Response, error) {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", message.AnnounceURL(u, &message.Request{InfoHash: [20]byte{hash}, Port: 6881, Left: 1, NumWant: 50}).String(), nil)
	r.RemoteAddr = from + ":999"
	w := httptest.NewRecorder()
	h.Handler(http.NotFoundHandler()).ServeHTTP(w, r)
	return message.ParseAnnounce(w.Body.Bytes())
}

// A node's tracker serves what the node shares, below a path that stays, and knows
// its peers again after it was stopped.
func TestNode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var list admission.List
		dir := memfs.New()
		h := open(t, dir, &list)
		base := h.AnnounceURL("node.example:6881", false)
		if !strings.HasPrefix(base, "http://node.example:6881/") || len(base) < 60 {
			t.Error(base)
		}
		var refused *message.Failure
		if _, err := announce(t, h, "1.2.3.4", base, 1); !errors.As(err, &refused) {
			t.Errorf("what is not shared: %v", err)
		}
		list.Replace([][20]byte{{1}})
		if _, err := announce(t, h, "1.2.3.4", base, 1); err != nil {
			t.Error(err)
		}
		closed(t, h)
		time.Sleep(5 * time.Minute)
		h = open(t, dir, &list)
		defer closed(t, h)
		if again := h.AnnounceURL("node.example:6881", true); again != strings.Replace(base, "http:", "https:", 1) {
			t.Errorf("%s became %s", base, again)
		}
		r, err := announce(t, h, "5.6.7.8", base, 1)
		if err != nil || len(r.Peers) != 1 || r.Peers[0] != netip.MustParseAddrPort("1.2.3.4:6881") {
			t.Errorf("%+v, %v", r, err)
		}
		if _, err := announce(t, h, "5.6.7.8", "http://node.example/announce", 1); err == nil {
			t.Error("answered without the key")
		}
	})
}

func TestHistory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, nil, nil)
		defer closed(t, h)
		base := h.AnnounceURL("node.example", false)
		for i := range 3 {
			if _, err := announce(t, h, "1.2.3.4", base, byte(i)); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Minute + time.Second)
		got := h.History()
		if len(got) != 1 || got[0].Swarms != 3 || got[0].Peers != 3 || got[0].Announces != 3 || got[0].Refused != 0 {
			t.Errorf("%+v", got)
		}
		time.Sleep(2 * time.Hour) // they are forgotten meanwhile
		got = h.History()
		if n := len(got); n != 121 || got[n-1].Peers != 0 || got[n-1].Announces != 0 || !got[0].At.Before(got[1].At) {
			t.Errorf("%d points, the last is %+v", n, got[n-1])
		}
		time.Sleep(24 * time.Hour)
		if got = h.History(); len(got) != 24*60 || got[0].Announces != 0 || got[24*60-1].At.Sub(got[0].At) != 24*time.Hour-time.Minute {
			t.Errorf("%d points from %v", len(got), got[0].At)
		}
		if n, err := h.Count(t.Context()); err != nil || n != (peerstore.Count{}) || h.Stats().AnnouncesHTTP != 3 || h.Began().IsZero() {
			t.Errorf("%+v, %v", n, err)
		}
	})
}

// A snapshot that is damaged is put aside; whatever happens while one is written,
// there is a whole one.
func TestSnapshot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := memfs.New()
		if err := vfs.WriteFileAtomic(dir, "tracker-peers", []byte("damaged"), 0o600); err != nil {
			t.Fatal(err)
		}
		h := open(t, dir, nil)
		if b, err := vfs.ReadFile(dir, "tracker-peers.unread"); err != nil || string(b) != "damaged" {
			t.Errorf("%q, %v", b, err)
		}
		if _, err := announce(t, h, "1.2.3.4", h.AnnounceURL("x", false), 1); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10*time.Minute + time.Second) // it is saved
		synctest.Wait()
		dir = dir.Crash(1)
		again := open(t, dir, nil)
		if n, err := again.Count(t.Context()); err != nil || n.Peers4 != 1 {
			t.Errorf("%+v after the power was cut, %v", n, err)
		}
		closed(t, again)
		closed(t, h)
	})
}

func TestNoKey(t *testing.T) {
	dir := memfs.New()
	for _, bad := range []string{"", "short\n", "../../../../../../../../../etc"} {
		if err := vfs.WriteFileAtomic(dir, "tracker-key", []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		h := open(t, dir, nil)
		if u := h.AnnounceURL("x", false); strings.Count(u, "/") != 4 || len(u) < 40 {
			t.Errorf("%q gives %s", bad, u)
		}
		closed(t, h)
	}
}
