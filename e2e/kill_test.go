//go:build linux

package e2e

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/warren-p2p/warren/peerwire"
)

// At full speed too a kill costs one piece at most of the connection: what the
// downloader had taken from its socket and has to fetch again. What the sharer
// sent and nobody had read is not among it; no program could save that.
func TestKillAtFullSpeed(t *testing.T) {
	size, piece := 256<<20, 512<<10
	if full() {
		size = 1 << 30
	}
	dir := memory(t)
	out, torrent := filepath.Join(dir, "out"), filepath.Join(dir, "t.torrent")
	root := content(t, dir, "killed.bin", map[string]int{"": size})
	run(t, binary, "torrent", "create", root, "-o", torrent, "--piece-length", "524288")
	seed, addr := share(t, torrent, dir, "--tls", "off")

	var goal atomic.Int64
	conns := make(chan *arrivals, kills+1)
	r := newRelay(t, addr, func(p *passage) { conns <- newArrivals(p, goal.Load()) })
	args := []string{"get", torrent, "--dir", out, "--peer", r.addr, "--tls", "off", "--exit", "--json", "--home", t.TempDir()}
	var got []map[block]bool // by run
	ever := map[block]bool{}
	for i := range kills {
		left := int64(size - len(ever)*peerwire.BlockLen)
		goal.Store(1 + rand.Int64N(2*left/int64(kills-i+2)))
		got = append(got, killAt(t, start(t, binary, args...), conns))
		for b := range got[i] {
			ever[b] = true
		}
		if _, err := os.Stat(filepath.Join(out, "killed.bin")); err == nil {
			t.Fatalf("complete after %d of %d kills: the test proves too little", i, kills)
		}
	}
	goal.Store(0)
	get := start(t, binary, args...)
	get.event(120*time.Second, "done")
	got = append(got, (<-conns).all(t))
	same(t, root, filepath.Join(out, "killed.bin"))
	if len(conns) > 0 {
		t.Errorf("%d connections too many", len(conns))
	}

	worst, sum, perPiece := 0, 0, piece/peerwire.BlockLen
	for i := range kills {
		n := again(got[i], got[i+1:])
		t.Logf("kill %2d: %6d blocks read, %2d of them again later", i, len(got[i]), n)
		worst, sum = max(worst, n), sum+n
	}
	t.Logf("%d kills: %.2f pieces read twice for each, %.2f at most; with what nobody had read %.2f were sent twice", kills,
		float64(sum)/float64(kills*perPiece), float64(worst)/float64(perPiece), float64(lastSent(t, seed)-int64(size))/float64(kills*piece))
	if worst > perPiece {
		t.Errorf("%d blocks read twice after one kill; a piece has %d", worst, perPiece)
	}
}

// killAt kills a downloader when as much has passed as its connection waits
// for, and returns what it had read until then.
func killAt(t *testing.T, get *process, conns <-chan *arrivals) map[block]bool {
	t.Helper()
	timeout := time.After(60 * time.Second)
	var a *arrivals
	select {
	case a = <-conns:
	case <-timeout:
		t.Fatal("no connection")
	}
	select {
	case <-a.passed:
	case <-timeout:
		t.Fatal("the download does not get on")
	}
	// Stopped first: only then it can be told what it has read.
	if err := get.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	got := a.read(t)
	get.kill()
	return got
}

// again returns how many of the blocks are among those of a later run.
func again(blocks map[block]bool, later []map[block]bool) (n int) {
	for b := range blocks {
		for _, l := range later {
			if l[b] {
				n++
				break
			}
		}
	}
	return n
}

// memory returns a directory that lies in memory if there is one: a disk would
// be what limits the speed.
func memory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "warren-e2e")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}
