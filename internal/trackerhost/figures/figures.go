// Package figures shows what a tracker does: to Prometheus, and on a page to people,
// which needs no JavaScript. It names no peer and no torrent.
package figures

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/warren-p2p/warren/internal/trackerhost"
	"github.com/warren-p2p/warren/tracker/server"
	"github.com/warren-p2p/warren/tracker/server/peerstore"
)

// Source is a tracker that runs.
type Source interface {
	Stats() server.Stats
	Count(ctx context.Context) (peerstore.Count, error)
	History() []trackerhost.Point
	Began() time.Time
}

// Collector gives the figures of a tracker to Prometheus.
func Collector(s Source) prometheus.Collector { return collector{s} }

type collector struct{ source Source }

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("warren_tracker_"+name, help, labels, nil)
}

// Describe says nothing: what is collected describes itself.
func (collector) Describe(chan<- *prometheus.Desc) {}

// Collect sends the figures.
func (c collector) Collect(out chan<- prometheus.Metric) {
	s := c.source.Stats()
	count := func(d *prometheus.Desc, n uint64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(n), labels...)
	}
	announces := desc("announces_total", "Announces that could be read.", "over")
	count(announces, s.AnnouncesHTTP, "http")
	count(announces, s.AnnouncesUDP, "udp")
	scrapes := desc("scrapes_total", "Scrapes that could be read.", "over")
	count(scrapes, s.ScrapesHTTP, "http")
	count(scrapes, s.ScrapesUDP, "udp")
	count(desc("connects_total", "Connection ids given over UDP."), s.Connects)
	count(desc("ignored_total", "Datagrams that could not be requests, or showed no connection id."), s.Ignored)
	refused := desc("refused_total", "Requests that were refused.", "why")
	for why, n := range map[string]uint64{
		"malformed": s.Malformed, "throttled": s.Throttled, "pass key": s.Strangers,
		"not listed": s.Unlisted, "full": s.Full, "store": s.Failed,
	} {
		count(refused, n, why)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	n, err := c.source.Count(ctx)
	if err != nil {
		return // the counter of failures of the store tells
	}
	gauge := func(d *prometheus.Desc, n int, labels ...string) {
		if n >= 0 {
			out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(n), labels...)
		}
	}
	gauge(desc("swarms", "Swarms with peers."), n.Swarms)
	peers := desc("peers", "Peers that are known.", "family")
	gauge(peers, n.Peers4, "ipv4")
	gauge(peers, n.Peers6, "ipv6")
}

// Handler serves the page at / and the figures at /metrics.
func Handler(s Source) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(Collector(s))
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { page(w, r, s) })
	return mux
}

// Chart is a figure over time, as an SVG of 600 by 100 with a line through it.
type Chart struct {
	Title, Last, Most string
	Line              string // points of an SVG polyline
}

// Charts draws the history of a tracker: swarms, peers, announces a second, refused
// requests a second.
func Charts(history []trackerhost.Point) []Chart {
	perSecond := func(n uint64) float64 { return float64(n) / 60 }
	return []Chart{
		chart("Swarms", history, func(p trackerhost.Point) float64 { return float64(p.Swarms) }),
		chart("Peers", history, func(p trackerhost.Point) float64 { return max(float64(p.Peers), 0) }),
		chart("Announces a second", history, func(p trackerhost.Point) float64 { return perSecond(p.Announces) }),
		chart("Refused a second", history, func(p trackerhost.Point) float64 { return perSecond(p.Refused) }),
	}
}

func chart(title string, history []trackerhost.Point, of func(trackerhost.Point) float64) Chart {
	most := 0.0
	for _, p := range history {
		most = max(most, of(p))
	}
	c := Chart{Title: title, Most: number(most), Last: "–"}
	var line strings.Builder
	for i, p := range history {
		x, y := 600.0, 100.0
		if len(history) > 1 {
			x = 600 * float64(i) / float64(len(history)-1)
		}
		if most > 0 {
			y = 100 - 98*of(p)/most
		}
		fmt.Fprintf(&line, "%.1f,%.1f ", x, y)
		c.Last = number(of(p))
	}
	c.Line = strings.TrimSpace(line.String())
	return c
}

func number(n float64) string {
	if n >= 100 || n == float64(int64(n)) {
		return fmt.Sprintf("%.0f", n)
	}
	return fmt.Sprintf("%.2f", n)
}

// shown is what the page shows.
type shown struct {
	server.Stats
	peerstore.Count
	Began   time.Time
	Minutes int
	Charts  []Chart
}

func page(w http.ResponseWriter, r *http.Request, s Source) {
	n, err := s.Count(r.Context())
	if err != nil {
		http.Error(w, "the store of the tracker does not answer", http.StatusServiceUnavailable)
		return
	}
	history := s.History()
	var b bytes.Buffer
	if err := layout().Execute(&b, shown{s.Stats(), n, s.Began().UTC(), len(history), Charts(history)}); err != nil {
		http.Error(w, "the page cannot be made", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	_, _ = w.Write(b.Bytes())
}

// layout is the page.
func layout() *template.Template {
	return template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="refresh" content="60"><title>Tracker</title>
<style>
:root{color-scheme:light dark;--ground:#fff;--text:#1d1f1e;--line:#dcdfdd;--dim:#5f6662;--accent:#22644a;--soft:#eef4f0}
@media(prefers-color-scheme:dark){:root{--ground:#151817;--text:#e4e7e5;--line:#333a37;--dim:#a0a8a3;--accent:#83cba8;--soft:#1e2623}}
body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:0 auto;padding:1rem 1.25rem 3rem;color:var(--text);background:var(--ground)}
h1{font-size:1.5rem;margin:1rem 0 .5rem}h2{font-size:1rem;margin:1.75rem 0 .4rem;font-weight:400}h2 b{font-weight:600}h2 span,p{color:var(--dim)}
svg{display:block;width:100%;height:6rem;background:var(--soft);border-radius:.35rem .35rem 0 0;border-bottom:1px solid var(--dim)}
polyline{fill:none;stroke:var(--accent);stroke-width:1.75;vector-effect:non-scaling-stroke;stroke-linejoin:round}polygon{fill:var(--accent);opacity:.13}
table{border-collapse:collapse;width:100%}td{padding:.3rem 0;border-bottom:1px solid var(--line)}td+td{text-align:right;font-variant-numeric:tabular-nums}
</style></head><body>
<h1>Tracker</h1>
<p>Since {{.Began.Format "2 January 2006 15:04"}} UTC. {{if gt .Minutes 1}}The charts show the last {{.Minutes}} minutes.{{else}}Charts come after the first two minutes.{{end}}</p>
{{if gt .Minutes 1}}{{range .Charts}}<h2>{{.Title}} <b>{{.Last}}</b> <span>at most {{.Most}}</span></h2>
<svg viewBox="0 0 600 100" preserveAspectRatio="none" role="img" aria-label="{{.Title}}, now {{.Last}}"><polygon points="0,100 {{.Line}} 600,100"/><polyline points="{{.Line}}"/></svg>
{{end}}{{end}}<h2>Now and since the start</h2>
<table>
<tr><td>Swarms</td><td>{{.Swarms}}</td></tr>
{{if ge .Peers4 0}}<tr><td>Peers over IPv4</td><td>{{.Peers4}}</td></tr>
<tr><td>Peers over IPv6</td><td>{{.Peers6}}</td></tr>
{{end}}<tr><td>Announces over HTTP</td><td>{{.AnnouncesHTTP}}</td></tr>
<tr><td>Announces over UDP</td><td>{{.AnnouncesUDP}}</td></tr>
<tr><td>Scrapes over HTTP</td><td>{{.ScrapesHTTP}}</td></tr>
<tr><td>Scrapes over UDP</td><td>{{.ScrapesUDP}}</td></tr>
<tr><td>Connection ids given</td><td>{{.Connects}}</td></tr>
<tr><td>Datagrams not answered, or without an id</td><td>{{.Ignored}}</td></tr>
<tr><td>Refused: malformed</td><td>{{.Malformed}}</td></tr>
<tr><td>Refused: too many from one address</td><td>{{.Throttled}}</td></tr>
<tr><td>Refused: pass key of nobody</td><td>{{.Strangers}}</td></tr>
<tr><td>Refused: not listed</td><td>{{.Unlisted}}</td></tr>
<tr><td>Refused: full</td><td>{{.Full}}</td></tr>
<tr><td>Failed: store</td><td>{{.Failed}}</td></tr>
</table></body></html>
`))
}
