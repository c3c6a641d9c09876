//go:build linux

package clients

import (
	"encoding/json"
	"fmt"
)

// Transmission is transmission-daemon. It can prefer plain connections, but
// accepts MSE all the same.
type Transmission struct{}

// Name implements Client.
func (Transmission) Name() string { return "Transmission" }

// Needs implements Client.
func (Transmission) Needs() (program, pack string) {
	return "transmission-daemon", "transmission-daemon"
}

// Forbids implements Client.
func (Transmission) Forbids() bool { return false }

// Setup implements Client.
func (Transmission) Setup(t Task) Setup {
	encryption := 0 // prefer plain
	if t.MSE {
		encryption = 2 // require
	}
	settings, err := json.MarshalIndent(map[string]any{
		"peer-port": Port, "encryption": encryption, "download-dir": t.Dir, "incomplete-dir-enabled": false,
		"dht-enabled": false, "lpd-enabled": false, "pex-enabled": false, "utp-enabled": false, "port-forwarding-enabled": false,
		"rename-partial-files": false, "ratio-limit-enabled": false, "start-added-torrents": true,
		"rpc-enabled": true, "rpc-bind-address": "127.0.0.1", "rpc-port": 9091, "rpc-whitelist-enabled": false,
	}, "", " ")
	if err != nil {
		panic(fmt.Sprintf("settings of constants and strings do not encode: %v", err))
	}
	return Setup{
		Args:  []string{"transmission-daemon", "-f", "-g", t.State, "--log-error"},
		Files: []File{{"settings.json", string(settings)}},
		Then:  []string{"transmission-remote", "127.0.0.1:9091", "-a", t.From},
	}
}

// Refuses implements Client.
func (Transmission) Refuses(s Source) *Refusal {
	switch {
	case s.Kind == "v1":
		return nil
	case s.Kind == "hybrid" && s.Magnet:
		return &Refusal{Why: "as with the torrent, once it has the metadata", Says: "checksum passed 1, metainfo parsed 0"}
	}
	return &Refusal{Why: "version 3.00 takes nothing with a file tree of version 2", Says: "invalid or corrupt torrent file"}
}

// Stumbles implements Client.
func (Transmission) Stumbles(Source) string { return "" }
