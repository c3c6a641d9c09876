//go:build linux

package e2e

import (
	"bytes"
	"fmt"
	"os/exec"
	"slices"
	"sync"
	"testing"

	"github.com/warren-p2p/warren/e2e/internal/clients"
)

// atOnce is how many cells of the matrix run side by side: they wait more than
// they work.
const atOnce = 6

// cell is one exchange between warren and another client.
type cell struct {
	client clients.Client
	seeds  bool // the client seeds and warren fetches
	mse    bool
	clients.Source
	layout string
}

// String is client/direction/encryption/kind/source/layout.
func (c cell) String() string {
	direction, encryption, source := "fetches", "plain", "torrent"
	if c.seeds {
		direction = "seeds"
	}
	if c.mse {
		encryption = "mse"
	}
	if c.Magnet {
		source = "magnet"
	}
	return fmt.Sprintf("%s/%s/%s/%s/%s/%s", c.client.Name(), direction, encryption, c.Kind, source, c.layout)
}

// refusal is how the client does not take what it is given: a seeder has the
// torrent, even if warren comes with a magnet link.
func (c cell) refusal() *clients.Refusal {
	return c.client.Refuses(clients.Source{Kind: c.Kind, Magnet: c.Magnet && !c.seeds})
}

// matrixLayouts are a file that does not end with a piece, and a tree that
// hybrids pad, with names that programs stumble over.
var matrixLayouts = map[string]map[string]int{
	"single": {"": 8<<20 + 1},
	"multi": {
		"a/empty": 0, "a/one": 1, "ä ö/日本語.txt": 300_001, "🐇/[x] & 'y'; $(z) #1.bin": 5_000_003,
		"%41+b": 70_000, "..c": 16384, "-o": 12345, "b/.hidden": 2_000_000, "zz." + string(bytes.Repeat([]byte("n"), 200)): 65536,
	},
}

// shortMatrix is what the short run keeps: one cell of each client.
var shortMatrix = []string{
	"libtorrent/fetches/mse/hybrid/torrent/multi",
	"Transmission/seeds/mse/v1/torrent/multi",
	"aria2/fetches/mse/v1/torrent/multi",
	"qBittorrent/seeds/plain/v2/torrent/multi",
	"rTorrent/fetches/plain/hybrid/torrent/multi",
}

// matrix are all cells.
func matrix() []cell {
	var all []cell
	for _, client := range clients.All() {
		for i := range 1 << 4 {
			for _, kind := range []string{"v1", "v2", "hybrid"} {
				c := cell{client: client, seeds: i&1 != 0, mse: i&2 != 0, layout: "single"}
				c.Source = clients.Source{Kind: kind, Magnet: i&8 != 0}
				if i&4 != 0 {
					c.layout = "multi"
				}
				if c.seeds && c.Magnet && c.refusal() != nil {
					continue // it would be another refusal of the same torrent
				}
				all = append(all, c)
			}
		}
	}
	return all
}

// Every client fetches from warren, and warren from every client; or the client
// does not take the torrent, and says so.
func TestMatrix(t *testing.T) {
	cells := matrix()
	if !full() {
		cells = slices.DeleteFunc(cells, func(c cell) bool { return !slices.Contains(shortMatrix, c.String()) })
		if len(cells) != len(shortMatrix) {
			t.Fatalf("%d cells of the short matrix exist, want %d", len(cells), len(shortMatrix))
		}
	}
	slots := make(chan struct{}, atOnce)
	var running sync.WaitGroup
	defer running.Wait()
	for _, c := range cells {
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			t.Run(c.String(), c.play)
		})
	}
}

func needClient(t *testing.T, c clients.Client) {
	t.Helper()
	program, pack := c.Needs()
	if _, err := exec.LookPath(program); err != nil {
		t.Skipf("%s is not installed (apt-get install %s)", c.Name(), pack)
	}
	if pack == "python3-libtorrent" {
		needLibtorrent(t)
	}
}
