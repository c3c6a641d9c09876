// Package preferences shows the configuration of a node as the preferences of
// qBittorrent, and turns changes of these into changes of the configuration.
//
// What a node does not have is shown as it is, off and empty (fixed.json), and cannot
// be changed: qBittorrent passes over what it does not know, and so does this. What
// could run a program or open the management to others cannot be changed either.
package preferences

import (
	_ "embed" // fixed.json
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/config"
)

//go:embed fixed.json
var fixed []byte

// State is what is shown beside the configuration.
type State struct {
	Download, Incomplete string   // absolute; Incomplete is "" for none
	Watch                []string // absolute
	Port                 int      // where peers connect
}

// Of returns all preferences by key.
func Of(c config.Config, s State) (map[string]any, error) {
	all := make(map[string]any)
	if err := json.Unmarshal(fixed, &all); err != nil {
		return nil, fmt.Errorf("preferences: %w", err)
	}
	for _, part := range []map[string]any{
		paths(c, s), limits(c), goals(c), ways(c, s), schedule(c.Schedule), surface(c),
	} {
		maps.Copy(all, part)
	}
	return all, nil
}

func paths(c config.Config, s State) map[string]any {
	watched := make(map[string]any, len(s.Watch))
	for _, dir := range s.Watch {
		watched[dir] = 0 // into the folder itself
	}
	return map[string]any{
		"save_path": s.Download, "temp_path": s.Incomplete, "temp_path_enabled": c.Paths.Incomplete != "",
		"scan_dirs": watched, "incomplete_files_ext": true, "start_paused_enabled": c.Queue.AddPaused,
		"autorun_enabled": len(c.Hooks.Complete) > 0, "autorun_program": strings.Join(c.Hooks.Complete, " "),
	}
}

func limits(c config.Config) map[string]any {
	q := c.Queue
	return map[string]any{
		"up_limit": int64(c.Limits.Up), "dl_limit": int64(c.Limits.Down),
		"alt_up_limit": int64(c.Limits.Alternative.Up), "alt_dl_limit": int64(c.Limits.Alternative.Down),
		"queueing_enabled":     Queueing(c),
		"max_active_downloads": orNone(q.Downloads), "max_active_uploads": orNone(q.Seeds), "max_active_torrents": orNone(q.Total),
		"max_connec": c.Peers.Max, "max_connec_per_torrent": c.Peers.PerTorrent, "max_uploads": orNone(c.Peers.UploadSlots),
	}
}

// Queueing reports whether torrents wait for their turn.
func Queueing(c config.Config) bool { return c.Queue.Downloads+c.Queue.Seeds+c.Queue.Total > 0 }

// orNone returns a bound with -1 for none, as qBittorrent has it.
func orNone(n int) int {
	if n == 0 {
		return -1
	}
	return n
}

func goals(c config.Config) map[string]any {
	ratio := c.Seeding.Ratio
	if ratio == 0 {
		ratio = -1
	}
	minutes := func(d time.Duration) int64 {
		if d == 0 {
			return -1
		}
		return max(int64(d/time.Minute), 1)
	}
	return map[string]any{
		"max_ratio": ratio, "max_ratio_enabled": c.Seeding.Ratio > 0, "max_ratio_act": actions()[c.Seeding.Then],
		"max_seeding_time": minutes(time.Duration(c.Seeding.Time)), "max_seeding_time_enabled": c.Seeding.Time > 0,
		"max_inactive_seeding_time": minutes(time.Duration(c.Seeding.Idle)), "max_inactive_seeding_time_enabled": c.Seeding.Idle > 0,
	}
}

// actions returns the numbers of what is done with a torrent that has given enough.
func actions() map[string]int { return map[string]int{"pause": 0, "remove": 1, "remove-content": 3} }

// ways is how peers are found and spoken to.
func ways(c config.Config, s State) map[string]any {
	carriers := map[string]int{"on": 0, "off": 1, "only": 2}
	return map[string]any{
		"dht": c.Peers.DHT, "lsd": c.Peers.LSD, "upnp": c.Peers.Portmap, "bittorrent_protocol": carriers[c.Peers.UTP],
		"listen_port": s.Port, "random_port": false, "current_network_interface": c.Network.Interface,
		"ip_filter_enabled": len(c.Peers.Block) > 0, "ip_filter_path": strings.Join(c.Peers.Block, ","),
		"enable_embedded_tracker": c.Tracker.On,
		"rss_processing_enabled":  c.Feeds.On, "rss_auto_downloading_enabled": c.Feeds.On,
		"rss_refresh_interval": int64(time.Duration(c.Feeds.Interval) / time.Minute),
	}
}

// surface is how the node is managed.
func surface(c config.Config) map[string]any {
	host, port, err := net.SplitHostPort(c.Management.Listen)
	number, _ := strconv.Atoi(port) // 0 for what is none
	if err != nil {
		host = ""
	}
	return map[string]any{
		"web_ui_address": host, "web_ui_port": number, "web_ui_username": c.RPC.Username,
		"web_ui_domain_list": strings.Join(c.Management.Hosts, ";"),
		"bypass_local_auth":  c.RPC.Username == "" && c.RPC.Password == "",
	}
}
