package report

import "fmt"

// Bar is a promise: a figure, or the ratio of two figures of one run, against
// a bound.
type Bar struct {
	Name   string
	Num    Selector
	Den    *Selector // nil: Num itself is compared
	AtMost bool      // else at least
	Bound  float64
}

// Formula spells out what is computed.
func (b Bar) Formula() string {
	s := b.Num.Metric.String() + ": " + b.Num.String()
	if b.Den != nil {
		s += " / " + b.Den.String()
	}
	return s
}

// Limit spells out the bound.
func (b Bar) Limit() string {
	if b.AtMost {
		return fmt.Sprintf("≤ %g", b.Bound)
	}
	return fmt.Sprintf("≥ %g", b.Bound)
}

// Names of clients as the bars use them.
const (
	Warren     = "warren"
	Aria2      = "aria2"
	Libtorrent = "libtorrent"
	Mktorrent  = "mktorrent"
	Raw        = "raw"
	Plain      = "plain"
	TLS        = "TLS"
)

// MaxPrivate is the private memory a process may use in a transfer, in MB.
const MaxPrivate = 64

// Bars is everything that must be reached, with the formula of each.
func Bars() []Bar {
	var bars []Bar
	for _, kind := range []string{"v1", "v2", "hybrid"} {
		bars = append(bars, transferBars(kind)...)
	}
	bars = append(bars, packetBars()...)
	bars = append(bars, manyBars()...)
	bars = append(bars, slowBars()...)
	bars = append(bars, swarmBars()...)
	for _, c := range []string{"file", "tree"} {
		bars = append(bars, hashBars(c)...)
	}
	return append(append(bars, limitBars()...), restBars()...)
}

func transferBars(kind string) []Bar {
	fig := func(client, mode string, m Metric) Selector {
		return Selector{Part: Transfer, Kind: kind, Client: client, Mode: mode, Metric: m}
	}
	aria, lt := fig(Aria2, Plain, Rate), fig(Libtorrent, Plain, Rate)
	ariaCPU, ltCPU := fig(Aria2, Plain, CPU), fig(Libtorrent, Plain, CPU)
	name := "1 → 1, " + kind
	return []Bar{
		{Name: name, Num: fig(Warren, TLS, Rate), Den: &aria, Bound: 1.0},
		{Name: name, Num: fig(Warren, TLS, Rate), Den: &lt, Bound: 2.0},
		{Name: name, Num: fig(Warren, Plain, Rate), Den: &aria, Bound: 1.2},
		{Name: name, Num: fig(Warren, TLS, CPU), Den: &ariaCPU, AtMost: true, Bound: 1.0},
		{Name: name, Num: fig(Warren, TLS, CPU), Den: &ltCPU, AtMost: true, Bound: 0.5},
		{Name: name, Num: fig(Warren, TLS, Private), AtMost: true, Bound: MaxPrivate},
		{Name: name, Num: fig(Warren, Plain, Private), AtMost: true, Bound: MaxPrivate},
	}
}

func packetBars() []Bar {
	fig := func(client, mode string) Selector {
		return Selector{Part: MTU, Kind: "v1", Client: client, Mode: mode, Metric: Rate}
	}
	aria := fig(Aria2, Plain)
	name := "1 → 1 at MTU 1500, v1"
	return []Bar{
		{Name: name, Num: fig(Warren, TLS), Den: &aria, Bound: 1.0},
		{Name: name, Num: fig(Warren, Plain), Den: &aria, Bound: 1.0},
	}
}

func manyBars() []Bar {
	fig := func(client, mode string) Selector {
		return Selector{Part: Many, Kind: "v1", Client: client, Mode: mode, Metric: Rate}
	}
	aria, lt := fig(Aria2, Plain), fig(Libtorrent, Plain)
	name := "1 → 4 at once, total, v1"
	return []Bar{
		{Name: name, Num: fig(Warren, TLS), Den: &aria, Bound: 1.0},
		{Name: name, Num: fig(Warren, TLS), Den: &lt, Bound: 1.5},
	}
}

// SlowRate is what the slow link carries, in bits a second.
const SlowRate = 200_000_000

func slowBars() []Bar {
	fig := func(mode string) Selector {
		return Selector{Part: Slow, Kind: "v1", Client: Warren, Mode: mode, Metric: Rate}
	}
	const name, share = "200 Mbit/s, 100 ms, 0.1 % lost, v1", 0.9 * SlowRate / 8 / 1e6
	return []Bar{{Name: name, Num: fig(TLS), Bound: share}, {Name: name, Num: fig(Plain), Bound: share}}
}

func swarmBars() []Bar {
	fig := func(client, mode string) Selector {
		return Selector{Part: Swarm, Kind: "v1", Client: client, Mode: mode, Metric: SpawnRate}
	}
	lt := fig(Libtorrent, Plain)
	name := "slow seeder → 8 that share, v1"
	return []Bar{
		{Name: name, Num: fig(Warren, TLS), Den: &lt, Bound: 1.0},
		{Name: name, Num: fig(Warren, Plain), Den: &lt, Bound: 1.0},
	}
}

// hashBars compares both directions with what other tools need to create:
// none of them verifies faster than it creates, and the work is the same.
func hashBars(c string) []Bar {
	var bars []Bar
	for _, want := range []struct {
		kind, anchor string
		bound        float64
	}{{"v1", Mktorrent, 1.0}, {"v2", Libtorrent, 1.8}, {"hybrid", Libtorrent, 1.6}} {
		sel := Selector{Part: Hash, Kind: want.kind, Case: c, Metric: Rate}
		anchor, raw := sel, sel
		anchor.Client, anchor.Op = want.anchor, "create"
		raw.Client, raw.Op = Raw, "hash"
		for _, op := range []string{"create", "verify"} {
			own := sel
			own.Client, own.Op = Warren, op
			name := fmt.Sprintf("%s %s, %s", op, c, want.kind)
			bars = append(bars,
				Bar{Name: name, Num: own, Den: &anchor, Bound: want.bound},
				Bar{Name: name, Num: own, Den: &raw, Bound: 0.9})
		}
	}
	return bars
}

func limitBars() []Bar {
	limit := Selector{Part: Limit, Client: Raw, Mode: TLS, Metric: Rate}
	engine := Selector{Part: Transfer, Kind: "v1", Client: Warren, Mode: TLS, Metric: Rate}
	reference := Selector{Part: Limit, Client: "reference", Metric: Rate}
	return []Bar{
		{Name: "engine against the raw pipeline", Num: engine, Den: &limit, Bound: 0.75},
		{Name: "the raw pipeline against a reference", Num: limit, Den: &reference, Bound: 0.9},
	}
}

// Verdict is a bar held against results.
type Verdict struct {
	Bar
	Value float64
	State State
}

// State is the outcome of a bar.
type State string

// The outcomes. Figures of two runs, or of less content than the bars speak
// of, have a ratio but prove nothing.
const (
	Pass        State = "pass"
	Fail        State = "FAIL"
	NotMeasured State = "not measured"
	TwoRuns     State = "two runs"
	TooSmall    State = "too small"
)

// Judge holds every bar against the results.
func (r Results) Judge(bars []Bar) []Verdict {
	out := make([]Verdict, len(bars))
	for i, b := range bars {
		out[i] = r.judge(b)
	}
	return out
}

// judge lets nothing pass that failed in any repetition.
func (r Results) judge(b Bar) Verdict {
	v := Verdict{Bar: b, State: NotMeasured}
	num := r.Find(b.Num)
	if num.Failed {
		v.State = Fail
	}
	if !num.Found {
		return v
	}
	v.Value = num.Value
	small := num.Small
	if b.Den != nil {
		den := r.Find(*b.Den)
		if !den.Found || den.Value == 0 {
			v.Value = 0
			return v
		}
		v.Value /= den.Value
		small = small || den.Small
		if den.Run != num.Run && !num.Failed {
			v.State = TwoRuns
			return v
		}
	}
	if small && !num.Failed {
		v.State = TooSmall
		return v
	}
	reached := v.Value >= b.Bound
	if b.AtMost {
		reached = v.Value <= b.Bound
	}
	v.State = Fail
	if reached && !num.Failed {
		v.State = Pass
	}
	return v
}
