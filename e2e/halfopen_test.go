//go:build linux

package e2e

import (
	"context"
	"fmt"
	"net/netip"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/warren-p2p/warren/e2e/internal/hostile"
)

// halfOpen is how many handshakes are begun and not ended.
const halfOpen = 2000

// Two thousand handshakes of TLS at a time that nobody ends do not disturb a
// transfer that is running, nor take memory, compared with another node in the same
// seconds that has none.
func TestHalfOpenHandshakes(t *testing.T) {
	const size = 24 << 20
	dir := t.TempDir()
	root := content(t, dir, "half.bin", map[string]int{"": size})
	torrent := filepath.Join(t.TempDir(), "t.torrent")
	run(t, binary, "torrent", "create", root, "-o", torrent)
	type pair struct {
		share, get *process
		at, out    string
		took       time.Duration
	}
	var pairs [2]*pair // the second one is left alone
	for i := range pairs {
		p := &pair{out: filepath.Join(dir, fmt.Sprint("out", i))}
		p.share, p.at = share(t, torrent, dir, "--limit-up", "2MB", "--no-lsd", "--tls", "require")
		pairs[i] = p
	}
	var began time.Time
	for _, p := range pairs {
		p.get = start(t, binary, "get", torrent, "--dir", p.out, "--peer", p.at, "--tls", "require", "--no-lsd", "--exit", "--json", "--home", t.TempDir())
		began = time.Now()
	}
	for _, p := range pairs {
		for p.get.event(30*time.Second, "progress").Bytes == 0 {
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	flood := &hostile.Handshakes{From: strangers()}
	var haunting sync.WaitGroup
	defer haunting.Wait()
	defer cancel()
	haunting.Go(func() {
		if err := flood.Haunt(ctx, pairs[0].at); err != nil {
			t.Error(err)
		}
	})
	var waiting sync.WaitGroup
	least := int64(halfOpen)
	for _, p := range pairs {
		waiting.Go(func() {
			p.get.event(90*time.Second, "done")
			p.took = time.Since(began)
		})
	}
	time.Sleep(4 * time.Second) // all are there
	for range 20 {
		least = min(least, flood.Open())
		time.Sleep(100 * time.Millisecond)
	}
	rssFlooded, rssAlone := rss(t, pairs[0].share), rss(t, pairs[1].share)
	waiting.Wait()
	most, answered := flood.Most()
	kept := pairs[1].took.Seconds() / pairs[0].took.Seconds()
	t.Logf("%d to %d handshakes at a time, %d answered: %.0f %% of the rate (%v, alone %v); %d MiB, alone %d MiB",
		least, most, answered, 100*kept, pairs[0].took, pairs[1].took, rssFlooded>>20, rssAlone>>20)
	if least < halfOpen*9/10 || answered < 64 {
		t.Error("too few for the rest to mean anything")
	}
	if kept < keptRate {
		t.Errorf("the transfer keeps %.0f %% of its rate", 100*kept)
	}
	if rssFlooded-rssAlone > moreRSS {
		t.Errorf("%d MiB more than without them", (rssFlooded-rssAlone)>>20)
	}
	for _, p := range pairs {
		same(t, root, filepath.Join(p.out, "half.bin"))
	}
}

// strangers are the addresses that handshakes come from: most from a network of
// their own, some from the same few.
func strangers() []netip.Addr {
	var all []netip.Addr
	for i := range halfOpen {
		network := i
		if i%5 == 0 {
			network = i % 20
		}
		all = append(all, netip.AddrFrom4([4]byte{127, byte(16 + network>>8), byte(network), byte(1 + i%250)}))
	}
	return all
}
