package preferences

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/internal/config"
)

// kind says what a preference is in the configuration.
type kind int

const (
	text     kind = iota
	flag          // true or false
	amount        // bytes a second, or a number of things; less than nothing is none
	minute        // minutes, as a period
	fraction      // less than nothing is none
)

// setting is what a preference changes.
type setting struct {
	key  string
	kind kind
}

// settings returns what can be changed by one preference alone.
func settings() map[string]setting {
	return map[string]setting{
		"save_path": {"paths.download", text},
		"up_limit":  {"limits.up", amount}, "dl_limit": {"limits.down", amount},
		"alt_up_limit": {"limits.alternative.up", amount}, "alt_dl_limit": {"limits.alternative.down", amount},
		"max_active_downloads": {"queue.downloads", amount}, "max_active_uploads": {"queue.seeds", amount}, "max_active_torrents": {"queue.total", amount},
		"max_connec": {"peers.max", amount}, "max_connec_per_torrent": {"peers.per-torrent", amount}, "max_uploads": {"peers.upload-slots", amount},
		"max_ratio": {"seeding.ratio", fraction}, "max_seeding_time": {"seeding.time", minute}, "max_inactive_seeding_time": {"seeding.idle", minute},
		"start_paused_enabled": {"queue.add-paused", flag},
		"dht":                  {"peers.dht", flag}, "lsd": {"peers.lsd", flag}, "upnp": {"peers.portmap", flag},
		"enable_embedded_tracker": {"tracker.on", flag},
		"rss_processing_enabled":  {"feeds.on", flag}, "rss_refresh_interval": {"feeds.interval", minute},
	}
}

// Change reads a change of preferences, and returns the one of the configuration that
// it comes to, by key. What is not known, or cannot be changed, is left out, and so
// is what stays as it is.
func Change(text []byte, c config.Config, s State) (map[string]any, error) {
	var change map[string]any
	if err := json.Unmarshal(text, &change); err != nil {
		return nil, fmt.Errorf("preferences: %w", err)
	}
	shown, err := Of(c, s)
	if err != nil {
		return nil, err
	}
	patch := make(map[string]any)
	known := settings()
	for _, key := range slices.Sorted(maps.Keys(change)) {
		set, ok := known[key]
		if !ok || fmt.Sprint(shown[key]) == fmt.Sprint(change[key]) {
			continue
		}
		if patch[set.key], err = set.value(key, change[key]); err != nil {
			return nil, err
		}
	}
	for _, together := range []func(map[string]any, map[string]any, config.Config) error{off, action, carrier, folders, times} {
		if err := together(change, patch, c); err != nil {
			return nil, err
		}
	}
	return patch, nil
}

// value returns a preference as the configuration has it.
func (s setting) value(key string, v any) (any, error) {
	switch s.kind {
	case text:
		if t, ok := v.(string); ok {
			return t, nil
		}
	case flag:
		if b, ok := v.(bool); ok {
			return b, nil
		}
	case fraction:
		if f, ok := v.(float64); ok {
			return max(f, 0), nil
		}
	case minute:
		n, err := number(key, v)
		return fmt.Sprintf("%dm", n), err
	default:
		return number(key, v)
	}
	return nil, fmt.Errorf("%s: %v is nothing it can be", key, v)
}

// number returns a whole number, 0 for one below.
func number(key string, v any) (int64, error) {
	f, ok := v.(float64)
	if !ok || f != math.Trunc(f) || f > 1<<53 {
		return 0, fmt.Errorf("%s: want a whole number, not %v", key, v)
	}
	return int64(max(f, 0)), nil
}

// off takes back what is switched off by a preference of its own.
func off(change, patch map[string]any, _ config.Config) error {
	for key, settings := range map[string]map[string]any{
		"max_ratio_enabled":                 {"seeding.ratio": 0.0},
		"max_seeding_time_enabled":          {"seeding.time": "0"},
		"max_inactive_seeding_time_enabled": {"seeding.idle": "0"},
		"queueing_enabled":                  {"queue.downloads": int64(0), "queue.seeds": int64(0), "queue.total": int64(0)},
		"temp_path_enabled":                 {"paths.incomplete": ""},
	} {
		if on, ok := change[key].(bool); ok && !on {
			maps.Copy(patch, settings)
		}
	}
	if on, ok := change["temp_path_enabled"].(bool); ok && on {
		if dir, ok := change["temp_path"].(string); ok {
			patch["paths.incomplete"] = dir
		}
	}
	return nil
}

// action is what becomes of a torrent that has given enough.
func action(change, patch map[string]any, c config.Config) error {
	v, ok := change["max_ratio_act"]
	if !ok {
		return nil
	}
	n, err := number("max_ratio_act", v)
	if err != nil {
		return err
	}
	for name, is := range actions() {
		if int64(is) == n && name != c.Seeding.Then {
			patch["seeding.then"] = name
		}
	}
	return nil
}

// carrier is what peers are spoken to over.
func carrier(change, patch map[string]any, c config.Config) error {
	v, ok := change["bittorrent_protocol"]
	if !ok {
		return nil
	}
	n, err := number("bittorrent_protocol", v)
	if err != nil {
		return err
	}
	if words := []string{"on", "off", "only"}; n < int64(len(words)) && words[n] != c.Peers.UTP {
		patch["peers.utp"] = words[n]
	}
	return nil
}

// folders are those that are watched.
func folders(change, patch map[string]any, _ config.Config) error {
	dirs, ok := change["scan_dirs"].(map[string]any)
	if !ok {
		return nil
	}
	list := []string{}
	for _, dir := range slices.Sorted(maps.Keys(dirs)) {
		if strings.TrimSpace(dir) != "" {
			list = append(list, dir)
		}
	}
	patch["paths.watch"] = list
	return nil
}
