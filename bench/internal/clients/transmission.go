//go:build linux

package clients

import (
	"encoding/json"
	"fmt"
	"path"

	"github.com/warren-p2p/warren/bench/internal/process"
	"github.com/warren-p2p/warren/bench/internal/report/figure"
)

// Transmission is transmission-daemon without encryption. It speaks v1 only
// and finds peers through a tracker.
type Transmission struct{}

// Name implements Client.
func (Transmission) Name() string { return "Transmission" }

// Variant implements Client.
func (Transmission) Variant() string { return "" }

// Mode implements Client.
func (Transmission) Mode() string { return figure.Plain }

// Moves implements Client.
func (Transmission) Moves(kind string) bool { return kind == "v1" }

// Tracked implements Client.
func (Transmission) Tracked() bool { return true }

// Setup implements Client.
func (Transmission) Setup(n Node) Setup {
	settings := map[string]any{
		"bind-address-ipv4": "0.0.0.0", "peer-port": json.Number(Port),
		"dht-enabled": false, "lpd-enabled": false, "pex-enabled": false, "utp-enabled": false, "port-forwarding-enabled": false,
		"encryption":   0, // prefer plain
		"download-dir": n.Content, "incomplete-dir-enabled": false, "rename-partial-files": false, "preallocation": 1,
		"speed-limit-down-enabled": false, "speed-limit-up-enabled": false, "ratio-limit-enabled": false,
		"rpc-enabled": false, "start-added-torrents": true,
		"script-torrent-done-enabled": !n.Seeder, "script-torrent-done-filename": path.Join(n.State, "done.sh"),
	}
	text, err := json.MarshalIndent(settings, "", " ")
	if err != nil {
		panic(fmt.Sprintf("settings of constants and strings do not encode: %v", err))
	}
	return Setup{
		Command: process.Command{Args: []string{"transmission-daemon", "-f", "-g", n.State, "--log-error"}},
		Files: []File{
			{Name: "settings.json", Content: string(text), Perm: 0o644},
			{Name: "torrents/t.torrent", Link: n.Torrent},
			hook(n),
		},
	}
}
