//go:build linux

package e2e

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/e2e/internal/clients"
	"github.com/warren-p2p/warren/e2e/internal/lab"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/tracker"
)

// Two of each client, on machines of their own, find each other by our tracker, over
// HTTP and UDP, and one fetches from the other.
func TestTrackerOfClients(t *testing.T) {
	for i, client := range []clients.Client{clients.Libtorrent{}, clients.Transmission{}, clients.QBittorrent{}, clients.Aria2{}} {
		for j, scheme := range []string{"udp", "http"} {
			if !full() && i%2 != j || client.Name() == "aria2" && scheme == "udp" { // which it has with its DHT only
				continue
			}
			t.Run(client.Name()+"/"+scheme, func(t *testing.T) { meetBy(t, client, scheme) })
		}
	}
}

func meetBy(t *testing.T, client clients.Client, scheme string) {
	needClient(t, client)
	t.Parallel()
	l := namespaces(t, lab.New)
	dir, out := t.TempDir(), t.TempDir()
	root := content(t, dir, "the content", map[string]int{"": 2<<20 + 1})
	torrent := filepath.Join(t.TempDir(), "ours.torrent")
	run(t, binary, "torrent", "create", root, "-o", torrent, "--kind", "v1")
	at := l.Near.Host + ":6969"
	args := l.Near.Command(binary, "tracker", "--udp", at, "--http", at, "--json", "--home", t.TempDir())
	start(t, args[0], args[1:]...).event(patience, "ready")
	c := cell{client: client, Source: clients.Source{Kind: "v1"}, layout: "single"}
	ours := &lab.Tracker{URL: scheme + "://" + at + "/announce"}
	c.run(t, l.Near, ours, torrent, dir)
	awaitSeed(t, l.Near, at, parse(t, torrent).Hashes().V1)
	c.run(t, l.Far, ours, torrent, out)
	arrives(t, root, out)
}

// What a node shares names its tracker: with nothing but the torrent file a client finds
// the node by it, and fetches.
func TestNodeIsTracker(t *testing.T) {
	for i, client := range []clients.Client{clients.Libtorrent{}, clients.Transmission{}, clients.QBittorrent{}, clients.Aria2{}} {
		if !full() && i%3 != 0 {
			continue
		}
		kind := "v1"
		if client.Name() == "libtorrent" { // the others take the info-hash of a hybrid for another
			kind = "hybrid"
		}
		t.Run(client.Name(), func(t *testing.T) { fetchByNode(t, client, kind) })
	}
}

func fetchByNode(t *testing.T, client clients.Client, kind string) {
	needClient(t, client)
	t.Parallel()
	l := namespaces(t, lab.New)
	home, out := t.TempDir(), t.TempDir()
	root := content(t, t.TempDir(), "the content", map[string]int{"": 2<<20 + 1})
	torrent := filepath.Join(t.TempDir(), "ours.torrent")
	node := l.Near.Command(binary, "run", "--home", home, "--json", "--management", "127.0.0.1:0", "--no-dht", "--no-lsd", "--no-portmap", "--listen", ":6881")
	start(t, node[0], node[1:]...).event(patience, "reachability") // by an address of its own
	share := l.Near.Command(binary, "share", root, "--kind", kind, "--torrent", torrent, "--home", home, "--json")
	start(t, share[0], share[1:]...).event(patience, "ready")
	made := parse(t, torrent)
	key, err := os.ReadFile(filepath.Join(home, "own-tracker", "tracker-key"))
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"http://" + l.Near.Host + ":6881/" + strings.TrimSpace(string(key)) + "/announce"}}
	if got := made.Trackers(); !slices.EqualFunc(got, want, slices.Equal[[]string]) {
		t.Errorf("it names %q, not %q", got, want)
	}
	c := cell{client: client, Source: clients.Source{Kind: kind}, layout: "single"}
	c.run(t, l.Far, nil, torrent, out)
	arrives(t, root, out)
}

// arrives waits until a client has put a file that is shared into a folder.
func arrives(t *testing.T, shared, folder string) {
	t.Helper()
	want, err := os.Stat(shared)
	if err != nil {
		t.Fatal(err)
	}
	got := filepath.Join(folder, filepath.Base(shared))
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if info, err := os.Stat(got); err == nil && info.Size() == want.Size() {
			break
		}
	}
	settle(t, shared, got)
	same(t, shared, got)
}

// awaitSeed scrapes until a tracker knows a seed.
func awaitSeed(t *testing.T, side *lab.Side, at string, hash [20]byte) {
	t.Helper()
	complete := regexp.MustCompile("8:completei[1-9]") // one of several addresses counts as several
	escaped := strings.ReplaceAll(fmt.Sprintf("% x", hash), " ", "%")
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		c, err := side.Dial(at)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(c, "GET /scrape?info_hash=%%%s HTTP/1.1\r\nConnection: close\r\n\r\n", escaped)
		b, err := io.ReadAll(bufio.NewReader(c))
		c.Close()
		if err != nil {
			t.Fatal(err)
		}
		if complete.Match(b) {
			return
		}
	}
	t.Fatal("the tracker was not told of the seed")
}

// opentracker and ours say the same of the same swarm, to announces and scrapes.
func TestAnswersAsOpentracker(t *testing.T) {
	needOpentracker(t)
	hash := [20]byte{1, 2, 3, 255}
	theirs := "127.0.0.1:" + opentracker(t, hex.EncodeToString(hash[:]))
	ours := "127.0.0.1:" + freePort(t)
	start(t, binary, "tracker", "--udp", ours, "--http", ours, "--json", "--home", t.TempDir()).event(patience, "ready")
	client := tracker.New(tracker.Config{Policy: netpolicy.Direct{}, Clock: clock.System{}})
	defer client.Close()
	for _, scheme := range []string{"http", "udp"} {
		for i, r := range []tracker.Request{
			{Port: 1001, Left: 5, Event: 2}, {Port: 1002, Left: 5, Event: 2}, {Port: 1003, Event: 2}, {Port: 1001, Left: 5},
			{Port: 1001, Event: 1}, {Port: 1002, Left: 5, Event: 3}, {Port: 1003}, {Port: 1004, Left: 1, NumWant: 1},
		} {
			r.InfoHash, r.PeerID = hash, [20]byte([]byte(fmt.Sprintf("-WN0100-%012d", r.Port)))
			if r.NumWant == 0 {
				r.NumWant = 50
			}
			a, b := answered(t, client, scheme+"://"+theirs+"/announce", r), answered(t, client, scheme+"://"+ours+"/announce", r)
			if a != b {
				t.Errorf("%s, announce %d: opentracker says %s and we say %s", scheme, i, a, b)
			}
		}
		for _, at := range []string{theirs, ours} { // all leave
			for port := range uint16(4) {
				answered(t, client, scheme+"://"+at+"/announce", tracker.Request{InfoHash: hash, Port: 1001 + port, Event: 3})
			}
		}
	}
	resp, err := http.Get("http://" + ours + "/stats")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusNotFound {
		t.Errorf("another page: %s", resp.Status)
	}
}

// answered is what a tracker answers to an announce, and to a scrape after it. Who
// asks may be told of itself: opentracker does that. Of a seed's peers only those
// count that want something: opentracker tells it of all.
func answered(t *testing.T, c *tracker.Client, at string, r tracker.Request) string {
	t.Helper()
	target := tracker.Target{URL: at, Typed: true}
	got, err := c.Announce(t.Context(), target, r)
	if err != nil {
		t.Fatal(err)
	}
	peers := slices.DeleteFunc(got.Peers, func(p netip.AddrPort) bool { return p.Port() == r.Port })
	if r.Left == 0 || r.NumWant == 1 {
		peers = nil
	}
	slices.SortFunc(peers, netip.AddrPort.Compare)
	totals, err := c.Scrape(t.Context(), target, r.InfoHash)
	if err != nil {
		t.Fatal(err)
	}
	if r.Event == 3 {
		return fmt.Sprint(totals[r.InfoHash].Seeders, totals[r.InfoHash].Leechers)
	}
	return fmt.Sprint(got.Seeders, got.Leechers, peers, totals[r.InfoHash].Seeders, totals[r.InfoHash].Leechers)
}
