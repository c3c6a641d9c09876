package announcer_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/swarm/internal/announcer"
	"github.com/warren-p2p/warren/swarm/internal/conns/hint"
	"github.com/warren-p2p/warren/swarm/internal/conns/verdict"
	"github.com/warren-p2p/warren/swarm/internal/disclosure"
	"github.com/warren-p2p/warren/tracker"
	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/schedule"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// client is trackers.
type client struct {
	answer func(ctx context.Context, t tracker.Target, r tracker.Request) (tracker.Response, error)

	mu    sync.Mutex
	heard []string // event, tracker and first byte of the hash
	last  tracker.Request
}

func (c *client) Announce(ctx context.Context, t tracker.Target, r tracker.Request) (tracker.Response, error) {
	c.mu.Lock()
	c.heard = append(c.heard, fmt.Sprintf("%s %s %d", r.Event, t.URL, r.InfoHash[0]))
	c.last = r
	c.mu.Unlock()
	if c.answer != nil {
		return c.answer(ctx, t, r)
	}
	return tracker.Response{Interval: time.Hour, TrackerID: "id of " + t.URL, Peers: []netip.AddrPort{netip.MustParseAddrPort("1.2.3.4:5")}}, nil
}

// said returns what was heard since the last call.
func (c *client) said() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	heard := c.heard
	c.heard = nil
	return heard
}

// request returns what was asked last.
func (c *client) request() tracker.Request {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last
}

// torrent is one that has left bytes to go. Trackers know it by its hashes, or not
// at all.
type torrent struct {
	mu     sync.Mutex
	left   int64
	hashes [][20]byte
	ids    bool // the hashes are discovery ids
	tls    message.TLS
	found  []hint.Hint
	byID   bool
}

func (t *torrent) Terms(string) (terms announcer.Terms) {
	for _, h := range t.hashes {
		terms.Names = append(terms.Names, disclosure.Name{Hash: h, PeerID: [20]byte{9, h[0]}, Key: 5, ID: t.ids})
	}
	terms.TLS = t.tls
	return terms
}

func (t *torrent) Progress() (downloaded, uploaded, left int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return 1, 2, t.left
}

func (t *torrent) Found(hints []hint.Hint, byID bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.found, t.byID = append(t.found, hints...), byID
}

func (t *torrent) peers() (list []netip.AddrPort) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, h := range t.found {
		list = append(list, h.Addr)
	}
	return list
}

func newAnnouncer(c *client) *announcer.Announcer {
	return announcer.New(announcer.Config{
		Client: c, Clock: clock.System{}, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Port: func() uint16 { return 6881 },
		Budget: schedule.Config{Rand: rand.New(rand.NewPCG(1, 2))},
	})
}

func tiers(urls ...string) (list [][]announcer.Tracker) {
	for _, u := range urls {
		list = append(list, []announcer.Tracker{{URL: u}})
	}
	return list
}

// within runs a test in virtual time.
func within(t *testing.T, c *client, f func(t *testing.T, a *announcer.Announcer)) {
	synctest.Test(t, func(t *testing.T) {
		a := newAnnouncer(c)
		defer a.Close()
		f(t, a)
	})
}

func (c *client) expect(t *testing.T, want ...string) {
	t.Helper()
	synctest.Wait()
	if got := c.said(); !slices.Equal(got, want) {
		t.Errorf("trackers heard %q, want %q", got, want)
	}
}

func TestLife(t *testing.T) {
	c := &client{}
	within(t, c, func(t *testing.T, a *announcer.Announcer) {
		tor := &torrent{left: 7, hashes: [][20]byte{{1}, {2}}}
		s := a.Add(tor, "name", 2, tiers("http://a/"))
		c.expect(t)
		s.Set(announcer.Downloading)
		c.expect(t, "started http://a/ 1", "started http://a/ 2") // a hybrid has two hashes
		if r := c.request(); r.Downloaded != 1 || r.Uploaded != 2 || r.Left != 7 || r.Port != 6881 || r.Key != 5 || r.PeerID != ([20]byte{9, 2}) || r.NumWant != 200 || r.TrackerID != "id of http://a/" {
			t.Errorf("%+v", r)
		}
		if found := tor.peers(); len(found) != 2 {
			t.Errorf("found %v", found)
		}
		time.Sleep(2 * time.Hour)
		c.expect(t, " http://a/ 1", " http://a/ 2")
		tor.mu.Lock()
		tor.left = 0
		tor.mu.Unlock()
		s.Set(announcer.Seeding)
		s.Completed()
		c.expect(t, "completed http://a/ 1", "completed http://a/ 2")
		if list, next := s.Trackers(); len(list) != 1 || list[0].Err != nil || !next.After(time.Now()) {
			t.Errorf("%+v, %v", list, next)
		}
		s.Set(announcer.Off)
		c.expect(t, "stopped http://a/ 1", "stopped http://a/ 2")
		if n := c.request().NumWant; n != 0 {
			t.Errorf("asks for %d peers in the end", n)
		}
		s.Set(announcer.Seeding)
		c.expect(t, "started http://a/ 1", "started http://a/ 2")
		s.Remove()
		c.expect(t, "stopped http://a/ 1", "stopped http://a/ 2")
	})
	if got := c.said(); len(got) > 0 {
		t.Errorf("trackers heard %q after the end", got)
	}
}

// What was never wanted is not completed: as long as nothing more is wanted, each
// announce says so (BEP 21).
func TestPartOfATorrent(t *testing.T) {
	c := &client{}
	within(t, c, func(t *testing.T, a *announcer.Announcer) {
		s := a.Add(&torrent{left: 7, hashes: [][20]byte{{1}}}, "name", 1, tiers("http://a/"))
		s.Set(announcer.Downloading)
		c.expect(t, "started http://a/ 1")
		s.Set(announcer.Seeding)
		s.Completed()
		c.expect(t, "paused http://a/ 1")
		time.Sleep(150 * time.Minute)
		c.expect(t, "paused http://a/ 1", "paused http://a/ 1")
		s.Set(announcer.Downloading)
		time.Sleep(150 * time.Minute)
		c.expect(t, " http://a/ 1", " http://a/ 1")
		s.Remove()
		c.expect(t, "stopped http://a/ 1")
		s = a.Add(&torrent{left: 7, hashes: [][20]byte{{2}}}, "name", 1, tiers("http://a/"))
		s.Set(announcer.Seeding)
		c.expect(t, "paused http://a/ 2")
	})
}

// A hybrid that a tracker knows by one hash is known.
func TestOneHashIsEnough(t *testing.T) {
	c := &client{answer: func(_ context.Context, _ tracker.Target, r tracker.Request) (tracker.Response, error) {
		if r.InfoHash[0] == 2 {
			return tracker.Response{}, &tracker.Failure{Reason: "unregistered"}
		}
		return tracker.Response{Interval: time.Hour, Seeders: 3}, nil
	}}
	for _, hashes := range [][][20]byte{{{1}, {2}}, {{2}, {1}}} {
		within(t, c, func(t *testing.T, a *announcer.Announcer) {
			s := a.Add(&torrent{hashes: hashes}, "name", 1, tiers("http://a/"))
			s.Set(announcer.Seeding)
			synctest.Wait()
			if list, _ := s.Trackers(); list[0].Err != nil || list[0].Seeders != 3 {
				t.Errorf("%+v", list)
			}
		})
	}
}

// A seed is not told of seeds, nor anybody of itself.
func TestUsefulPeers(t *testing.T) {
	us, other := netip.MustParseAddrPort("9.9.9.9:6881"), netip.MustParseAddrPort("8.8.8.8:6881")
	for _, x := range []struct {
		left     int64
		leechers int
		want     []netip.AddrPort
	}{{0, 0, nil}, {0, 1, []netip.AddrPort{other}}, {0, -1, []netip.AddrPort{other}}, {1, 0, nil}, {1, 1, []netip.AddrPort{other}}} {
		c := &client{answer: func(context.Context, tracker.Target, tracker.Request) (tracker.Response, error) {
			return tracker.Response{Leechers: x.leechers, External: us.Addr(), Peers: []netip.AddrPort{us, other}}, nil
		}}
		within(t, c, func(t *testing.T, a *announcer.Announcer) {
			tor := &torrent{left: x.left, hashes: [][20]byte{{1}}}
			a.Add(tor, "name", 1, tiers("http://a/")).Set(announcer.Seeding)
			synctest.Wait()
			if found := tor.peers(); !slices.Equal(found, x.want) {
				t.Errorf("%+v: found %v", x, found)
			}
		})
	}
}

// How errors are taken: what is about the tracker, what about the torrent, and
// what is final.
func TestErrors(t *testing.T) {
	for name, x := range map[string]struct {
		err   error
		again time.Duration // at the latest; 0 if never
	}{
		"no answer":    {tracker.ErrNoAnswer, 20 * time.Second},
		"garbage":      {tracker.ErrMalformed, 20 * time.Second},
		"refused":      {&tracker.Failure{Reason: "no"}, 2 * time.Minute},
		"later":        {&tracker.Failure{Reason: "no", RetryIn: 2 * time.Hour}, 3 * time.Hour},
		"never":        {&tracker.Failure{Reason: "no", Never: true}, 0},
		"server error": {tracker.StatusError(503), 20 * time.Second},
		"forbidden":    {tracker.StatusError(403), 2 * time.Minute},
		"at home":      {fmt.Errorf("x: %w", tracker.ErrNotPublic), 2 * time.Hour},
		"scheme":       {tracker.ErrScheme, 0},
	} {
		c := &client{answer: func(context.Context, tracker.Target, tracker.Request) (tracker.Response, error) {
			return tracker.Response{}, fmt.Errorf("announce: %w", x.err)
		}}
		within(t, c, func(t *testing.T, a *announcer.Announcer) {
			s := a.Add(&torrent{hashes: [][20]byte{{1}, {2}}}, "name", 1, tiers("http://a/"))
			s.Set(announcer.Seeding)
			synctest.Wait()
			list, next := s.Trackers()
			if !errors.Is(list[0].Err, x.err) || !list[0].Asked {
				t.Errorf("%s: %+v", name, list)
			}
			if wait := time.Until(next); x.again == 0 && !next.IsZero() || x.again > 0 && (wait <= 0 || wait > x.again) {
				t.Errorf("%s: again in %v", name, wait)
			}
		})
	}
}

// Close tells what it can, for two seconds.
func TestClose(t *testing.T) {
	hang := true
	var mu sync.Mutex
	c := &client{answer: func(ctx context.Context, t tracker.Target, r tracker.Request) (tracker.Response, error) {
		mu.Lock()
		h := hang && (t.URL == "http://dead/" || r.Event == message.Stopped && t.URL == "http://dies/")
		mu.Unlock()
		if h {
			<-ctx.Done()
			return tracker.Response{}, ctx.Err()
		}
		return tracker.Response{Interval: time.Hour}, nil
	}}
	synctest.Test(t, func(t *testing.T) {
		a := newAnnouncer(c)
		for i := range 1000 {
			a.Add(&torrent{hashes: [][20]byte{{byte(i)}}}, "name", 1, tiers("http://a/")).Set(announcer.Seeding)
		}
		a.Add(&torrent{hashes: [][20]byte{{1}}}, "name", 1, tiers("http://dead/")).Set(announcer.Downloading)
		a.Add(&torrent{hashes: [][20]byte{{1}}}, "name", 1, tiers("http://dies/")).Set(announcer.Downloading)
		time.Sleep(5 * time.Minute)
		c.said()
		begun := time.Now()
		together(a.Close, a.Close)
		if took := time.Since(begun); took > 2*time.Second {
			t.Errorf("took %v", took)
		}
		if n := len(c.said()); n < 1000 || n > 1003 {
			t.Errorf("%d announces", n)
		}
		s := a.Add(&torrent{hashes: [][20]byte{{1}}}, "late", 1, tiers("http://a/"))
		s.Set(announcer.Downloading)
		s.Remove()
		c.expect(t)
	})
}

// An announce under way is over before the goodbye.
func TestCloseWaits(t *testing.T) {
	c := &client{answer: func(ctx context.Context, _ tracker.Target, r tracker.Request) (tracker.Response, error) {
		if r.Event == message.Started {
			time.Sleep(400 * time.Millisecond)
		}
		return tracker.Response{Interval: time.Hour}, ctx.Err()
	}}
	synctest.Test(t, func(t *testing.T) {
		a := newAnnouncer(c)
		a.Add(&torrent{hashes: [][20]byte{{1}}}, "name", 1, tiers("http://a/")).Set(announcer.Downloading)
		synctest.Wait()
		a.Close()
		c.expect(t, "started http://a/ 1", "stopped http://a/ 1")
	})
}

func together(fs ...func()) {
	var wg sync.WaitGroup
	for _, f := range fs {
		wg.Go(f)
	}
	wg.Wait()
}

// What trackers were told is told anew, no sooner than they allow.
func TestAgain(t *testing.T) {
	c := &client{answer: func(_ context.Context, _ tracker.Target, _ tracker.Request) (tracker.Response, error) {
		return tracker.Response{Interval: time.Hour, MinInterval: 10 * time.Minute, Peers: []netip.AddrPort{netip.MustParseAddrPort("1.2.3.4:5")}}, nil
	}}
	within(t, c, func(t *testing.T, a *announcer.Announcer) {
		s := a.Add(&torrent{left: 7, hashes: [][20]byte{{1}}}, "name", 1, tiers("http://a/"))
		a.Add(&torrent{left: 7, hashes: [][20]byte{{2}}}, "rests", 1, tiers("http://a/"))
		s.Set(announcer.Downloading)
		c.expect(t, "started http://a/ 1")
		time.Sleep(5 * time.Minute)
		a.Again()
		c.expect(t)
		time.Sleep(6 * time.Minute)
		c.expect(t, " http://a/ 1")
		time.Sleep(15 * time.Minute)
		c.expect(t)
	})
}

// As whom trackers see us is passed on.
func TestSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		by, us := netip.MustParseAddr("8.8.8.8"), netip.MustParseAddr("1.2.3.4")
		c := &client{answer: func(context.Context, tracker.Target, tracker.Request) (tracker.Response, error) {
			return tracker.Response{Interval: time.Hour, Sights: []message.Sight{{By: by, Us: us}}}, nil
		}}
		var seen []string
		a := announcer.New(announcer.Config{
			Client: c, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Port: func() uint16 { return 6881 },
			Budget: schedule.Config{Rand: rand.New(rand.NewPCG(1, 2))},
			Seen:   func(by, us netip.Addr) { seen = append(seen, fmt.Sprint(by, us)) },
		})
		defer a.Close()
		a.Add(&torrent{left: 7, hashes: [][20]byte{{1}}}, "name", 1, tiers("http://a/")).Set(announcer.Downloading)
		synctest.Wait()
		if !slices.Equal(seen, []string{"8.8.8.8 1.2.3.4"}) {
			t.Errorf("seen %q", seen)
		}
	})
}

// A tracker is told what it may know, and what of TLS; what it says of that goes
// with the addresses. Ids are not linked by what it wants to be told again.
func TestTerms(t *testing.T) {
	with, without := netip.MustParseAddrPort("8.8.8.8:6881"), netip.MustParseAddrPort("9.9.9.9:6881")
	c := &client{answer: func(context.Context, tracker.Target, tracker.Request) (tracker.Response, error) {
		return tracker.Response{
			Interval: time.Hour, TrackerID: "you", Leechers: -1,
			Peers: []netip.AddrPort{with, without}, TLS: map[netip.AddrPort]message.Pin{with: {7}},
		}, nil
	}}
	within(t, c, func(t *testing.T, a *announcer.Announcer) {
		tor := &torrent{left: 7, hashes: [][20]byte{{1}, {2}}, ids: true, tls: message.TLS{Support: true, Require: true, Pin: message.Pin{3}}}
		s := a.Add(tor, "name", 1, tiers("https://a/"))
		s.Set(announcer.Downloading)
		c.expect(t, "started https://a/ 1", "started https://a/ 2")
		if r := c.request(); r.TLS != tor.tls || r.TrackerID != "" || r.PeerID != ([20]byte{9, 2}) {
			t.Errorf("asked %+v", r)
		}
		want := []hint.Hint{{Addr: with, TLS: true, Face: verdict.Face{Pin: verdict.Pin{7}}}, {Addr: without}}
		if got := tor.found; !slices.Equal(got, append(want, want...)) || !tor.byID {
			t.Errorf("found %+v, by id %t", got, tor.byID)
		}
		s.Remove()
		c.expect(t, "stopped https://a/ 1", "stopped https://a/ 2")

		s = a.Add(&torrent{left: 7}, "withheld", 1, tiers("http://b/"))
		s.Set(announcer.Downloading)
		time.Sleep(24 * time.Hour)
		c.expect(t)
		if list, _ := s.Trackers(); len(list) != 1 || !errors.Is(list[0].Err, announcer.ErrWithheld) {
			t.Errorf("%+v", list)
		}
	})
}
