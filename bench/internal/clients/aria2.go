//go:build linux

package clients

import (
	"path"

	"github.com/warren-p2p/warren/bench/internal/process"
	"github.com/warren-p2p/warren/bench/internal/report/figure"
)

// Aria2 is aria2c. It speaks v1 only and finds peers through a tracker.
type Aria2 struct{}

// Name implements Client.
func (Aria2) Name() string { return figure.Aria2 }

// Variant implements Client.
func (Aria2) Variant() string { return "" }

// Mode implements Client.
func (Aria2) Mode() string { return figure.Plain }

// Moves implements Client.
func (Aria2) Moves(kind string) bool { return kind == "v1" }

// Tracked implements Client.
func (Aria2) Tracked() bool { return true }

// Setup implements Client.
func (Aria2) Setup(n Node) Setup {
	args := []string{"aria2c", "--no-conf", "--quiet", "--summary-interval=0", "--enable-dht=false", "--enable-dht6=false",
		"--bt-enable-lpd=false", "--enable-peer-exchange=false", "--listen-port=" + Port, "--dir=" + n.Content,
		"--file-allocation=none", "--bt-tracker-interval=5", "--seed-ratio=0.0"}
	if n.Seeder {
		args = append(args, "--bt-seed-unverified=true", n.Torrent)
	} else {
		args = append(args, "--seed-time=100", "--on-bt-download-complete="+path.Join(n.State, "done.sh"), n.Torrent)
	}
	return Setup{
		Command: process.Command{Args: args, Env: []string{"HOME=" + n.State}},
		Files:   []File{hook(n)},
	}
}
