//go:build linux

package clients

import (
	"fmt"

	"github.com/warren-p2p/warren/bench/internal/process"
	"github.com/warren-p2p/warren/bench/internal/report/figure"
)

// Libtorrent is python3-libtorrent run by a script of the repository.
type Libtorrent struct {
	Python, Script string
	Settings       string // "default" or "tuned"
}

// Name implements Client.
func (Libtorrent) Name() string { return figure.Libtorrent }

// Variant implements Client.
func (l Libtorrent) Variant() string { return l.Settings }

// Mode implements Client.
func (Libtorrent) Mode() string { return figure.Plain }

// Moves implements Client.
func (Libtorrent) Moves(string) bool { return true }

// Tracked implements Client.
func (Libtorrent) Tracked() bool { return false }

// Setup implements Client.
func (l Libtorrent) Setup(n Node) Setup {
	args := []string{l.Python, l.Script, "get", n.Torrent, n.Content, n.Listen()}
	if n.Seeder {
		args[2] = "seed"
	}
	said := func(line string) string {
		switch line {
		case Ready, Done:
			return line
		}
		return ""
	}
	env := []string{"VARIANT=" + l.Settings}
	if n.SeedLimit > 0 {
		env = append(env, fmt.Sprintf("SEED_LIMIT=%d", n.SeedLimit))
	}
	return Setup{Command: process.Command{Args: append(args, n.Peers...), Env: env, Said: said}}
}

// Create is the command that makes torrents of kind from content: one without
// a tracker, and one with it if tracker is not empty.
func (l Libtorrent) Create(content, out, pieceLength, kind, tracker, tracked string) process.Command {
	args := []string{l.Python, l.Script, "create", content, out, pieceLength, kind}
	if tracker != "" {
		args = append(args, tracker, tracked)
	}
	return process.Command{Args: args}
}
