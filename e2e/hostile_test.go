//go:build linux

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/warren-p2p/warren/e2e/internal/hostile"
	"github.com/warren-p2p/warren/metainfo"
)

// What an honest peer fetches of an honest seed while somebody else is there, and
// how fast the seed sends: slowly, so that all rows run at once and the machine
// is not what is measured. It takes longer than an offender may.
const (
	bootySize = 44 << 20
	bootyRate = "1MB"
)

// What has to hold in each row: the share of its rate that an honest peer keeps,
// how much memory a process may use beyond that of the same run without the
// offender (what a session has for pieces, swarm.Config.Budget), and after what
// time the offender is out.
const (
	keptRate = 0.8
	moreRSS  = 32 << 20
	outAfter = 30 * time.Second
)

// offender keeps a record of when it was let in.
type offender interface {
	First() time.Time
	Between(from, to time.Time) int
	Most() (most, all int)
}

// menace is a row: somebody hostile beside an honest seed and an honest peer that
// fetches.
type menace struct {
	name string
	// peer calls those that it is told to.
	peer      *hostile.Peer
	seed, get bool
	// early is set for a peer that is there before the honest one comes; it calls
	// from a hundred addresses of two networks.
	early bool
	// serve starts what the honest peer is sent to by the flags that are returned.
	serve func(t *testing.T) (o offender, flags []string)
	// most is how many visits there may be at a time, if that is bounded.
	most int
	// late is how many there may be when it should be out: a tracker is asked again
	// some time, for it may have come to its senses.
	late int
}

// menaces are the list.
func menaces() []menace {
	wire := func(act func(*hostile.Wire)) *hostile.Peer { return &hostile.Peer{Act: act} }
	return []menace{
		{name: "sends wrong blocks", peer: wire(hostile.Lie), get: true},
		{name: "sends wrong lengths", peer: wire(hostile.Garble), seed: true, get: true},
		{name: "floods with requests", peer: wire(hostile.Flood), seed: true},
		{name: "floods with requests while choked", peer: wire(hostile.FloodChoked), seed: true, get: true},
		{name: "sends a giant bitfield", peer: wire(hostile.Inflate), seed: true, get: true},
		{name: "never reads", peer: wire(hostile.NeverRead), seed: true},
		{name: "resets in the middle of a piece", peer: wire(hostile.HangUp), get: true},
		{name: "claims and never delivers", peer: wire(hostile.Withhold), get: true},
		{name: "claims, never delivers and chokes", peer: wire(hostile.WithholdAndChoke), get: true},
		{name: "says nothing", peer: wire(hostile.Hush), seed: true, get: true},
		{name: "calls 500 times from one address", peer: &hostile.Peer{Act: hostile.Hush, At: 250}, seed: true, get: true, most: 10},
		{name: "calls 500 times and does not even say hello", peer: &hostile.Peer{At: 500}, seed: true, early: true},
		{name: "floods with peers", peer: wire(hostile.Gossip), seed: true, get: true},
		{name: "tracker that answers garbage", serve: trackerThat(hostile.Garbage), late: 1},
		{name: "tracker that answers gigabytes", serve: trackerThat(hostile.Endless), late: 1},
		{name: "tracker that knows a million peers", serve: trackerThat(hostile.Peers(1_000_000)), late: 1},
		{name: "tracker that knows as many as it may", serve: trackerThat(hostile.Peers(150_000)), late: 1},
		{name: "tracker that redirects to loopback", serve: redirected, late: 1},
		{name: "node that answers nonsense", serve: babbled},
		{name: "web seed that sends other bytes", serve: webSeedThat(hostile.OtherBytes(bootySize))},
		{name: "web seed that never ends", serve: webSeedThat(hostile.NeverEnding(bootySize))},
	}
}

// answerer answers a request over HTTP.
type answerer = func(http.ResponseWriter, *http.Request)

func serve(t *testing.T, answer answerer) *hostile.Server {
	t.Helper()
	s, err := hostile.Serve(answer)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func trackerThat(answer answerer) func(*testing.T) (offender, []string) {
	return func(t *testing.T) (offender, []string) {
		s := serve(t, answer)
		return s, []string{"--tracker", s.URL + "announce"}
	}
}

func webSeedThat(answer answerer) func(*testing.T) (offender, []string) {
	return func(t *testing.T) (offender, []string) {
		s := serve(t, answer)
		return s, []string{"--web-seed", s.URL + "file.bin"}
	}
}

// redirected is a tracker that sends those who ask to another server here, which
// nobody may come to.
func redirected(t *testing.T) (offender, []string) {
	victim := serve(t, hostile.Garbage)
	t.Cleanup(func() {
		if _, n := victim.Most(); n != 0 {
			t.Errorf("a redirect led to this machine %d times", n)
		}
	})
	return trackerThat(hostile.Elsewhere(victim.URL + "announce"))(t)
}

func babbled(t *testing.T) (offender, []string) {
	n, err := hostile.Babble()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Close)
	return n, []string{"--no-dht=false", "--dht-node", n.Addr}
}

// round is a row that is played.
type round struct {
	menace
	offender  offender
	share     *process
	fetch     *process
	at        [2]string // where they listen
	out       string
	began     time.Time
	took      time.Duration // until everything was there; 0 as long as it is not
	shareRSS  int64
	fetchRSS  int64
	heardLast event
}

// The list of what a node must survive: beside each of these an honest peer keeps
// its rate, memory stays within the budget, and the offender is out in time and
// not let in again at once.
func TestMustSurvive(t *testing.T) {
	dir := t.TempDir()
	root := content(t, dir, "booty.bin", map[string]int{"": bootySize})
	torrent := filepath.Join(dir, "t.torrent")
	run(t, binary, "torrent", "create", root, "-o", torrent, "--kind", "v1", "--piece-length", "262144")
	m := torrentOf(t, torrent)

	rounds := []*round{{}} // the first one without anybody
	for _, row := range menaces() {
		rounds = append(rounds, &round{menace: row})
	}
	for _, r := range rounds {
		r.share, r.at[0] = share(t, torrent, dir, "--limit-up", bootyRate, "--no-lsd", "--no-trackers")
	}
	ctx, cancel := context.WithCancel(t.Context())
	var haunting sync.WaitGroup
	defer haunting.Wait()
	defer cancel()
	for i, r := range rounds {
		r.settle(i, m)
		if r.early {
			haunting.Go(func() { r.haunt(ctx) })
		}
	}
	time.Sleep(2 * time.Second) // for those who are early
	for i, r := range rounds {
		r.begin(t, torrent, filepath.Join(dir, fmt.Sprint("out", i)))
		if r.peer != nil && !r.early {
			haunting.Go(func() { r.haunt(ctx) })
		}
	}
	await(t, rounds)
	cancel()
	haunting.Wait()
	t.Logf("without anybody: %v; the seed uses %d MiB, the other %d MiB",
		rounds[0].took.Round(time.Millisecond), rounds[0].shareRSS>>20, rounds[0].fetchRSS>>20)
	for _, r := range rounds[1:] {
		t.Run(r.name, func(t *testing.T) { r.judge(t, rounds[0]) })
	}
	for _, r := range rounds {
		same(t, root, filepath.Join(r.out, "booty.bin"))
	}
}

// settle gives the hostile peer addresses that no other round has.
func (r *round) settle(i int, m *metainfo.Torrent) {
	if r.peer == nil {
		return
	}
	r.peer.Torrent = m
	if !r.early {
		r.peer.From = []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 1, byte(i)})}
		return
	}
	for host := range byte(50) {
		for network := range byte(2) {
			r.peer.From = append(r.peer.From, netip.AddrFrom4([4]byte{127, 2 + network, byte(i), host}))
		}
	}
}

// begin starts the honest peer that fetches.
func (r *round) begin(t *testing.T, torrent, out string) {
	t.Helper()
	r.at[1], r.out = "127.0.0.1:"+freePort(t), out
	args := []string{
		"get", torrent, "--dir", out, "--peer", r.at[0], "--listen", r.at[1],
		"--no-lsd", "--json", "--home", t.TempDir(),
	}
	if r.serve != nil {
		var flags []string
		r.offender, flags = r.serve(t)
		args = append(args, flags...)
	}
	r.fetch, r.began = start(t, binary, args...), time.Now()
}

// haunt sets the hostile peer on those it is there for.
func (r *round) haunt(ctx context.Context) {
	r.offender = r.peer
	var nodes []string
	if r.menace.seed {
		nodes = append(nodes, r.at[0])
	}
	if r.menace.get {
		nodes = append(nodes, r.at[1])
	}
	r.peer.Haunt(ctx, nodes...)
}

// await waits for all rounds, and takes the time and the memory of each.
func await(t *testing.T, rounds []*round) {
	t.Helper()
	for deadline := time.Now().Add(85 * time.Second); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		left := 0
		for _, r := range rounds {
			r.look(t)
			if r.took == 0 {
				left++
			}
		}
		if left == 0 {
			return
		}
	}
	for _, r := range rounds {
		if r.took == 0 {
			t.Errorf("%q: %d of %d bytes at the end", r.name, r.heardLast.Bytes, r.heardLast.Total)
		}
	}
}

// look takes in what the honest peer has said since the last time.
func (r *round) look(t *testing.T) {
	t.Helper()
	r.shareRSS, r.fetchRSS = max(r.shareRSS, rss(t, r.share)), max(r.fetchRSS, rss(t, r.fetch))
	for {
		select {
		case line, ok := <-r.fetch.lines:
			if !ok {
				t.Fatalf("%q: the honest peer has ended: %s", r.name, r.fetch.log())
			}
			if json.Unmarshal([]byte(line), &r.heardLast) == nil && r.heardLast.Event == "done" && r.took == 0 {
				r.took = time.Since(r.began)
			}
		default:
			return
		}
	}
}

// judge compares a round with the one in which nobody was hostile.
func (r *round) judge(t *testing.T, base *round) {
	if r.took == 0 || base.took == 0 {
		t.Fatal("not everything was fetched")
	}
	kept := base.took.Seconds() / r.took.Seconds()
	seed, get := (r.shareRSS-base.shareRSS)>>20, (r.fetchRSS-base.fetchRSS)>>20
	t.Logf("%.0f %% of the rate; the seed uses %+d MiB, the other %+d MiB", 100*kept, seed, get)
	if kept < keptRate {
		t.Errorf("an honest peer keeps %.0f %% of its rate", 100*kept)
	}
	if seed > moreRSS>>20 || get > moreRSS>>20 {
		t.Errorf("%d and %d MiB more than without it", seed, get)
	}
	if r.peer != nil && r.peer.Act == nil {
		return // it was never let in
	}
	most, all := r.offender.Most()
	first := r.offender.First()
	end := r.began.Add(r.took)
	switch {
	case all == 0:
		t.Fatal("it was never let in: nothing is proven")
	case end.Sub(first) < outAfter+5*time.Second:
		t.Fatalf("the round ended after %v", end.Sub(first))
	}
	// Who has everything says so to its trackers.
	late := r.offender.Between(first.Add(outAfter), end.Add(-time.Second))
	t.Logf("let in %d times, %d at a time, %d after %v", all, most, late, outAfter)
	if late > r.late {
		t.Errorf("let in %d times after %v", late, outAfter)
	}
	if r.most > 0 && most > r.most {
		t.Errorf("let in %d times at once, not %d", most, r.most)
	}
}

var resident = regexp.MustCompile(`VmHWM:\s+([0-9]+) kB`)

// rss returns how much memory a process has had at most, in bytes.
func rss(t *testing.T, p *process) int64 {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	m := resident.FindSubmatch(b)
	if m == nil {
		t.Fatalf("no VmHWM in %q", b)
	}
	n, err := strconv.ParseInt(string(m[1]), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n << 10
}
