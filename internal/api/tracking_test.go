package api_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/api/apitest"
	"github.com/warren-p2p/warren/internal/api/tracking"
	"github.com/warren-p2p/warren/tracker/message"
)

// The tracker tells what it serves, and by which URL; not whom.
func TestTracker(t *testing.T) {
	w := apitest.With(t, 3)
	defer w.Close(t)
	for i := range 5 {
		r := message.Request{InfoHash: [20]byte{19: 2}, Port: uint16(1000 + i), Left: int64(i)}
		if _, err := w.Tracker.Announce(t.Context(), netip.MustParseAddr("198.51.100.7"), &r); err != nil {
			t.Fatal(err)
		}
	}
	r := message.Request{InfoHash: [20]byte{19: 3}, Port: 1, Left: 1}
	if _, err := w.Tracker.Announce(t.Context(), netip.MustParseAddr("2001:db8::1"), &r); err != nil {
		t.Fatal(err)
	}
	var s tracking.TrackerStatus
	w.Must(t, 200, "GET", "/api/v1/tracker", nil, &s)
	if !s.On || !strings.HasPrefix(s.URL, "http://node.example:6881/") || s.Swarms != 2 || s.Peers != 6 || s.IPv6 != 1 || s.Since.IsZero() {
		t.Errorf("%+v", s)
	}
	var list tracking.Swarms
	w.Must(t, 200, "GET", "/api/v1/tracker/swarms?limit=1", nil, &list)
	if list.Total != 2 || len(list.Swarms) != 1 || list.Swarms[0] != (tracking.Swarm{Key: strings.Repeat("0", 39) + "2", Name: "torrent 2", Seeders: 1, Leechers: 4}) {
		t.Errorf("%+v", list)
	}
	var h tracking.TrackerHistory
	w.Must(t, 200, "GET", "/api/v1/tracker/history", nil, &h)
	if h.Minutes == nil || len(h.Minutes) > 1 {
		t.Errorf("%+v", h)
	}
	for _, path := range []string{"/api/v1/tracker/swarms?limit=0", "/api/v1/tracker/history?minutes=1441", "/api/v1/tracker?x=1"} {
		if got := w.Do(t, "GET", path, nil, nil); got != 422 {
			t.Errorf("%s: %d", path, got)
		}
	}
	none := tracking.Service{Library: w.Library}
	if s, err := none.Status(t.Context()); err != nil || s != (tracking.TrackerStatus{}) {
		t.Errorf("without one: %+v, %v", s, err)
	}
}
