// Package bars holds what the bench measured against what must be reached.
package bars

import (
	"fmt"

	"github.com/warren-p2p/warren/bench/internal/report/figure"
	"github.com/warren-p2p/warren/bench/internal/report/part"
)

// MaxPrivate is the private memory a process may use in a transfer, in MB.
const MaxPrivate = 64

// All is everything that must be reached, with the formula of each.
func All() []Bar {
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
	return append(append(append(append(append(bars, limitBars()...), restBars()...), handshakeBars()...), levelBars()...), trackerBars()...)
}

func transferBars(kind string) []Bar {
	fig := func(client, mode string, m figure.Metric) figure.Selector {
		return figure.Selector{Part: part.Transfer, Kind: kind, Client: client, Mode: mode, Metric: m}
	}
	aria, lt := fig(figure.Aria2, figure.Plain, figure.Rate), fig(figure.Libtorrent, figure.Plain, figure.Rate)
	ariaCPU, ltCPU := fig(figure.Aria2, figure.Plain, figure.CPU), fig(figure.Libtorrent, figure.Plain, figure.CPU)
	name := "1 → 1, " + kind
	return []Bar{
		{Name: name, Num: fig(figure.Warren, figure.TLS, figure.Rate), Den: &aria, Bound: 1.0},
		{Name: name, Num: fig(figure.Warren, figure.TLS, figure.Rate), Den: &lt, Bound: 2.0},
		{Name: name, Num: fig(figure.Warren, figure.Plain, figure.Rate), Den: &aria, Bound: 1.2},
		{Name: name, Num: fig(figure.Warren, figure.TLS, figure.CPU), Den: &ariaCPU, AtMost: true, Bound: 1.0},
		{Name: name, Num: fig(figure.Warren, figure.TLS, figure.CPU), Den: &ltCPU, AtMost: true, Bound: 0.5},
		{Name: name, Num: fig(figure.Warren, figure.TLS, figure.Private), AtMost: true, Bound: MaxPrivate},
		{Name: name, Num: fig(figure.Warren, figure.Plain, figure.Private), AtMost: true, Bound: MaxPrivate},
	}
}

func packetBars() []Bar {
	fig := func(client, mode string) figure.Selector {
		return figure.Selector{Part: part.MTU, Kind: "v1", Client: client, Mode: mode, Metric: figure.Rate}
	}
	aria := fig(figure.Aria2, figure.Plain)
	name := "1 → 1 at MTU 1500, v1"
	return []Bar{
		{Name: name, Num: fig(figure.Warren, figure.TLS), Den: &aria, Bound: 1.0},
		{Name: name, Num: fig(figure.Warren, figure.Plain), Den: &aria, Bound: 1.0},
	}
}

func manyBars() []Bar {
	fig := func(client, mode string) figure.Selector {
		return figure.Selector{Part: part.Many, Kind: "v1", Client: client, Mode: mode, Metric: figure.Rate}
	}
	aria, lt := fig(figure.Aria2, figure.Plain), fig(figure.Libtorrent, figure.Plain)
	name := "1 → 4 at once, total, v1"
	return []Bar{
		{Name: name, Num: fig(figure.Warren, figure.TLS), Den: &aria, Bound: 1.0},
		{Name: name, Num: fig(figure.Warren, figure.TLS), Den: &lt, Bound: 1.5},
	}
}

func slowBars() []Bar {
	fig := func(mode string) figure.Selector {
		return figure.Selector{Part: part.Slow, Kind: "v1", Client: figure.Warren, Mode: mode, Metric: figure.Rate}
	}
	const name, share = "200 Mbit/s, 100 ms, 0.1 % lost, v1", 0.9 * part.SlowRate / 8 / 1e6
	var bars []Bar
	for _, mode := range []string{figure.TLS, figure.Plain, figure.UTP} {
		bars = append(bars, Bar{Name: name, Num: fig(mode), Bound: share})
	}
	return bars
}

func swarmBars() []Bar {
	fig := func(client, mode string) figure.Selector {
		return figure.Selector{Part: part.Swarm, Kind: "v1", Client: client, Mode: mode, Metric: figure.SpawnRate}
	}
	lt := fig(figure.Libtorrent, figure.Plain)
	name := "slow seeder → 8 that share, v1"
	return []Bar{
		{Name: name, Num: fig(figure.Warren, figure.TLS), Den: &lt, Bound: 1.0},
		{Name: name, Num: fig(figure.Warren, figure.Plain), Den: &lt, Bound: 1.0},
	}
}

// hashBars compares both directions with what other tools need to create:
// none of them verifies faster than it creates, and the work is the same.
func hashBars(c string) []Bar {
	var bars []Bar
	for _, want := range []struct {
		kind, anchor string
		bound        float64
	}{{"v1", figure.Mktorrent, 1.0}, {"v2", figure.Libtorrent, 1.8}, {"hybrid", figure.Libtorrent, 1.6}} {
		sel := figure.Selector{Part: part.Hash, Kind: want.kind, Case: c, Metric: figure.Rate}
		anchor, raw := sel, sel
		anchor.Client, anchor.Op = want.anchor, "create"
		raw.Client, raw.Op = figure.Raw, "hash"
		for _, op := range []string{"create", "verify"} {
			own := sel
			own.Client, own.Op = figure.Warren, op
			name := fmt.Sprintf("%s %s, %s", op, c, want.kind)
			bars = append(bars,
				Bar{Name: name, Num: own, Den: &anchor, Bound: want.bound},
				Bar{Name: name, Num: own, Den: &raw, Bound: 0.9})
		}
	}
	return bars
}

func limitBars() []Bar {
	limit := figure.Selector{Part: part.Limit, Client: figure.Raw, Mode: figure.TLS, Metric: figure.Rate}
	engine := figure.Selector{Part: part.Transfer, Kind: "v1", Client: figure.Warren, Mode: figure.TLS, Metric: figure.Rate}
	reference := figure.Selector{Part: part.Limit, Client: "reference", Metric: figure.Rate}
	return []Bar{
		{Name: "engine against the raw pipeline", Num: engine, Den: &limit, Bound: 0.75},
		{Name: "the raw pipeline against a reference", Num: limit, Den: &reference, Bound: 0.9},
	}
}

// restBars are those of what does nothing.
func restBars() []Bar {
	own := figure.Selector{Part: part.Torrents, Client: figure.Warren, Metric: figure.Start}
	other := figure.Selector{Part: part.Torrents, Client: figure.Libtorrent, Metric: figure.Start}
	memory := figure.Selector{Part: part.Torrents, Client: figure.Warren, Metric: figure.Resident}
	bars := []Bar{
		{Name: "start with 10,000 torrents", Num: own, Den: &other, AtMost: true, Bound: 1},
		{Name: "10,000 torrents after 60 s", Num: memory, AtMost: true, Bound: 100},
	}
	for _, want := range []struct {
		torrents string
		most     float64
	}{{"1000", 45}, {"10000", 130}} {
		held := figure.Selector{Part: part.Node, Case: want.torrents, Client: figure.Warren, Metric: figure.Resident}
		listed := held
		listed.Metric = figure.Start
		name := "a node with " + want.torrents + " torrents"
		bars = append(bars,
			Bar{Name: name + " after 60 s", Num: held, AtMost: true, Bound: want.most},
			Bar{Name: name + " lists all", Num: listed, AtMost: true, Bound: 1.5})
	}
	for _, want := range []struct {
		mode string
		heap float64
	}{{figure.TLS, 20}, {figure.Plain, 12}} {
		peer := figure.Selector{Part: part.Idle, Client: figure.Warren, Mode: want.mode}
		kept, tasks := peer, peer
		kept.Metric, tasks.Metric = figure.PeerHeap, figure.PeerTasks
		bars = append(bars,
			Bar{Name: "one more idle peer", Num: kept, AtMost: true, Bound: want.heap},
			Bar{Name: "one more idle peer", Num: tasks, AtMost: true, Bound: 2})
	}
	return bars
}

// handshakeBars are those of what it takes to become a peer over TLS.
func handshakeBars() []Bar {
	var bars []Bar
	for _, look := range []string{figure.AsGo, figure.AsChromium} {
		own := figure.Selector{Part: part.Handshake, Client: figure.Warren, Variant: look, Mode: figure.TLS, Op: "handshake", Metric: figure.MicrosCPU}
		raw := own
		raw.Client = figure.Raw
		bars = append(bars, Bar{Name: "becoming a peer over TLS", Num: own, Den: &raw, AtMost: true, Bound: 1.3})
	}
	find := figure.Selector{Part: part.Handshake, Client: figure.Warren, Op: "lookup", Metric: figure.MicrosCPU}
	return append(bars, Bar{Name: "finding one torrent of 100,000", Num: find, AtMost: true, Bound: 2})
}

// levelBars say that who may join does not cost anything later.
func levelBars() []Bar {
	fig := func(level string) figure.Selector {
		return figure.Selector{Part: part.Levels, Kind: "v1", Client: figure.Warren, Variant: level, Mode: figure.TLS, Metric: figure.Rate}
	}
	basic := fig("basic")
	var bars []Bar
	for _, level := range []string{"strict", "full-strict"} {
		bars = append(bars, Bar{Name: "1 → 1 at each level, v1", Num: fig(level), Den: &basic, Bound: 0.9})
	}
	return bars
}
