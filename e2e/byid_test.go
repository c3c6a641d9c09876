//go:build linux

package e2e

import (
	"bytes"
	"encoding/hex"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/e2e/internal/lab"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/tracker/message"
)

// Two warrens that demand TLS find each other by the id of the torrent alone, in
// each place where that is told, and in all that passes between them, the tracker,
// the node and the neighbours the info-hash is nowhere. The id is: so what is looked
// for would be found.
func TestFoundByID(t *testing.T) {
	for _, c := range []struct {
		place string
		link  bool     // get has a magnet link and no more
		level []string // flags of share
		kind  string
		form  func([20]byte) string // of the id in what is told
	}{
		{"http", false, []string{"--tls", "require"}, "v1", inURL},
		{"http", true, []string{"--level", "strict"}, "hybrid", inURL},
		{"udp", false, []string{"--level", "strict"}, "v2", raw},
		{"dht", true, []string{"--tls", "require"}, "hybrid", raw},
		{"lsd", false, []string{"--tls", "require"}, "v1", func(id [20]byte) string { return hex.EncodeToString(id[:]) }},
	} {
		t.Run(c.place+"/"+c.level[1]+"/"+c.kind, func(t *testing.T) {
			l := namespaces(t, lab.New)
			f := &byID{t: t, lab: l, place: c.place, link: c.link}
			f.make(c.kind, c.level)
			f.play(c.level)
			f.check(c.form)
		})
	}
}

// byID is an exchange in a lab, of which all packets are kept.
type byID struct {
	t     *testing.T
	lab   *lab.Lab
	place string
	link  bool

	dir, torrent, root string
	ids                [][20]byte // of this week and its neighbours
	packets            string     // the file that they are in
}

// make makes the torrent, in which a level above basic has its secret.
func (f *byID) make(kind string, level []string) {
	f.dir, f.torrent = f.t.TempDir(), filepath.Join(f.t.TempDir(), "t.torrent")
	f.root = content(f.t, f.dir, "the content", map[string]int{"": 600_000})
	if level[0] == "--level" { // share writes it
		p := start(f.t, binary, "share", f.root, "--kind", kind, level[0], level[1], "--torrent", f.torrent,
			"--listen", "127.0.0.1:0", "--no-lsd", "--no-dht", "--no-trackers", "--json", "--home", f.t.TempDir())
		p.event(patience, "ready")
		_ = p.cmd.Process.Signal(os.Interrupt)
		for range p.lines { // until it is closed
		}
		<-p.done
	} else {
		run(f.t, binary, "torrent", "create", f.root, "-o", f.torrent, "--kind", kind, "--piece-length", "65536")
	}
	m := torrentOf(f.t, f.torrent)
	for _, h := range wholeHashes(m) {
		for e := btls.Epoch(time.Now()) - 1; e <= btls.Epoch(time.Now())+1; e++ {
			f.ids = append(f.ids, keyOf(f.t, m, h).DiscoveryID(e))
		}
	}
}

// wholeHashes returns the whole info-hashes of a torrent.
func wholeHashes(m *metainfo.Torrent) (list [][]byte) {
	h := m.Hashes()
	if h.HasV1 {
		list = append(list, h.V1[:])
	}
	if h.HasV2 {
		list = append(list, h.V2[:])
	}
	return list
}

func keyOf(t *testing.T, m *metainfo.Torrent, h []byte) btls.Key {
	t.Helper()
	level, secret := btls.Basic, btls.Secret{}
	if m.TLS != nil {
		level, secret = btls.Strict, btls.Secret(m.TLS.Secret)
	}
	k, err := btls.DeriveKey(level, secret, h)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// play has one warren share and another one fetch, who know of each other by one
// place.
func (f *byID) play(level []string) {
	t := f.t
	stop := f.record()
	alone := []string{"--no-lsd", "--no-dht", "--no-trackers"}
	near, far := "127.0.0.1:0", "127.0.0.1:0"
	side := f.lab.Near
	entry := ""
	switch f.place {
	case "http", "udp":
		url := f.place + "://127.0.0.1:" + f.tracker() + "/announce"
		alone = []string{"--no-lsd", "--no-dht", "--tracker", url}
	case "dht":
		entry = f.node()
		alone = onlyDHT(entry)
	case "lsd":
		alone = []string{"--no-dht", "--no-trackers"}
		near, far, side = f.lab.Near.Host+":0", f.lab.Far.Host+":0", f.lab.Far
	}
	seed := warrenOn(t, f.lab.Near, append([]string{"share", f.torrent, "--dir", f.dir, "--listen", near, level[0], level[1]}, alone...)...)
	ready := seed.event(patience, "ready")
	if len(ready.Unprotected) == 0 {
		t.Error("what is not protected is not said")
	}
	if entry != "" {
		f.await(entry)
	}
	source, out := f.torrent, t.TempDir()
	if f.link {
		source = ready.Magnet
	}
	get := warrenOn(t, side, append([]string{"get", source, "--dir", out, "--listen", far, "--tls", "require", "--exit"}, alone...)...)
	if e := get.event(2*patience, "done"); e.TLSBytes < 600_000 {
		t.Errorf("%d bytes came over TLS", e.TLSBytes)
	}
	same(t, f.root, filepath.Join(out, "the content"))
	stop()
}

// record keeps all packets of the near side until it is stopped.
func (f *byID) record() (stop func()) {
	f.packets = filepath.Join(f.t.TempDir(), "packets")
	p, err := f.lab.Near.Start(nil, "tcpdump", "-i", "any", "-U", "-s", "0", "-Z", "root", "-w", f.packets)
	if err != nil {
		f.t.Skip(err)
	}
	f.t.Cleanup(p.Stop)
	for deadline := time.Now().Add(patience); !strings.Contains(p.Output(), "listening on"); time.Sleep(20 * time.Millisecond) {
		select {
		case <-p.Ended():
			f.t.Skip("tcpdump: " + p.Output())
		default:
		}
		if time.Now().After(deadline) {
			f.t.Fatal("tcpdump does not begin: " + p.Output())
		}
	}
	return func() {
		time.Sleep(time.Second) // what it has seen it writes at once
		p.Stop()
	}
}

// tracker starts one for the ids of the torrent and no others.
func (f *byID) tracker() string {
	needOpentracker(f.t)
	var list []string
	for _, id := range f.ids {
		list = append(list, hex.EncodeToString(id[:]))
	}
	const port = "6969" // nothing else is there
	p := f.lab.Near.Command(strings.Fields(opentrackerCommand(f.t, port, list))...)
	start(f.t, p[0], p[1:]...)
	for range 100 {
		if c, err := f.lab.Near.Dial("127.0.0.1:" + port); err == nil {
			c.Close()
			return port
		}
		time.Sleep(50 * time.Millisecond)
	}
	f.t.Fatal("opentracker does not listen")
	return ""
}

// node starts a warren that is a node of the DHT and has another torrent.
func (f *byID) node() (addr string) {
	dir := f.t.TempDir()
	root := content(f.t, dir, "something else", map[string]int{"": 100_000})
	torrent := filepath.Join(f.t.TempDir(), "beside.torrent")
	run(f.t, binary, "torrent", "create", root, "-o", torrent)
	p := warrenOn(f.t, f.lab.Near, append([]string{"share", torrent, "--dir", dir, "--listen", "127.0.0.1:0"}, onlyDHT(nobody)...)...)
	return p.event(patience, "ready").Listen[0]
}

// await waits until a node knows a peer by one of the ids of this week.
func (f *byID) await(node string) {
	c, err := f.lab.Near.ListenPacket("127.0.0.1:0")
	if err != nil {
		f.t.Fatal(err)
	}
	defer c.Close()
	if !announced(f.t, c, node, f.ids[1]) {
		f.t.Fatal("nobody announced the torrent to " + node)
	}
}

// The forms in which 20 bytes are told.
func raw(h [20]byte) string { return string(h[:]) }

func inURL(h [20]byte) string {
	q := message.AnnounceURL(&url.URL{}, &message.Request{InfoHash: h}).RawQuery
	hash, _, _ := strings.Cut(strings.TrimPrefix(q, "info_hash="), "&")
	return hash
}

// check looks for what must not be in the packets, and for what must.
func (f *byID) check(form func([20]byte) string) {
	t := f.t
	packets, err := os.ReadFile(f.packets)
	if err != nil {
		t.Fatal(err)
	}
	lower := bytes.ToLower(packets)
	for _, h := range wholeHashes(torrentOf(t, f.torrent)) {
		short := [20]byte(h[:20])
		for what, b := range map[string]string{
			"the info-hash": raw(short), "the info-hash in a URL": inURL(short),
		} {
			if bytes.Contains(packets, []byte(b)) {
				t.Errorf("%s is in the packets", what)
			}
		}
		if bytes.Contains(lower, []byte(hex.EncodeToString(short[:]))) {
			t.Error("the info-hash is in the packets, in hexadecimal")
		}
	}
	for _, what := range []string{"BitTorrent protocol", "the content"} {
		if bytes.Contains(packets, []byte(what)) {
			t.Errorf("%q is in the packets", what)
		}
	}
	found := false
	for _, id := range f.ids {
		found = found || bytes.Contains(lower, bytes.ToLower([]byte(form(id))))
	}
	if !found {
		t.Errorf("no id is in %d bytes of packets: the test looks for the wrong thing", len(packets))
	}
}
