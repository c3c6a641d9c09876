package transfer

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/warren-p2p/warren/bench/internal/clients"
)

func TestTurns(t *testing.T) {
	want := [][]int{{0, 1, 2}, {2, 1, 0}, {0, 1, 2}}
	if d := cmp.Diff(want, Turns(3, 3)); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	if got := Turns(3, 0); len(got) != 0 {
		t.Errorf("no repetition: %v", got)
	}
}

func TestLine(t *testing.T) {
	all := []clients.Client{clients.Aria2{}, clients.Libtorrent{Settings: "tuned"}, clients.Transmission{}, clients.Warren{TLS: true}}
	titles := func(kind string) (s []string) {
		for _, c := range Line(all, kind, 3, []string{"aria2"}, []string{"Transmission"}) {
			s = append(s, c.entry(kind).Title()+" "+c.Kind+" "+string(rune('0'+c.Reps)))
		}
		return s
	}
	for kind, want := range map[string][]string{
		"v1": {"aria2 plain v1 3", "libtorrent tuned plain v1 3", "Transmission plain v1 1", "warren TLS v1 3"},
		"v2": {"aria2 plain (v1) v1 3", "libtorrent tuned plain v2 3", "warren TLS v2 3"},
	} {
		if d := cmp.Diff(want, titles(kind)); d != "" {
			t.Errorf("%s: -want +got\n%s", kind, d)
		}
	}
}
