package server_test

import (
	"context"
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/server"
	"github.com/warren-p2p/warren/tracker/server/peerstore"
	"github.com/warren-p2p/warren/tracker/server/peerstore/memory"
	"github.com/warren-p2p/warren/tracker/server/request"
	"github.com/warren-p2p/warren/tracker/server/throttle"
)

func begin() time.Time { return time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC) }

func caller(ip string) *server.Caller {
	return &server.Caller{Addr: netip.MustParseAddr(ip), Now: begin()}
}

func query(hash byte, left int64) *request.Query {
	return &request.Query{Request: message.Request{InfoHash: [20]byte{hash}, PeerID: [20]byte{19: 1}, Port: 6881, Left: left, NumWant: request.Unsaid}}
}

type list map[[20]byte]bool

func (l list) Listed(h [20]byte) bool { return l[h] }

type users struct {
	known string
	sent  int64
}

func (u *users) Known(key string) bool { return key == u.known }
func (u *users) Count(_ string, q *request.Query, _ time.Time) {
	u.sent += q.Uploaded
}

func open(cfg server.Config) *server.Tracker {
	if cfg.Store == nil {
		cfg.Store = memory.New(memory.Config{})
	}
	return server.New(cfg)
}

func TestAnnounce(t *testing.T) {
	tracker := open(server.Config{Interval: 10 * time.Minute})
	var to server.Reply
	if f := tracker.Announce(t.Context(), caller("1.2.3.4"), query(1, 0), &to); f != nil {
		t.Fatal(f)
	}
	if f := tracker.Announce(t.Context(), caller("5.6.7.8"), query(1, 9), &to); f != nil {
		t.Fatal(f)
	}
	if string(to.Peers) != "\x01\x02\x03\x04\x1a\xe1" || to.Seeders != 1 || to.Leechers != 1 || to.External != caller("5.6.7.8").Addr {
		t.Errorf("%+v", to)
	}
	if to.Interval < 10*time.Minute || to.Interval > 11*time.Minute || to.MinInterval != time.Minute {
		t.Errorf("come back after %v, not before %v", to.Interval, to.MinInterval)
	}
	other := query(1, 9)
	other.Event = message.Paused
	if f := tracker.Announce(t.Context(), caller("5.6.7.8"), other, &to); f != nil || to.Partial != 1 || to.Leechers != 1 {
		t.Errorf("%+v, %v", to, f)
	}
	totals, f := tracker.Scrape(t.Context(), caller("9.9.9.9"), "", [][20]byte{{2}, {1}}, nil)
	if f != nil || !cmp.Equal(totals, []peerstore.Totals{{}, {Seeders: 1, Leechers: 1, Partial: 1}}) {
		t.Errorf("%+v, %v", totals, f)
	}
}

// Peers of a swarm do not all come back at once.
func TestJitter(t *testing.T) {
	tracker := open(server.Config{})
	seen := map[time.Duration]bool{}
	for i := range 100 {
		q := query(1, 1)
		q.PeerID = [20]byte{12: byte(i), 15: byte(i * 7)}
		var to server.Reply
		if f := tracker.Announce(t.Context(), caller("1.2.3.4"), q, &to); f != nil {
			t.Fatal(f)
		}
		seen[to.Interval] = true
	}
	if len(seen) < 50 {
		t.Errorf("%d intervals for a hundred peers", len(seen))
	}
}

func TestNumWant(t *testing.T) {
	tracker := open(server.Config{NumWant: 20, MaxNumWant: 30})
	for i := range 100 {
		q := query(1, 1)
		q.Port = uint16(1000 + i)
		var to server.Reply
		tracker.Announce(t.Context(), caller("1.2.3.4"), q, &to)
	}
	for want, got := range map[int]int{request.Unsaid: 20, 0: 0, 7: 7, 30: 30, 31: 30, 1 << 30: 30} {
		q := query(1, 1)
		q.NumWant = want
		var to server.Reply
		tracker.Announce(t.Context(), caller("5.6.7.8"), q, &to)
		if n := len(to.Peers) / peerstore.Size4; n != got {
			t.Errorf("%d peers where %d are wanted", n, want)
		}
	}
}

// A pin is kept only if nobody could have put it there.
func TestPin(t *testing.T) {
	for _, private := range []bool{false, true} {
		tracker := open(server.Config{})
		q, c := query(1, 0), caller("1.2.3.4")
		q.TLS = message.TLS{Support: true, Pin: message.Pin{1}}
		c.Private = private
		var to server.Reply
		tracker.Announce(t.Context(), c, q, &to)
		tracker.Announce(t.Context(), caller("5.6.7.8"), query(1, 1), &to)
		if len(to.Flags) != 1 || (to.Flags[0] == peerstore.FlagTLS|peerstore.FlagPin) != private || (len(to.Pins) == 32) != private {
			t.Errorf("over TLS: %v; flags %x, pins %x", private, to.Flags, to.Pins)
		}
	}
}

type broken struct{ peerstore.Store }

var errAway = errors.New("away")

func (broken) Announce(context.Context, *peerstore.Announce, *peerstore.Answer) error {
	return errAway
}
func (broken) Scrape(_ context.Context, _ [][20]byte, dst []peerstore.Totals, _ time.Time) ([]peerstore.Totals, error) {
	return dst, errAway
}

func TestRefused(t *testing.T) {
	known := &users{known: "key"}
	for name, c := range map[string]struct {
		cfg       server.Config
		passkey   string
		hash      byte
		announces *message.Failure
		scrapes   bool // refused too
		stats     server.Stats
	}{
		"listed":     {cfg: server.Config{List: list{{1}: true}}, hash: 1},
		"not listed": {cfg: server.Config{List: list{}}, announces: &message.Failure{RetryIn: time.Hour}, stats: server.Stats{Unlisted: 1}},
		"a user":     {cfg: server.Config{Users: known}, passkey: "key"},
		"nobody":     {cfg: server.Config{Users: known}, passkey: "yek", announces: &message.Failure{Never: true}, scrapes: true, stats: server.Stats{Strangers: 2}},
		"no key":     {cfg: server.Config{Users: known}, announces: &message.Failure{Never: true}, scrapes: true, stats: server.Stats{Strangers: 2}},
		"too often":  {cfg: server.Config{Throttle: spent()}, announces: &message.Failure{RetryIn: 5 * time.Minute}, scrapes: true, stats: server.Stats{Throttled: 2}},
		"no store":   {cfg: server.Config{Store: broken{}}, announces: &message.Failure{RetryIn: time.Minute}, scrapes: true, stats: server.Stats{Failed: 2}},
		"full":       {cfg: server.Config{Store: filled(t)}, announces: &message.Failure{RetryIn: 30 * time.Minute}, stats: server.Stats{Full: 1}},
	} {
		tracker := open(c.cfg)
		q := query(c.hash, 1)
		q.Passkey, q.Uploaded = c.passkey, 5
		var to server.Reply
		f := tracker.Announce(t.Context(), caller("1.2.3.4"), q, &to)
		if d := cmp.Diff(c.announces, f, cmpopts.IgnoreFields(message.Failure{}, "Reason")); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		if f != nil && (f.Reason == "" || len(to.Peers) > 0) {
			t.Errorf("%s: refused for %q, and told %x", name, f.Reason, to.Peers)
		}
		if _, f := tracker.Scrape(t.Context(), caller("1.2.3.4"), c.passkey, [][20]byte{{c.hash}}, nil); (f != nil) != c.scrapes {
			t.Errorf("%s: a scrape is told %v", name, f)
		}
		want := c.stats
		want.AnnouncesHTTP, want.ScrapesHTTP = 1, 1
		if got := tracker.Stats(); got != want || got.Refused() != want.Refused() {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if known.sent != 5 {
		t.Errorf("%d bytes are counted, of one announce that was served", known.sent)
	}
	if f := open(server.Config{}).Malformed(request.ErrPort); f.Reason == "" || !f.Never {
		t.Errorf("%+v", f)
	}
}

// What is not on the list is not told by a scrape either.
func TestScrapeListed(t *testing.T) {
	l := list{{1}: true}
	tracker := open(server.Config{List: l})
	var to server.Reply
	tracker.Announce(t.Context(), caller("1.2.3.4"), query(1, 0), &to)
	delete(l, [20]byte{1})
	got, f := tracker.Scrape(t.Context(), caller("1.2.3.4"), "", [][20]byte{{1}}, nil)
	if f != nil || got[0] != (peerstore.Totals{}) {
		t.Errorf("%+v, %v", got, f)
	}
}

// spent is a throttle that refuses who asks in this file.
func spent() *throttle.Throttle {
	r := throttle.New(1, 1)
	r.Allow(netip.MustParseAddr("1.2.3.4"), begin())
	return r
}

// filled is a store without room.
func filled(t *testing.T) peerstore.Store {
	s := memory.New(memory.Config{MaxSwarms: 1})
	var to peerstore.Answer
	if err := s.Announce(t.Context(), &peerstore.Announce{InfoHash: [20]byte{9}, Peer: netip.MustParseAddrPort("1.1.1.1:1"), Now: begin()}, &to); err != nil {
		t.Fatal(err)
	}
	return s
}
