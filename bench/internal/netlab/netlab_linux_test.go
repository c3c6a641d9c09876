package netlab

import (
	"errors"
	"net"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy/impair"
)

func TestSteps(t *testing.T) {
	one := &Lab{Seeder: "s", Downloaders: []string{"a"}}
	want := []string{
		"netns add s", "-n s link set lo up", "netns add a", "-n a link set lo up",
		"link add vs0 netns s mtu 1500 type veth peer name vl netns a mtu 1500",
		"-n a addr add 10.99.0.10/24 dev vl", "-n a link set vl up", "-n s link set vs0 up",
		"-n s addr add 10.99.0.1/24 dev vs0", "-n s link set vs0 mtu 1500 up",
	}
	if got := one.steps(1500); !slices.Equal(got, want) {
		t.Errorf("one downloader:\n%s", strings.Join(got, "\n"))
	}
	two := (&Lab{Seeder: "s", Downloaders: []string{"a", "b"}}).steps(65520)
	for _, step := range []string{
		"-n s link add br0 type bridge", "-n s link set vs0 master br0", "-n s link set vs1 master br0",
		"-n b addr add 10.99.0.11/24 dev vl", "-n s addr add 10.99.0.1/24 dev br0", "-n s link set br0 mtu 65520 up",
	} {
		if !slices.Contains(two, step) {
			t.Errorf("two downloaders: no step %q", step)
		}
	}
}

// With the rights for it, the network carries packets and leaves nothing.
func TestReal(t *testing.T) {
	l, err := New(t.Context(), 2, 9000)
	if err != nil {
		if !strings.Contains(err.Error(), "netns add") {
			t.Fatal(err)
		}
		return // not root: the message is all there is to see
	}
	out, err := exec.Command("ip", "netns", "exec", l.Downloaders[1], "ip", "-br", "addr", "show", Interface).Output()
	if err != nil || !strings.Contains(string(out), DownloaderHost(1)+"/24") {
		t.Errorf("downloader's address: %s, %v", out, err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if err := l.Close(); err != nil {
		t.Errorf("second close: %v", err)
	}
	left, err := exec.Command("ip", "netns", "list").Output()
	if err != nil || strings.Contains(string(left), l.Seeder) {
		t.Errorf("left behind: %s, %v", left, err)
	}
}

// A slow link can be built, and leaves nothing.
func TestSlow(t *testing.T) {
	l, err := NewSlow(t.Context(), impair.Link{Rate: 100_000_000})
	if err != nil {
		if !strings.Contains(err.Error(), "netns add") && !errors.Is(err, ErrTUN) {
			t.Fatal(err)
		}
		return // not root, or no devices: the message is all there is to see
	}
	out, err := exec.Command("ip", "netns", "exec", l.Downloaders[0], "ip", "-br", "addr", "show", Interface).Output()
	if err != nil || !strings.Contains(string(out), DownloaderHost(0)+"/24") {
		t.Errorf("downloader's address: %s, %v", out, err)
	}
	for range 2 {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Packets come in order, late, and no faster than the link is.
func TestCarry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, from := net.Pipe()
		out, to := net.Pipe()
		w := &wire{}
		w.carry(from, to, impair.Link{Delay: 30 * time.Millisecond, Rate: 80_000, Queue: 1 << 20})
		began := time.Now()
		go func() {
			for i := range byte(10) {
				in.Write(append(make([]byte, 99), i))
			}
		}()
		for i := range byte(10) {
			buf := make([]byte, 200)
			n, err := out.Read(buf)
			if err != nil || n != 100 || buf[99] != i {
				t.Fatalf("packet %d: %d bytes, %v", i, n, err)
			}
			// 100 bytes take 10 ms.
			if got, want := time.Since(began), time.Duration(10*(int(i)+1)+30)*time.Millisecond; got != want {
				t.Errorf("packet %d after %v, want %v", i, got, want)
			}
		}
		from.Close()
		to.Close()
		w.wg.Wait()
	})
}
