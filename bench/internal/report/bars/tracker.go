package bars

import (
	"github.com/warren-p2p/warren/bench/internal/report/figure"
	"github.com/warren-p2p/warren/bench/internal/report/part"
)

// MaxMillion is what a million peers over IPv4 may take in a tracker, in MB.
const MaxMillion = 32

// trackerBars are those of a tracker with a million peers.
func trackerBars() []Bar {
	fig := func(client, op string) figure.Selector {
		return figure.Selector{Part: part.Tracker, Client: client, Op: op, Metric: figure.PerCPU}
	}
	memory := figure.Selector{Part: part.Tracker, Client: figure.Warren, Op: "fill", Metric: figure.Resident}
	open, openHTTP, chihayaHTTP := fig(figure.Opentracker, "UDP"), fig(figure.Opentracker, "HTTP"), fig(figure.Chihaya, "HTTP")
	const name = "tracker with 1,000,000 peers"
	return []Bar{
		{Name: name, Num: fig(figure.Warren, "UDP"), Den: &open, Bound: 1.0},
		{Name: name, Num: fig(figure.Warren, "HTTP"), Den: &openHTTP, Bound: 0.6},
		{Name: name, Num: fig(figure.Warren, "HTTP"), Den: &chihayaHTTP, Bound: 2.0},
		{Name: name, Num: memory, AtMost: true, Bound: MaxMillion},
	}
}
