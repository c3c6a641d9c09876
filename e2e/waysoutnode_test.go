//go:build linux

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/warren-p2p/warren/e2e/internal/lab"
)

// errands are what a node sends packets for by itself, and filters (pcap-filter(7))
// that find those.
var errands = map[string]string{
	"names":                "udp port 53",
	"peers over TCP":       "tcp port 7000",
	"peers over uTP":       "udp port 7002",
	"a tracker over HTTP":  "tcp port 8001",
	"a tracker over UDP":   "udp port 6969",
	"the DHT":              "udp port 6881",
	"the local network":    "dst host 239.192.152.143 and udp port 6771",
	"the router":           "udp port 5351 or udp dst port 1900",
	"a web seed":           "tcp port 8002",
	"a feed":               "tcp port 8003",
	"a block list":         "tcp port 8004",
	"a hook":               "tcp port 8005",
	"a certificate":        "tcp port 8006",
	"a torrent of the web": "tcp port 8007",
}

// village is the web that a node of a fork uses: one server a purpose, which remembers
// who came.
type village struct {
	dir string // content

	mu    sync.Mutex
	heard map[string][]string // who asked for a path, in order
}

// newVillage starts its servers.
func newVillage(t *testing.T, f *fork) *village {
	t.Helper()
	v := &village{dir: f.dir, heard: map[string][]string{}}
	s := &http.Server{Handler: v}
	t.Cleanup(func() { _ = s.Close() })
	for port := 8001; port <= 8008; port++ {
		if port == 8006 {
			continue // who asks there for a certificate hears nothing
		}
		l, err := f.Far.Listen(fmt.Sprintf("%s:%d", f.Far.Host, port))
		if err != nil {
			t.Fatal(err)
		}
		go func() { _ = s.Serve(l) }() // ends with the server
	}
	return v
}

// ServeHTTP implements http.Handler.
func (v *village) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	v.mu.Lock()
	v.heard[r.URL.Path] = append(v.heard[r.URL.Path], r.RemoteAddr)
	v.mu.Unlock()
	switch name := filepath.Base(r.URL.Path); name {
	case "announce":
		_, _ = io.WriteString(w, "d8:intervali5e5:peers0:e")
	case "holiday.bin", "other.torrent":
		f, err := os.Open(filepath.Join(v.dir, name))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		defer f.Close()
		http.ServeContent(slow{w, r.Context()}, r, name, time.Time{}, f)
	case "list":
		_, _ = io.WriteString(w, "203.0.113.9\n")
	case "feed":
		_, _ = io.WriteString(w, `<rss version="2.0"><channel><title>News</title><item><title>Nothing</title><guid>1</guid></item></channel></rss>`)
	}
}

// count returns how often a path was asked for.
func (v *village) count(path string) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.heard[path])
}

// strangers returns who asked and has not this address.
func (v *village) strangers(host string) (list []string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for path, from := range v.heard {
		for _, addr := range from {
			if h, _, _ := net.SplitHostPort(addr); h != host {
				list = append(list, path+" from "+addr)
			}
		}
	}
	return list
}

// slow sends 50 kB a second, so that others have something to do as well.
type slow struct {
	http.ResponseWriter
	ctx context.Context
}

// Write implements io.Writer.
func (s slow) Write(b []byte) (n int, err error) {
	for part := range chunks(b, 5000) {
		select {
		case <-time.After(100 * time.Millisecond):
		case <-s.ctx.Done():
			return n, s.ctx.Err()
		}
		k, err := s.ResponseWriter.Write(part)
		if n += k; err != nil {
			return n, err
		}
	}
	return n, nil
}

func chunks(b []byte, size int) func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for len(b) > 0 {
			n := min(size, len(b))
			if !yield(b[:n]) {
				return
			}
			b = b[n:]
		}
	}
}

// tenant is a node on the near machine of a fork, and whoever manages it there.
type tenant struct {
	*process
	f          *fork
	api, token string
	web        *http.Client
}

// live starts a node that uses all there is.
func live(t *testing.T, f *fork, args ...string) *tenant {
	t.Helper()
	home := t.TempDir()
	config := fmt.Appendf(nil, "[peers]\nblock = [%q]\n", "http://lists.example:8004/list") // which may be changed, unlike a flag
	if err := os.WriteFile(filepath.Join(home, "config.toml"), config, 0o600); err != nil {
		t.Fatal(err)
	}
	line := f.Near.Command(append([]string{
		binary, "run", "--home", home, "--json", "--listen", ":7001", "--management", "127.0.0.1:0", "--limit-down", "300kB",
		"--set", "peers.dht=true", "--set", "peers.portmap=true", "--set", "peers.dht-nodes=dht.example:6881",
		"--set", "network.name-servers=" + f.Far.Host, "--set", "hooks.url=http://hook.example:8005/hook",
		"--set", "looks.name=node.example", "--set", "looks.acme=https://acme.example:8006/directory",
	}, args...)...)
	n := &tenant{process: start(t, line[0], line[1:]...), f: f}
	n.web = &http.Client{Transport: &http.Transport{DialContext: func(_ context.Context, _, addr string) (net.Conn, error) { return f.Near.Dial(addr) }}}
	var ready struct{ Event, API string }
	n.line(patience, func(l string) bool { return json.Unmarshal([]byte(l), &ready) == nil && ready.Event == "ready" })
	token, err := os.ReadFile(filepath.Join(home, "management-token"))
	if err != nil {
		t.Fatal(err)
	}
	n.api, n.token = ready.API, strings.TrimSpace(string(token))
	t.Cleanup(n.web.CloseIdleConnections)
	return n
}

// ask makes a request that must succeed.
func (n *tenant) ask(method, path, kind string, body []byte) []byte {
	n.t.Helper()
	q, err := http.NewRequestWithContext(n.t.Context(), method, n.api+path, bytes.NewReader(body))
	if err != nil {
		n.t.Fatal(err)
	}
	q.Header.Set("Content-Type", kind)
	if strings.HasPrefix(path, "/api/v1/") {
		q.Header.Set("Authorization", "Bearer "+n.token)
	}
	a, err := n.web.Do(q)
	if err != nil {
		n.t.Fatal(err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil || a.StatusCode/100 != 2 {
		n.t.Fatalf("%s %s: %s, %v: %s", method, path, a.Status, err, b)
	}
	return b
}

// tell makes a request of the node's own API and reads the answer into to.
func (n *tenant) tell(method, path string, body, to any) {
	n.t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		n.t.Fatal(err)
	}
	if b = n.ask(method, "/api/v1"+path, "application/json", b); to != nil {
		if err := json.Unmarshal(b, to); err != nil {
			n.t.Fatal(err)
		}
	}
}

// follow has the node read a feed.
func (n *tenant) follow(feed, name string) {
	n.t.Helper()
	n.ask("POST", "/api/v2/rss/addFeed", "application/x-www-form-urlencoded", []byte(url.Values{"url": {feed}, "path": {name}}.Encode()))
}

// read has the node read a feed at once.
func (n *tenant) read(name string) {
	n.t.Helper()
	n.ask("POST", "/api/v2/rss/refreshItem", "application/x-www-form-urlencoded", []byte(url.Values{"itemPath": {name}}.Encode()))
}

// until waits until something is so.
func (n *tenant) until(what string, is func() bool) {
	n.t.Helper()
	for deadline := time.Now().Add(2 * patience); !is(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			n.t.Fatalf("%s: it is not so", what)
		}
	}
}

// standing is how a torrent stands.
type standing struct{ Done, Size int64 }

func (n *tenant) standing(key string) (s standing) {
	n.t.Helper()
	n.tell("GET", "/torrents/"+key, nil, &s)
	return s
}

// peers returns the addresses of those with whom a torrent is connected.
func (n *tenant) peers(key string) string {
	n.t.Helper()
	var list struct {
		Peers []struct{ Address, Over string }
	}
	n.tell("GET", "/torrents/"+key+"/peers", nil, &list)
	return fmt.Sprint(list.Peers)
}

// begin gives the node a torrent that uses all there is, and what else it does by
// itself. It returns the key of the torrent.
func (n *tenant) begin() string {
	n.t.Helper()
	file, err := os.ReadFile(n.f.torrent)
	if err != nil {
		n.t.Fatal(err)
	}
	var added struct{ Key string }
	n.tell("POST", "/torrents", map[string]any{
		"file": file, "trackers": []string{"http://tracker.example:8001/announce"}, "peers": []string{n.f.seed, n.f.Far.Host + ":7002"},
	}, &added)
	n.follow("http://feeds.example:8003/feed", "now")
	n.tell("POST", "/torrents", map[string]any{
		"url": "http://web.example:8007/other.torrent", "trackers": []string{"udp://udp.example:6969/announce"},
	}, nil)
	return added.Key
}

// provoke has the node do what would send something.
func (n *tenant) provoke(key string) {
	n.t.Helper()
	n.tell("POST", "/torrents/"+key+"/reannounce", nil, nil)
	n.tell("POST", "/torrents/"+key+"/peers", map[string]any{"peers": []string{n.f.seed, n.f.Far.Host + ":7009"}}, nil)
	n.tell("POST", "/torrents", map[string]any{
		"magnet": "magnet:?xt=urn:btih:" + strings.Repeat("ab", 20), "trackers": []string{"http://later.example:8008/later/announce"},
	}, nil)
	n.follow("http://feeds.example:8003/later/feed", "later")
	n.tell("PATCH", "/settings", map[string]any{"peers.block": []string{"http://lists.example:8004/later/list"}}, nil)
}

// newStreet is a fork with what a node can use at its end: a seed over TCP, one over uTP,
// and a village.
func newStreet(t *testing.T) (*fork, *village) {
	t.Helper()
	f := newFork(t)
	utp := warrenOn(t, f.Far, "share", f.torrent, "--dir", f.dir, "--listen", f.Far.Host+":7002", "--utp", "only", "--limit-up", "1MB", "--no-lsd")
	utp.event(patience, "ready")
	run(t, binary, "torrent", "edit", f.torrent, "--web-seed", "http://seeds.example:8002/holiday.bin", "-o", f.torrent)
	run(t, binary, "torrent", "create", content(t, f.dir, "other.bin", map[string]int{"": 1000}), "-o", filepath.Join(f.dir, "other.torrent"))
	return f, newVillage(t, f)
}

// use has a node do all that a node does, until its torrent is under way by each way.
func (n *tenant) use(v *village) (key string) {
	n.t.Helper()
	key = n.begin()
	n.until("the torrent is under way", func() bool {
		p := n.peers(key)
		return n.standing(key).Done > 1_000_000 && strings.Contains(p, n.f.seed) && strings.Contains(p, ":7002")
	})
	for _, path := range []string{"/announce", "/holiday.bin", "/feed", "/list", "/hook", "/other.torrent"} {
		n.until(path+" is asked for", func() bool { return v.count(path) > 0 })
	}
	return key
}

// finish waits until the torrent is complete, and ends the node.
func (n *tenant) finish(key string) {
	n.t.Helper()
	n.until("the torrent is complete", func() bool { s := n.standing(key); return s.Done == s.Size })
	if err := n.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		n.t.Fatal(err)
	}
	<-n.done
	n.f.stop()
}

// A node that is bound to an interface sends nothing by another one, whatever it is
// that it does. While the interface is away it stops, also with what it is told to do
// meanwhile; when it is back all of that goes on by itself.
func TestNodeOnInterface(t *testing.T) {
	t.Parallel()
	f, v := newStreet(t)
	f.record()
	n := live(t, f, "--set", "network.interface="+lab.VPN)
	key := n.use(v)
	if err := f.Cut(t.Context()); err != nil {
		t.Fatal(err)
	}
	n.until("no peer is left", func() bool { return n.peers(key) == "[]" })
	n.provoke(key)
	stopped := n.standing(key)
	time.Sleep(5 * time.Second) // in which it would try
	if now := n.standing(key); now != stopped || now.Done == now.Size {
		t.Errorf("while the interface was away, %+v became %+v", stopped, now)
	}
	if n.peers(key) != "[]" {
		t.Errorf("while the interface was away there are peers: %s", n.peers(key))
	}
	if err := f.Mend(t.Context()); err != nil {
		t.Fatal(err)
	}
	n.until("the torrent goes on", func() bool { return n.standing(key).Done > stopped.Done })
	n.read("later")
	for _, path := range []string{"/later/announce", "/later/feed"} { // the list has its turn within a minute
		n.until(path+" is asked for", func() bool { return v.count(path) > 0 })
	}
	n.finish(key)
	if list := v.strangers(f.Tunnel); list != nil {
		t.Errorf("from another address than that of the interface came %v", list)
	}
	if p := f.packets(f.home, "ip or ip6", notKernel); p != "" {
		t.Errorf("by the other interface went:\n%s", p)
	}
	for what, filter := range errands {
		if f.packets(f.vpn, "ip or ip6", filter) == "" {
			t.Errorf("by the interface went nothing of %s", what)
		}
	}
}

// A node that is not bound sends all of that by the other interface: the test above
// looks where it has to.
func TestNodeOnNoInterface(t *testing.T) {
	t.Parallel()
	f, v := newStreet(t)
	f.record()
	n := live(t, f)
	n.finish(n.use(v))
	for what, filter := range errands {
		if f.packets(f.home, "ip or ip6", filter) == "" {
			t.Errorf("by the other interface went nothing of %s", what)
		}
	}
}
