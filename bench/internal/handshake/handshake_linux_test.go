package handshake

import (
	"testing"

	"github.com/warren-p2p/warren/bench/internal/report"
	"github.com/warren-p2p/warren/bench/internal/report/bars"
	"github.com/warren-p2p/warren/bench/internal/report/figure"
	"github.com/warren-p2p/warren/bench/internal/report/part"
)

// A small run gives every figure that the bars ask for.
func TestGroup(t *testing.T) {
	g, err := Group(t.Context(), Spec{Torrents: 100, Handshakes: 3}, 2, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	g.Run.ID = "A"
	results := report.Results{Groups: []report.Group{g}}
	asked := 0
	for _, b := range bars.All() {
		for _, s := range []*figure.Selector{&b.Num, b.Den} {
			if s == nil || s.Part != part.Handshake {
				continue
			}
			asked++
			if r := results.Find(*s); !r.Found || r.Value <= 0 || !r.Small {
				t.Errorf("%v: %+v", s, r)
			}
		}
	}
	if asked < 5 || len(g.Entries) != 5 {
		t.Errorf("%d figures asked for, %d entries", asked, len(g.Entries))
	}
	for _, e := range g.Entries {
		if len(e.Runs) != 2 {
			t.Errorf("%s: %d runs", e.Title(), len(e.Runs))
		}
	}
}
