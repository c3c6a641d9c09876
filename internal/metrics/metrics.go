// Package metrics tells Prometheus how a node stands: GET /metrics.
//
// Nothing is counted here. What the parts of the node know anyway is read when it is
// asked for, into a registry of this node alone, so that two nodes in one process
// share nothing. No label carries a torrent, an address or a person.
package metrics

import (
	"log/slog"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/trackerhost/figures"
	"github.com/warren-p2p/warren/swarm"
	"github.com/warren-p2p/warren/swarm/reachability"
)

// Config is what is read. What is nil is not told of.
type Config struct {
	Version      string
	Library      *library.Library
	DHT          func() (swarm.DHTStatus, bool)
	Reachability func() reachability.Report
	Tracker      figures.Source
	Log          *slog.Logger
}

// New returns what answers Prometheus.
func New(cfg Config) http.Handler {
	r := prometheus.NewRegistry()
	r.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		&node{cfg: cfg, m: describe()},
	)
	if cfg.Tracker != nil {
		r.MustRegister(figures.Collector(cfg.Tracker))
	}
	return promhttp.HandlerFor(r, promhttp.HandlerOpts{
		ErrorLog: slog.NewLogLogger(cfg.Log.Handler(), slog.LevelWarn), MaxRequestsInFlight: 4,
	})
}

// node collects what is known of a node.
type node struct {
	cfg Config
	m   metrics
}

// metrics are what is told of a node.
type metrics struct {
	build, torrents, peers                 *prometheus.Desc
	sent, received, everSent, everReceived *prometheus.Desc
	upRate, downRate, size, left           *prometheus.Desc
	dht, reachable                         *prometheus.Desc
}

func describe() metrics {
	d := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("warren_"+name, help, labels, nil)
	}
	return metrics{
		build:        d("build_info", "1, for the version that runs.", "version"),
		torrents:     d("torrents", "Torrents by what they do.", "state"),
		peers:        d("peers", "Peers that torrents are connected with."),
		sent:         d("sent_bytes_total", "Content sent since the node was started."),
		received:     d("received_bytes_total", "Content received since the node was started."),
		everSent:     d("torrents_sent_bytes", "Content sent in the whole life of the torrents that are there."),
		everReceived: d("torrents_received_bytes", "Content received in the whole life of the torrents that are there."),
		upRate:       d("upload_bytes_per_second", "How fast content is sent."),
		downRate:     d("download_bytes_per_second", "How fast content is received."),
		size:         d("content_bytes", "Content of all torrents."),
		left:         d("missing_bytes", "Wanted content that is missing."),
		dht:          d("dht_nodes", "Other nodes of the DHT that are known."),
		reachable:    d("reachable", "Whether others can connect: 0 unknown, 1 unproven, 2 probably, 3 yes.", "family"),
	}
}

// Describe implements prometheus.Collector.
func (n *node) Describe(to chan<- *prometheus.Desc) { prometheus.DescribeByCollect(n, to) }

// Collect implements prometheus.Collector.
func (n *node) Collect(to chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	count := func(d *prometheus.Desc, v int64) {
		to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(v))
	}
	gauge(n.m.build, 1, n.cfg.Version)
	if n.cfg.Library != nil {
		n.cfg.Library.Refresh()
		t := n.cfg.Library.Totals()
		for _, s := range states() {
			gauge(n.m.torrents, float64(t.States[s]), s.String())
		}
		gauge(n.m.peers, float64(t.Peers))
		count(n.m.sent, t.Sent)
		count(n.m.received, t.Received)
		gauge(n.m.everSent, float64(t.EverSent))
		gauge(n.m.everReceived, float64(t.EverReceived))
		gauge(n.m.upRate, float64(t.UpRate))
		gauge(n.m.downRate, float64(t.DownRate))
		gauge(n.m.size, float64(t.Size))
		gauge(n.m.left, float64(t.Left))
	}
	if n.cfg.DHT != nil {
		if s, ok := n.cfg.DHT(); ok {
			gauge(n.m.dht, float64(s.Nodes))
		}
	}
	if n.cfg.Reachability != nil {
		r := n.cfg.Reachability()
		gauge(n.m.reachable, float64(r.IPv4.State), "ipv4")
		gauge(n.m.reachable, float64(r.IPv6.State), "ipv6")
	}
}

// states returns all that a torrent can do, so that what none does is told as 0.
func states() []swarm.State {
	return []swarm.State{
		swarm.StateStarting, swarm.StateChecking, swarm.StateDownloading, swarm.StateSeeding, swarm.StatePaused,
		swarm.StateWaiting, swarm.StateFailed, swarm.StateMetadata, swarm.StateQueued,
	}
}
