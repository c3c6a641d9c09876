package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/warren-p2p/warren/tracker/server"
)

// tracker collects what a tracker has done.
type tracker struct {
	of *server.Tracker
	m  trackerMetrics
}

type trackerMetrics struct {
	announces, scrapes, refused  *prometheus.Desc
	connects, ignored, malformed *prometheus.Desc
}

func describeTracker() trackerMetrics {
	d := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("warren_tracker_"+name, help, labels, nil)
	}
	return trackerMetrics{
		announces: d("announces_total", "Announces that could be read.", "front"),
		scrapes:   d("scrapes_total", "Scrapes that could be read.", "front"),
		refused:   d("refused_total", "Requests that were refused, by the reason.", "reason"),
		connects:  d("connects_total", "Connection ids given over UDP (BEP 15)."),
		ignored:   d("ignored_total", "Datagrams that were not answered."),
		malformed: d("malformed_total", "Requests that cannot be meant."),
	}
}

// Describe implements prometheus.Collector.
func (t *tracker) Describe(to chan<- *prometheus.Desc) { prometheus.DescribeByCollect(t, to) }

// Collect implements prometheus.Collector.
func (t *tracker) Collect(to chan<- prometheus.Metric) {
	count := func(d *prometheus.Desc, v uint64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(v), labels...)
	}
	s := t.of.Stats()
	count(t.m.announces, s.AnnouncesHTTP, "http")
	count(t.m.announces, s.AnnouncesUDP, "udp")
	count(t.m.scrapes, s.ScrapesHTTP, "http")
	count(t.m.scrapes, s.ScrapesUDP, "udp")
	count(t.m.refused, s.Throttled, "throttled")
	count(t.m.refused, s.Strangers, "stranger")
	count(t.m.refused, s.Unlisted, "unlisted")
	count(t.m.refused, s.Full, "full")
	count(t.m.refused, s.Failed, "failed")
	count(t.m.connects, s.Connects)
	count(t.m.ignored, s.Ignored)
	count(t.m.malformed, s.Malformed)
}
