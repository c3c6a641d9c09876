package bars

import (
	"testing"

	"github.com/warren-p2p/warren/bench/internal/report/figure"
	"github.com/warren-p2p/warren/bench/internal/report/part"
)

// Every bar names a figure that some run could have produced, and none twice.
func TestAll(t *testing.T) {
	seen := make(map[string]bool)
	for _, b := range All() {
		line := b.Name + "|" + b.Formula() + "|" + b.Limit()
		if seen[line] {
			t.Errorf("twice: %s", line)
		}
		seen[line] = true
		if b.Bound <= 0 || b.Name == "" || b.Num.Client == "" {
			t.Errorf("incomplete: %+v", b)
		}
		if b.Den != nil && b.Num.Metric != b.Den.Metric {
			t.Errorf("%s compares different metrics", line)
		}
	}
	for _, line := range []string{
		"1 → 1, hybrid|MB/s: warren TLS / libtorrent plain|≥ 2",
		"1 → 1, v1|CPU-s/GiB: warren TLS / libtorrent plain|≤ 0.5",
		"verify tree, v2|MB/s: warren verify / libtorrent create|≥ 1.8",
		"engine against the raw pipeline|MB/s: warren TLS / raw TLS|≥ 0.75",
	} {
		if !seen[line] {
			t.Errorf("no bar %s", line)
		}
	}
}

func TestJudge(t *testing.T) {
	fig := func(client string) figure.Selector {
		return figure.Selector{Part: part.Transfer, Client: client, Metric: figure.Rate}
	}
	own, other, nobody, nothing := fig(figure.Warren), fig(figure.Aria2), fig("nobody"), fig("nothing")
	half, broken, never := fig("half"), fig("broken"), fig("never")
	elsewhere, short := fig("elsewhere"), fig("short")
	known := map[figure.Selector]figure.Reading{
		own:       {Value: 30, Run: "A", Found: true},
		other:     {Value: 20, Run: "A", Found: true},
		nothing:   {Run: "A", Found: true},
		half:      {Value: 30, Run: "A", Found: true, Failed: true},
		broken:    {Value: 30, Run: "B", Found: true, Failed: true, Small: true},
		never:     {Failed: true},
		elsewhere: {Value: 10, Run: "B", Found: true},
		short:     {Value: 15, Run: "A", Found: true, Small: true},
	}
	for name, c := range map[string]struct {
		bar   Bar
		value float64
		state State
	}{
		"reached":                 {Bar{Num: own, Den: &other, Bound: 1.4}, 1.5, Pass},
		"missed":                  {Bar{Num: own, Den: &other, Bound: 1.6}, 1.5, Fail},
		"exactly":                 {Bar{Num: other, Den: &other, Bound: 1}, 1, Pass},
		"most, within":            {Bar{Num: own, AtMost: true, Bound: 31}, 30, Pass},
		"most, exactly":           {Bar{Num: own, AtMost: true, Bound: 30}, 30, Pass},
		"most, above":             {Bar{Num: own, AtMost: true, Bound: 29}, 30, Fail},
		"a repetition failed":     {Bar{Num: half, Den: &other, Bound: 0.1}, 1.5, Fail},
		"failed, small, two runs": {Bar{Num: broken, Den: &other, Bound: 0.1}, 1.5, Fail},
		"all repetitions failed":  {Bar{Num: never, Bound: 1}, 0, Fail},
		"nothing measured":        {Bar{Num: nobody, Bound: 1}, 0, NotMeasured},
		"no anchor":               {Bar{Num: other, Den: &nobody, Bound: 1}, 0, NotMeasured},
		"an anchor of nothing":    {Bar{Num: other, Den: &nothing, Bound: 1}, 0, NotMeasured},
		"two runs":                {Bar{Num: own, Den: &elsewhere, Bound: 1}, 3, TwoRuns},
		"too small":               {Bar{Num: short, Bound: 1}, 15, TooSmall},
		"too small an anchor":     {Bar{Num: own, Den: &short, Bound: 1}, 2, TooSmall},
	} {
		find := func(s figure.Selector) figure.Reading { return known[s] }
		if v := Judge([]Bar{c.bar}, find)[0]; v.Value != c.value || v.State != c.state {
			t.Errorf("%s: got %v %s, want %v %s", name, v.Value, v.State, c.value, c.state)
		}
	}
}
