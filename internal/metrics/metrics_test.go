package metrics_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/metrics"
	"github.com/warren-p2p/warren/internal/trackerhost"
	"github.com/warren-p2p/warren/swarm"
	"github.com/warren-p2p/warren/swarm/reachability"
)

func scrape(t *testing.T, h http.Handler) string {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

// TestScrape: what is known is told, twice in one process, and what is not there is not.
func TestScrape(t *testing.T) {
	tracker, err := trackerhost.Open(trackerhost.Config{Clock: clock.System{}})
	if err != nil {
		t.Fatal(err)
	}
	defer tracker.Close()
	tracker.Tracker().Connected()
	h := metrics.New(metrics.Config{
		Version: "1.2.3", Log: slog.New(slog.DiscardHandler), Tracker: tracker,
		DHT: func() (swarm.DHTStatus, bool) { return swarm.DHTStatus{Nodes: 7}, true },
		Reachability: func() reachability.Report {
			return reachability.Report{IPv4: reachability.Family{State: reachability.Yes}}
		},
	})
	got := scrape(t, h)
	for _, want := range []string{
		`warren_build_info{version="1.2.3"} 1`, `warren_dht_nodes 7`, `warren_reachable{family="ipv4"} 3`, `warren_reachable{family="ipv6"} 0`,
		`warren_tracker_connects_total 1`, `warren_tracker_refused_total{why="full"} 0`, "go_goroutines ", "process_resident_memory_bytes ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("nothing says %s", want)
		}
	}
	other := scrape(t, metrics.New(metrics.Config{Version: "4", Log: slog.New(slog.DiscardHandler)}))
	if strings.Contains(other, "tracker") || strings.Contains(other, "1.2.3") {
		t.Error("two nodes share what they tell")
	}
}
