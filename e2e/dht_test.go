package e2e

import (
	"net"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/dht/krpc"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/magnet"
)

// onlyDHT are the flags of a warren that finds peers by the DHT and by nothing
// else, and enters it by a node.
func onlyDHT(entry string) []string {
	return []string{"--no-lsd", "--no-trackers", "--no-dht=false", "--dht-node", entry}
}

// nobody is an address where no node is.
const nobody = "127.0.0.1:1"

// torrentOf reads a torrent.
func torrentOf(t *testing.T, torrent string) *metainfo.Torrent {
	t.Helper()
	m, err := metainfo.Parse([]byte(run(t, "cat", torrent)))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// awaitAnnounced asks a node until it names a peer of a torrent.
func awaitAnnounced(t *testing.T, node string, m *metainfo.Torrent) {
	t.Helper()
	c, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if !announced(t, c, node, m.Hashes().V1) {
		t.Fatal("nobody announced the torrent to " + node)
	}
}

// announced asks a node by a socket until it names a peer of a target.
func announced(t *testing.T, c net.PacketConn, node string, target [20]byte) bool {
	t.Helper()
	q := krpc.Message{
		Kind: krpc.Query, T: "aa", From: krpc.ID{1}, Method: krpc.GetPeers,
		Target: krpc.ID(target), HasTarget: true, ReadOnly: true,
	}
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		if _, err := c.WriteTo(q.Append(nil), net.UDPAddrFromAddrPort(netip.MustParseAddrPort(node))); err != nil {
			t.Fatal(err)
		}
		c.SetReadDeadline(time.Now().Add(time.Second))
		b := make([]byte, 2048)
		n, _, err := c.ReadFrom(b)
		if err != nil {
			continue
		}
		if r, err := krpc.Parse(b[:n]); err == nil && len(r.Values) > 0 {
			return true
		}
	}
	return false
}

// sharable is something to share, and its torrent.
func sharable(t *testing.T) (dir, root, torrent string) {
	t.Helper()
	dir = t.TempDir()
	root = content(t, dir, "inter op", layouts["single"])
	torrent = filepath.Join(t.TempDir(), "t.torrent")
	run(t, binary, "torrent", "create", root, "-o", torrent, "--kind", "v1", "--piece-length", "65536")
	return dir, root, torrent
}

// Three warrens: one is a node and nothing more to the others, one seeds, and one
// has a magnet link without a tracker.
func TestDHTAmongOurselves(t *testing.T) {
	dir, root, torrent := sharable(t)
	other := t.TempDir()
	content(t, other, "something else", map[string]int{"": 100_000})
	beside := filepath.Join(t.TempDir(), "beside.torrent")
	run(t, binary, "torrent", "create", filepath.Join(other, "something else"), "-o", beside)
	_, entry := share(t, beside, other, onlyDHT(nobody)...)
	share(t, torrent, dir, onlyDHT(entry)...)
	m := torrentOf(t, torrent)
	awaitAnnounced(t, entry, m)

	out := t.TempDir()
	get := start(t, binary, append([]string{"get", magnet.Of(m).String(), "--dir", out, "--listen", "127.0.0.1:0", "--exit", "--json", "--home", t.TempDir()}, onlyDHT(entry)...)...)
	get.event(60*time.Second, "done")
	same(t, root, filepath.Join(out, "inter op"))
}

// libtorrent seeds and announces; warren finds it by the DHT alone.
func TestDHTFromLibtorrent(t *testing.T) {
	needLibtorrent(t)
	dir, root, torrent := sharable(t)
	seed := start(t, python, "testdata/dht.py", "seed", torrent, dir)
	port := strings.Fields(seed.line(30*time.Second, func(l string) bool { return strings.HasPrefix(l, "ready") }))[1]
	out := t.TempDir()
	get := start(t, binary, append([]string{"get", magnet.Of(torrentOf(t, torrent)).String(), "--dir", out, "--listen", "127.0.0.1:0", "--exit", "--json", "--home", t.TempDir()}, onlyDHT("127.0.0.1:"+port)...)...)
	get.event(60*time.Second, "done")
	same(t, root, filepath.Join(out, "inter op"))
}

// warren seeds and announces, to a node of libtorrent; libtorrent finds it by the
// DHT alone.
func TestDHTToLibtorrent(t *testing.T) {
	needLibtorrent(t)
	dir, root, torrent := sharable(t)
	m := torrentOf(t, torrent)
	_, entry := share(t, torrent, dir, onlyDHT(nobody)...)
	out := t.TempDir()
	get := start(t, python, "testdata/dht.py", "get", magnet.Of(m).String(), out, entry)
	get.line(60*time.Second, func(l string) bool { return l == "done" })
	same(t, root, filepath.Join(out, "inter op"))
}
