package swarm_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"path"
	"sync"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm"
)

// world is a network in memory with as many hosts as a test wants.
type world struct {
	t    *testing.T
	net  *netpolicy.Mem
	next byte
}

func newWorld(t *testing.T) *world { return &world{t: t, net: netpolicy.NewMem()} }

// node is one session with disks of its own.
type node struct {
	w       *world
	ip      netip.Addr
	home    *memfs.FS
	disk    *memfs.FS
	session *swarm.Session
	torrent *swarm.Torrent
}

// start starts a node; change may adjust what it is.
func (w *world) start(change func(*swarm.Config)) *node {
	w.next++
	n := &node{w: w, ip: netip.AddrFrom4([4]byte{10, 0, w.next, 1}), home: memfs.New(), disk: memfs.New()}
	n.open(change)
	return n
}

func (n *node) open(change func(*swarm.Config)) {
	cfg := swarm.Config{
		Home: n.home, Listen: netip.AddrPortFrom(n.ip, 0).String(), Policy: n.w.net.Host(n.ip),
		Reserve: 1, BootID: "one boot",
	}
	if change != nil {
		change(&cfg)
	}
	s, err := swarm.NewSession(context.Background(), cfg)
	if err != nil {
		n.w.t.Fatal(err)
	}
	n.session = s
}

func (n *node) addr() netip.AddrPort {
	return netip.MustParseAddrPort(n.session.Addr().String())
}

// add adds a torrent; the content lies or lands on the node's disk.
func (n *node) add(m *metainfo.Torrent, tls swarm.TLSPolicy, from ...*node) *swarm.Torrent {
	n.w.t.Helper()
	opts := swarm.Options{Metainfo: m, Content: n.disk, TLS: tls}
	for _, f := range from {
		opts.Peers = append(opts.Peers, f.addr())
	}
	t, err := n.session.Add(opts)
	if err != nil {
		n.w.t.Fatal(err)
	}
	n.torrent = t
	return t
}

func (n *node) close() {
	n.w.t.Helper()
	if err := n.session.Close(); err != nil {
		n.w.t.Errorf("close node %v: %v", n.ip, err)
	}
}

// wait waits until everything wanted is there.
func (n *node) wait(limit time.Duration) {
	n.w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if err := n.torrent.Wait(ctx); err != nil {
		n.w.t.Fatalf("node %v: %v; %+v", n.ip, err, n.torrent.Status())
	}
}

// tree is content by name.
type tree map[string][]byte

// sample makes content that crosses pieces and blocks at odd places.
func sample(seed uint64, sizes map[string]int) tree {
	r := rand.NewChaCha8([32]byte{byte(seed)})
	out := tree{}
	for name, n := range sizes {
		b := make([]byte, n)
		_, _ = r.Read(b)
		out[name] = b
	}
	return out
}

func (c tree) write(t *testing.T, fsys vfs.FS) {
	t.Helper()
	for name, b := range c {
		f, err := fsys.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteAt(b, 0); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// check compares what lies on a disk, byte for byte.
func (c tree) check(t *testing.T, fsys vfs.FS) {
	t.Helper()
	for name, want := range c {
		got, err := vfs.ReadFile(fsys, name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes, not the %d that were shared", name, len(got), len(want))
		}
	}
}

// create makes the torrent of the content below its first directory.
func (c tree) create(t *testing.T, kind create.Kind, pieceLength int64) *metainfo.Torrent {
	t.Helper()
	disk := memfs.New()
	c.write(t, disk)
	var root string
	for name := range c {
		root = name
		for path.Dir(root) != "." {
			root = path.Dir(root)
		}
	}
	m, err := create.Torrent(context.Background(), disk, root, create.Options{Kind: kind, PieceLength: pieceLength})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// many is a tree with empty, tiny and larger files.
func many() tree {
	sizes := map[string]int{"set/empty": 0, "set/a/one": 1, "set/a/big": 900_001, "set/z": 65536}
	for i := range 20 {
		sizes[fmt.Sprintf("set/dir%d/f%02d", i%3, i)] = 1000 + i*7919
	}
	return sample(1, sizes)
}

// seeder starts a node that has the content.
func (w *world) seeder(m *metainfo.Torrent, c tree, tls swarm.TLSPolicy) *node {
	n := w.start(nil)
	c.write(w.t, n.disk)
	n.add(m, tls)
	n.wait(time.Minute)
	return n
}

func newDisk() *memfs.FS { return memfs.New() }

// together runs functions at once and waits.
func together(fs ...func()) {
	var wg sync.WaitGroup
	for _, f := range fs {
		wg.Go(f)
	}
	wg.Wait()
}

// jumping is a clock without a monotonic reading that somebody sets.
type jumping struct {
	mu  sync.Mutex
	off time.Duration
}

func (j *jumping) Now() time.Time {
	j.mu.Lock()
	defer j.mu.Unlock()
	return time.Now().Round(0).Add(j.off)
}

func (j *jumping) jump(d time.Duration) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.off += d
}
