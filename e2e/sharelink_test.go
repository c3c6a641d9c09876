//go:build linux

package e2e

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/e2e/internal/lab"
	"github.com/warren-p2p/warren/internal/share/link"
)

// A node that takes part in the DHT and greets its neighbours shares one folder privately
// and one with everybody, and somebody with the link, who would ask everywhere as well,
// fetches the former. In all packets that either sends, what is private is nowhere: by no
// name, neither in the DHT, nor near by, nor at any tracker but the node's own, which is
// asked inside TLS. Whoever fetches speaks to nobody but the node. What is public is
// there, so the test looks where it has to.
func TestShareLink(t *testing.T) {
	f := newSharing(t)
	stop := f.record()
	private := f.share(f.root, "--yes")
	public := f.share(f.open, "--yes", "--licence", "CC0-1.0", "--public")
	out := t.TempDir()
	get := warrenOn(t, f.lab.Far, "get", private.Link, "--dir", out, "--exit", "--listen", f.lab.Far.Host+":0", "--no-dht=false", "--dht-node", f.lab.Near.Between+":6999")
	var done fetched
	get.line(2*patience, func(l string) bool { return json.Unmarshal([]byte(l), &done) == nil && done.Event == "done" })
	if done.TLSBytes < 600_000 || done.TLSBytes < done.Received {
		t.Errorf("%d bytes of %d came over TLS", done.TLSBytes, done.Received)
	}
	<-get.done
	same(t, f.root, filepath.Join(out, "the content"))
	f.told(public.PublicTorrent)
	stop()
	f.silent(&private, &done)
	f.loud(&public)
	if p := f.packets("ip or ip6", "src host "+f.lab.Far.Host+" and not dst host "+f.lab.Near.Host); p != "" {
		t.Errorf("who fetches speaks to others:\n%s", p)
	}
	if p := f.packets("ip", "src host "+f.lab.Far.Host+" and udp and not port 6881"); p != "" {
		t.Errorf("who fetches sends datagrams to others than the port:\n%s", p)
	}
	if p := f.packets("ip", "src host "+f.lab.Far.Host+" and tcp dst port 6881"); p == "" {
		t.Error("nothing was fetched")
	}
}

// sharing is a node that shares, and a machine from which it is visited.
type sharing struct {
	byID
	open  string // a file that is for everybody
	home  string
	entry string // a node of the DHT
}

// shared is what --json says of a share.
type shared struct {
	Event         string `json:"event"`
	Link          string `json:"link"`
	Torrent       string `json:"torrent"`
	PublicTorrent string `json:"public_torrent"`
}

// fetched is what get tells in the end.
type fetched struct {
	event
	InfoHash   string `json:"info_hash"`
	InfoHashV2 string `json:"info_hash_v2"`
}

func newSharing(t *testing.T) *sharing {
	l := namespaces(t, lab.New)
	f := &sharing{byID: byID{t: t, lab: l}, home: t.TempDir()}
	f.root = content(t, t.TempDir(), "the content", map[string]int{"": 600_000})
	f.open = content(t, t.TempDir(), "for everybody", map[string]int{"": 300_000})
	f.entry = f.node()
	args := l.Near.Command(binary, "run", "--home", f.home, "--json", "--management", "127.0.0.1:0", "--listen", ":6881",
		"--no-portmap", "--set", "peers.dht=true", "--set", "peers.dht-nodes="+f.entry)
	start(t, args[0], args[1:]...).event(patience, "reachability") // by an address of its own
	return f
}

// share shares something by a link.
func (f *sharing) share(path string, flags ...string) (s shared) {
	f.t.Helper()
	args := f.lab.Near.Command(append([]string{binary, "share", path, "--home", f.home, "--json"}, flags...)...)
	out, err := exec.Command(args[0], args[1:]...).Output()
	if err != nil {
		f.t.Fatalf("share: %v: %s", err, out)
	}
	for line := range strings.SplitSeq(string(out), "\n") {
		if json.Unmarshal([]byte(line), &s) == nil && s.Event == "share" {
			return s
		}
	}
	f.t.Fatalf("nothing is shared: %s", out)
	return s
}

// told waits until the node of the DHT knows of a torrent.
func (f *sharing) told(key string) {
	f.t.Helper()
	hash, err := hex.DecodeString(key)
	if err != nil || len(hash) != 20 {
		f.t.Fatalf("key %q", key)
	}
	c, err := f.lab.Near.ListenPacket("127.0.0.1:0")
	if err != nil {
		f.t.Fatal(err)
	}
	defer c.Close()
	if !announced(f.t, c, f.entry, [20]byte(hash)) {
		f.t.Fatal("nobody announced what is public")
	}
}

// packets returns those that a filter wants (pcap-filter(7)).
func (f *sharing) packets(what, filter string) string {
	f.t.Helper()
	out, err := exec.Command("tcpdump", "-n", "-r", f.byID.packets, what+" and ("+filter+")").Output()
	if err != nil {
		f.t.Fatalf("read packets: %v", err)
	}
	return string(out)
}

// silent looks for what is private in all packets.
func (f *sharing) silent(s *shared, got *fetched) {
	l, err := link.Parse(s.Link)
	if err != nil {
		f.t.Fatal(err)
	}
	all := f.bytes()
	names := map[string][20]byte{}
	for i, text := range []string{got.InfoHash, got.InfoHashV2} {
		h, err := hex.DecodeString(text)
		if err != nil || len(h) != 20+12*i {
			f.t.Fatalf("info-hash %q", text)
		}
		names["the info-hash"] = [20]byte(h[:20])
		key, err := btls.DeriveKey(btls.Strict, l.Secret, h)
		if err != nil {
			f.t.Fatal(err)
		}
		for e := btls.Epoch(time.Now()) - 1; e <= btls.Epoch(time.Now())+1; e++ {
			names["a discovery id"] = key.DiscoveryID(e)
			f.absent(all, names)
		}
	}
	for _, text := range []string{"the content", "BitTorrent protocol", l.Token.Text(), s.Link[len(s.Link)-40:]} {
		if bytes.Contains(all, []byte(text)) {
			f.t.Errorf("%q is in the packets", text)
		}
	}
}

func (f *sharing) absent(all []byte, names map[string][20]byte) {
	lower := bytes.ToLower(all)
	for what, name := range names {
		for _, form := range []string{raw(name), inURL(name)} {
			if bytes.Contains(all, []byte(form)) {
				f.t.Errorf("%s is in the packets", what)
			}
		}
		if bytes.Contains(lower, []byte(hex.EncodeToString(name[:]))) {
			f.t.Errorf("%s is in the packets, in hexadecimal", what)
		}
	}
}

// loud looks for what is public, which has to be told in the DHT and near by.
func (f *sharing) loud(s *shared) {
	hash, err := hex.DecodeString(s.PublicTorrent)
	if err != nil {
		f.t.Fatal(err)
	}
	all := f.bytes()
	if !bytes.Contains(all, hash) {
		f.t.Error("what is public is not told in the DHT: the test looks for the wrong thing")
	}
	if !bytes.Contains(bytes.ToLower(all), []byte(s.PublicTorrent)) {
		f.t.Error("what is public is not told near by: the test looks for the wrong thing")
	}
}

// bytes returns all packets but those by which commands speak to the node on the machine
// itself.
func (f *sharing) bytes() []byte {
	file := f.byID.packets + "-between"
	if out, err := exec.Command("tcpdump", "-r", f.byID.packets, "-w", file, "not (tcp and net 127.0.0.0/8)").CombinedOutput(); err != nil {
		f.t.Fatalf("sift packets: %v: %s", err, out)
	}
	all, err := os.ReadFile(file)
	if err != nil {
		f.t.Fatal(err)
	}
	return all
}
