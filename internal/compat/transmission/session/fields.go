package session

import (
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/compat/transmission/message"
	"github.com/warren-p2p/warren/internal/compat/transmission/remembered"
	"github.com/warren-p2p/warren/internal/config"
)

// What we are taken for: programs look at the version before they use what is new.
const (
	rpcVersion  = 18
	rpcMinimum  = 14
	rpcSemver   = "6.0.0"
	likeVersion = "4.1.0"
)

// Semver is the version of the RPC in full.
func Semver() string { return rpcSemver }

// look is the session as it is asked of.
type look struct {
	*Session
	c      config.Config
	kept   remembered.Session
	modern bool
}

type field struct {
	name  string
	value func(*look) any
}

func fields() []field {
	all := speeds()
	all = append(all, places()...)
	all = append(all, queues()...)
	all = append(all, network()...)
	return append(all, program()...)
}

// or returns a setting, or what is remembered while it is switched off; both in the
// same unit.
func or[T int64 | float64](now, kept T) T {
	if now > 0 {
		return now
	}
	return kept
}

func speeds() []field {
	return []field{
		{"alt_speed_down", func(l *look) any { return int64(l.c.Limits.Alternative.Down) / kB }},
		{"alt_speed_enabled", func(l *look) any { return l.cfg.Node.Alternative() }},
		{"alt_speed_time_begin", func(l *look) any { return l.schedule().begin }},
		{"alt_speed_time_day", func(l *look) any { return l.schedule().days }},
		{"alt_speed_time_enabled", func(l *look) any { return l.c.Schedule.On && len(l.c.Schedule.Rules) > 0 }},
		{"alt_speed_time_end", func(l *look) any { return l.schedule().end }},
		{"alt_speed_up", func(l *look) any { return int64(l.c.Limits.Alternative.Up) / kB }},
		{"speed_limit_down", func(l *look) any { return or(kilo(int64(l.c.Limits.Down)), l.kept.DownLimit) }},
		{"speed_limit_down_enabled", func(l *look) any { return l.c.Limits.Down > 0 }},
		{"speed_limit_up", func(l *look) any { return or(kilo(int64(l.c.Limits.Up)), l.kept.UpLimit) }},
		{"speed_limit_up_enabled", func(l *look) any { return l.c.Limits.Up > 0 }},
	}
}

// kilo returns bytes in kB: 1 at least, for 0 would say that there is no limit.
func kilo(bytes int64) int64 {
	if bytes <= 0 {
		return 0
	}
	return max(bytes/kB, 1)
}

func places() []field {
	return []field{
		{"config_dir", func(l *look) any { return l.cfg.Home }},
		{"download_dir", func(l *look) any { return l.cfg.Node.Path(l.c.Paths.Download) }},
		{"download_dir_free_space", func(l *look) any { return l.free() }},
		{"incomplete_dir", func(l *look) any { return l.incomplete() }},
		{"incomplete_dir_enabled", func(l *look) any { return l.c.Paths.Incomplete != "" }},
		{"rename_partial_files", func(*look) any { return true }},
		{"trash_original_torrent_files", func(*look) any { return false }},
		{"script_torrent_added_enabled", func(*look) any { return false }},
		{"script_torrent_added_filename", func(*look) any { return "" }},
		{"script_torrent_done_enabled", func(l *look) any { return len(l.c.Hooks.Complete) > 0 }},
		{"script_torrent_done_filename", func(l *look) any { return strings.Join(l.c.Hooks.Complete, " ") }},
		{"script_torrent_done_seeding_enabled", func(*look) any { return false }},
		{"script_torrent_done_seeding_filename", func(*look) any { return "" }},
	}
}

func (l *look) free() int64 {
	free, _, err := l.cfg.Node.Space(l.cfg.Node.Path(l.c.Paths.Download))
	if err != nil {
		return -1
	}
	return free
}

func (l *look) incomplete() string {
	switch {
	case l.c.Paths.Incomplete != "":
		return l.cfg.Node.Path(l.c.Paths.Incomplete)
	case l.kept.Incomplete != "":
		return l.kept.Incomplete
	}
	return filepath.Join(l.cfg.Home, "incomplete")
}

func queues() []field {
	return []field{
		{"download_queue_enabled", func(l *look) any { return l.c.Queue.Downloads > 0 }},
		{"download_queue_size", func(l *look) any { return or(int64(l.c.Queue.Downloads), l.kept.DownloadQueue) }},
		{"idle_seeding_limit", func(l *look) any { return or(minutes(time.Duration(l.c.Seeding.Idle)), l.kept.Idle) }},
		{"idle_seeding_limit_enabled", func(l *look) any { return l.c.Seeding.Idle > 0 }},
		{"queue_stalled_enabled", func(l *look) any { return l.kept.Stalled }},
		{"queue_stalled_minutes", func(l *look) any { return l.kept.StalledMinutes }},
		{"seed_queue_enabled", func(l *look) any { return l.c.Queue.Seeds > 0 }},
		{"seed_queue_size", func(l *look) any { return or(int64(l.c.Queue.Seeds), l.kept.SeedQueue) }},
		{"seed_ratio_limit", func(l *look) any { return or(l.c.Seeding.Ratio, l.kept.Ratio) }},
		{"seed_ratio_limited", func(l *look) any { return l.c.Seeding.Ratio > 0 }},
		{"sequential_download", func(l *look) any { return l.kept.Sequential }},
		{"start_added_torrents", func(l *look) any { return !l.kept.Paused }},
	}
}

func minutes(d time.Duration) int64 {
	if d <= 0 {
		return 0
	}
	return max(int64(d/time.Minute), 1)
}

func network() []field {
	return []field{
		{"blocklist_enabled", func(l *look) any { return len(l.c.Peers.Block) > 0 }},
		{"blocklist_size", func(l *look) any { return l.cfg.Node.Blocked() }},
		{"blocklist_url", func(l *look) any { return l.blocklist() }},
		{"default_trackers", func(*look) any { return "" }},
		{"dht_enabled", func(l *look) any { return l.c.Peers.DHT }},
		{"encryption", func(l *look) any { return encryption(l.c.Peers.TLS, l.modern) }},
		{"lpd_enabled", func(l *look) any { return l.c.Peers.LSD }},
		{"peer_limit_global", func(l *look) any { return l.c.Peers.Max }},
		{"peer_limit_per_torrent", func(l *look) any { return l.c.Peers.PerTorrent }},
		{"peer_port", func(l *look) any { return l.cfg.Node.Port() }},
		{"peer_port_random_on_start", func(*look) any { return false }},
		{"pex_enabled", func(*look) any { return true }},
		{"port_forwarding_enabled", func(l *look) any { return l.c.Peers.Portmap }},
		{"preferred_transports", func(l *look) any { return transports(l.c.Peers.UTP) }},
		{"tcp_enabled", func(l *look) any { return l.c.Peers.UTP != "only" }},
		{"utp_enabled", func(l *look) any { return l.c.Peers.UTP != "off" }},
	}
}

// blocklist returns where the list of blocked addresses comes from: the first URL among
// those of the node, or what is remembered while there is none.
func (l *look) blocklist() string {
	if at := slices.IndexFunc(l.c.Peers.Block, isURL); at >= 0 {
		return l.c.Peers.Block[at]
	}
	return l.kept.Blocklist
}

func isURL(text string) bool { return strings.Contains(text, "://") }

// encryption is how new torrents take to TLS, in the words that Transmission has for
// another encryption.
func encryption(tls string, modern bool) string {
	switch {
	case tls == "require":
		return "required"
	case tls == "prefer":
		return "preferred"
	case modern:
		return "allowed"
	}
	return "tolerated"
}

func transports(utp string) []string {
	switch utp {
	case "off":
		return []string{"tcp"}
	case "only":
		return []string{"utp"}
	}
	return []string{"tcp", "utp"}
}

func program() []field {
	return []field{
		{"anti_brute_force_enabled", func(*look) any { return false }},
		{"cache_size_mib", func(l *look) any { return int64(l.c.Engine.Memory) / mib }},
		{"reqq", func(*look) any { return 500 }},
		{"rpc_version", func(*look) any { return rpcVersion }},
		{"rpc_version_minimum", func(*look) any { return rpcMinimum }},
		{"rpc_version_semver", func(*look) any { return rpcSemver }},
		{"session_id", func(l *look) any { return l.cfg.ID }},
		{"units", func(*look) any { return units() }},
		{"version", func(l *look) any { return likeVersion + " (warren " + l.cfg.Version + ")" }},
	}
}

func units() message.Object {
	o := message.Object{Style: message.Kebab}
	o.Set("memory_bytes", 1024)
	o.Set("memory_units", []string{"B", "KiB", "MiB", "GiB", "TiB"}[1:])
	o.Set("size_bytes", 1000)
	o.Set("size_units", []string{"kB", "MB", "GB", "TB"})
	o.Set("speed_bytes", kB)
	o.Set("speed_units", []string{"kB/s", "MB/s", "GB/s", "TB/s"})
	return o
}
