package netlab

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
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
