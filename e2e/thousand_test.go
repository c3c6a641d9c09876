//go:build linux

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo/create"
)

// A node with a thousand torrents is killed: all of them are there again, and
// nothing that was complete is read again.
func TestThousandTorrents(t *testing.T) {
	const torrents, size = 1000, 128 << 10
	dir := memory(t)
	root := filepath.Join(dir, "content")
	for i := range torrents {
		content(t, root, fmt.Sprintf("file%04d.bin", i), map[string]int{"": size})
	}
	args := []string{"share", "--dir", root, "--listen", "127.0.0.1:0", "--json", "--home", filepath.Join(dir, "home")}
	args = append(args, makeTorrents(t, root, dir)...)

	node := start(t, binary, args...)
	allReady(t, node, torrents)
	if n := reads(t, node); n < torrents*size {
		t.Fatalf("%d bytes were read: new content was not hashed, and the test proves nothing", n)
	}
	node.kill()
	var addr string
	for kills := 1; kills <= 2; kills++ { // the second one of a node that has read nothing
		node = start(t, binary, args...)
		addr = allReady(t, node, torrents)
		if n := reads(t, node); n > torrents*size/10 {
			t.Errorf("after kill %d %d bytes were read; the content has %d", kills, n, torrents*size)
		}
		if kills == 1 {
			node.kill()
		}
	}
	for _, i := range []int{0, 499, torrents - 1} {
		name := fmt.Sprintf("file%04d.bin", i)
		out := filepath.Join(dir, "out")
		run(t, binary, "get", filepath.Join(dir, name+".torrent"), "--dir", out, "--peer", addr, "--exit", "--home", t.TempDir())
		same(t, filepath.Join(root, name), filepath.Join(out, name))
	}
}

// makeTorrents writes a small torrent of version 1 for each file of a directory.
func makeTorrents(t *testing.T, root, dir string) (torrents []string) {
	t.Helper()
	fsys, err := vfs.OpenDir(root)
	if err != nil {
		t.Fatal(err)
	}
	defer fsys.Close()
	files, err := fsys.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		m, err := create.Torrent(t.Context(), fsys, f.Name(), create.Options{Kind: create.V1, PieceLength: 16 << 10})
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, f.Name()+".torrent")
		if err := os.WriteFile(path, m.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		torrents = append(torrents, path)
	}
	return torrents
}

// allReady waits until as many torrents are shared, and returns where.
func allReady(t *testing.T, p *process, n int) (addr string) {
	t.Helper()
	began := time.Now()
	for range n {
		e := p.event(120*time.Second, "ready")
		if len(e.Listen) == 0 {
			t.Fatalf("ready without an address: %+v", e)
		}
		addr = e.Listen[0]
	}
	t.Logf("%d torrents are shared after %v", n, time.Since(began).Round(time.Millisecond))
	return addr
}

var rchar = regexp.MustCompile(`rchar: ([0-9]+)`)

// reads returns how many bytes a process has read with system calls.
func reads(t *testing.T, p *process) int64 {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/io", p.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	m := rchar.FindSubmatch(b)
	if m == nil {
		t.Fatalf("no rchar in %q", b)
	}
	n, err := strconv.ParseInt(string(m[1]), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
