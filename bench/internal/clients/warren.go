//go:build linux

package clients

import (
	"encoding/json"
	"fmt"
	"path"
	"strconv"

	"github.com/warren-p2p/warren/bench/internal/process"
	"github.com/warren-p2p/warren/bench/internal/report/figure"
)

// Warren is this project's own program.
type Warren struct {
	Binary string
	TLS    bool // require it, else do without
	UTP    bool // over uTP alone, else as ever: TCP first
	// Level makes the seeder share content of a name at a level, with a torrent of
	// its own that lies beside the state of all nodes; "" for the torrent of the node.
	Level, Content string
}

// Name implements Client.
func (Warren) Name() string { return figure.Warren }

// Variant implements Client.
func (w Warren) Variant() string { return w.Level }

// Mode implements Client.
func (w Warren) Mode() string {
	switch {
	case w.TLS && w.UTP:
		return figure.UTP
	case w.TLS:
		return figure.TLS
	}
	return figure.Plain
}

// Moves implements Client.
func (Warren) Moves(string) bool { return true }

// Tracked implements Client.
func (Warren) Tracked() bool { return false }

// Setup implements Client.
func (w Warren) Setup(n Node) Setup {
	tls := "off"
	if w.TLS {
		tls = "require"
	}
	common := []string{"--dir", n.Content, "--tls", tls, "--json", "--home", path.Join(n.State, "home")}
	if w.UTP {
		common = append(common, "--utp", "only")
	}
	var args []string
	if w.Level != "" {
		torrent := path.Join(path.Dir(n.State), "level.torrent")
		if n.Torrent = torrent; n.Seeder {
			n.Torrent = path.Join(n.Content, w.Content)
			common = append(common[2:], "--level", w.Level, "--torrent", torrent, "--kind", "v1", "--piece-length", strconv.Itoa(512<<10))
		}
	}
	if n.Seeder {
		args = append([]string{w.Binary, "share", n.Torrent, "--listen", n.Listen()}, common...)
		if n.SeedLimit > 0 {
			args = append(args, "--limit-up", fmt.Sprintf("%dB", n.SeedLimit))
		}
	} else {
		args = append([]string{w.Binary, "get", n.Torrent, "--exit"}, common...)
		if n.Swarm {
			args = append(args, "--listen", n.Listen())
		}
		for _, p := range n.Peers {
			args = append(args, "--peer", p)
		}
	}
	return Setup{Command: process.Command{Args: args, Env: []string{"WARREN_NO_DHT=1", "WARREN_NO_PORTMAP=1"}, Said: event}, Exits: !n.Seeder}
}

// event reads one line of --json output.
func event(line string) string {
	var o struct {
		Event string `json:"event"`
	}
	if json.Unmarshal([]byte(line), &o) != nil {
		return ""
	}
	switch o.Event {
	case Ready, Done, Failed:
		return o.Event
	}
	return ""
}

// Create is the command that makes a torrent.
func (w Warren) Create(content, out, pieceLength, kind string) process.Command {
	return process.Command{Args: []string{w.Binary, "torrent", "create", content, "-o", out, "--piece-length", pieceLength, "--kind", kind}}
}

// Verify is the command that checks content below dir against a torrent.
func (w Warren) Verify(torrent, dir string) process.Command {
	return process.Command{Args: []string{w.Binary, "torrent", "verify", torrent, "--dir", dir}}
}
