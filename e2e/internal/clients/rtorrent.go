//go:build linux

package clients

import "fmt"

// RTorrent is rtorrent as a daemon, which needs no terminal.
type RTorrent struct{}

// Name implements Client.
func (RTorrent) Name() string { return "rTorrent" }

// Needs implements Client.
func (RTorrent) Needs() (program, pack string) { return "rtorrent", "rtorrent" }

// Forbids implements Client.
func (RTorrent) Forbids() bool { return true }

// Setup implements Client.
func (RTorrent) Setup(t Task) Setup {
	encryption := "none"
	if t.MSE {
		encryption = "allow_incoming,try_outgoing,require,require_RC4"
	}
	return Setup{
		Args: []string{"rtorrent", "-n", "-o", "import=" + t.State + "/rtorrent.rc"},
		Env:  []string{"HOME=" + t.State},
		Files: []File{
			{"session/.keep", ""},
			{"rtorrent.rc", fmt.Sprintf(`system.daemon.set = true
log.open_file = "log", "/dev/stderr"
log.add_output = "info", "log"
pieces.hash.on_completion.set = no
session.path.set = "%s/session"
directory.default.set = "%s"
network.port_range.set = %d-%d
network.port_random.set = no
protocol.encryption.set = %s
protocol.pex.set = no
dht.mode.set = disable
trackers.use_udp.set = no
schedule2 = task, 0, 0, ((load.start_verbose, "%s"))
`, t.State, t.Dir, Port, Port, encryption, t.From)},
		},
	}
}

// Refuses implements Client.
func (RTorrent) Refuses(s Source) *Refusal {
	if s.Magnet && s.Kind != "v1" {
		return &Refusal{Why: "it takes no magnet link with an info-hash of version 2", Says: "Invalid magnet URI"}
	}
	if s.Kind == "v2" {
		return &Refusal{Why: "it knows version 1 only", Says: "Torrent must have either length or files entry"}
	}
	return nil
}

// Stumbles implements Client.
func (RTorrent) Stumbles(Source) string { return "" }
