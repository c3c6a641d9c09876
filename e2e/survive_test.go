//go:build linux

package e2e

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// kills is how often the downloader is killed.
const kills = 20

// A downloader that is killed at random instants and started again ends with
// the right bytes, and fetches at most one piece per connection twice each
// time.
func TestKill(t *testing.T) {
	t.Parallel()
	const size, piece = 128 << 20, 512 << 10
	dir, out, home := t.TempDir(), t.TempDir(), t.TempDir()
	root := content(t, dir, "killed.bin", map[string]int{"": size})
	torrent := filepath.Join(dir, "t.torrent")
	run(t, binary, "torrent", "create", root, "-o", torrent, "--piece-length", "524288")
	seed, addr := share(t, torrent, dir, "--limit-up", "12MB")
	args := []string{"get", torrent, "--dir", out, "--peer", addr, "--exit", "--json", "--home", home}
	for i := range kills {
		get := start(t, binary, args...)
		time.Sleep(time.Duration(100+rand.IntN(600)) * time.Millisecond)
		get.kill()
		if _, err := os.Stat(filepath.Join(out, "killed.bin")); err == nil && i < kills-1 {
			t.Fatalf("complete after %d of %d kills: the test proves too little", i, kills)
		}
	}
	get := start(t, binary, args...)
	get.event(120*time.Second, "done")
	same(t, root, filepath.Join(out, "killed.bin"))
	sent := lastSent(t, seed)
	t.Logf("%d bytes sent for a file of %d, %d kills: %.2f pieces twice for each", sent, size, kills, float64(sent-size)/piece/kills)
	if sent < size || sent > size+kills*piece {
		t.Errorf("sent %d bytes for a file of %d and %d kills: more than a piece each was fetched twice", sent, size, kills)
	}
}

// lastSent waits for two reports in a row that agree.
func lastSent(t *testing.T, p *process) int64 {
	t.Helper()
	last := int64(-1)
	for {
		e := p.event(10*time.Second, "progress")
		for len(p.lines) > 0 { // reports of the past
			e = p.event(time.Second, "progress")
		}
		if e.Sent == last {
			return e.Sent
		}
		last = e.Sent
	}
}

// mount makes a small volume.
func mount(t *testing.T, size string) string {
	t.Helper()
	needRoot(t)
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("cannot mount a tmpfs here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// waiting waits until a download says that it waits, and why.
func waiting(t *testing.T, p *process) event {
	t.Helper()
	for {
		if e := p.event(30*time.Second, "progress"); e.State == "waiting" {
			return e
		}
	}
}

// A full volume makes the download wait with the reason; with room it goes on
// by itself.
func TestVolumeFull(t *testing.T) {
	t.Parallel()
	dir, vol := t.TempDir(), mount(t, "200m")
	root := content(t, dir, "full.bin", map[string]int{"": 48 << 20})
	torrent := filepath.Join(dir, "t.torrent")
	run(t, binary, "torrent", "create", root, "-o", torrent)
	ballast := filepath.Join(vol, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 170<<20), 0o644); err != nil {
		t.Fatal(err)
	}
	_, addr := share(t, torrent, dir)
	get := start(t, binary, "get", torrent, "--dir", vol, "--peer", addr, "--exit", "--json", "--home", t.TempDir())
	if e := waiting(t, get); !strings.Contains(e.Reason, "free") && !strings.Contains(e.Reason, "space") {
		t.Errorf("reason: %q", e.Reason)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	get.event(60*time.Second, "done")
	same(t, root, filepath.Join(vol, "full.bin"))
}

// A volume that turns read-only makes the download wait; nothing that was
// verified is fetched again.
func TestVolumeReadOnly(t *testing.T) {
	t.Parallel()
	dir, vol := t.TempDir(), mount(t, "200m")
	root := content(t, dir, "ro.bin", map[string]int{"": 24 << 20})
	torrent := filepath.Join(dir, "t.torrent")
	run(t, binary, "torrent", "create", root, "-o", torrent)
	seed, addr := share(t, torrent, dir, "--limit-up", "4MB")
	if err := syscall.Mount("", vol, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	get := start(t, binary, "get", torrent, "--dir", vol, "--peer", addr, "--exit", "--json", "--home", t.TempDir())
	if e := waiting(t, get); !strings.Contains(e.Reason, "read-only") {
		t.Errorf("reason: %q", e.Reason)
	}
	if err := syscall.Mount("", vol, "", syscall.MS_REMOUNT, "size=200m"); err != nil {
		t.Fatal(err)
	}
	get.event(90*time.Second, "done")
	same(t, root, filepath.Join(vol, "ro.bin"))
	if sent := lastSent(t, seed); sent > 24<<20+1<<20 {
		t.Errorf("sent %d bytes for a file of %d", sent, 24<<20)
	}
}
