package session

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"time"

	"github.com/warren-p2p/warren/internal/compat/transmission/message"
	"github.com/warren-p2p/warren/internal/compat/transmission/remembered"
	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/words"
)

func absolute(path string) bool { return filepath.IsAbs(path) }

// change is a session_set that is being put together.
type change struct {
	a     message.Args
	c     config.Config
	kept  remembered.Session
	patch map[string]any
	path  func(string) string // makes one of the configuration absolute
}

// Set answers session_set: all of it is done, or nothing. What a node does not have
// is passed over, as the real one passes over what it does not know.
func (s *Session) Set(ctx context.Context, a message.Args) error {
	ch := &change{a: a, c: s.cfg.Node.Settings(), kept: s.cfg.Memory.Session(), patch: map[string]any{}, path: s.cfg.Node.Path}
	if err := ch.places(); err != nil {
		return err
	}
	if list, ok := a.String("default_trackers"); ok && list != "" {
		return message.Refuse(message.CodeTrackerList, "warren adds no trackers to torrents of others")
	}
	ch.speeds()
	ch.schedule()
	ch.queues()
	ch.network()
	maps.DeleteFunc(ch.patch, func(key string, v any) bool { return same(ch.c.Value(key), v) })
	if len(ch.patch) > 0 {
		if err := s.cfg.Node.ChangeSettings(ctx, ch.patch); err != nil {
			return refusedBy(err)
		}
	}
	kept := ch.kept
	if err := s.cfg.Memory.ChangeSession(ctx, func(r *remembered.Session) {
		kept.Sessions, kept.Seconds, kept.Sent, kept.Received = r.Sessions, r.Seconds, r.Sent, r.Received
		*r = kept
	}); err != nil {
		return err
	}
	if on, ok := a.Bool("alt_speed_enabled"); ok && on != s.cfg.Node.Alternative() {
		return s.cfg.Node.SetAlternative(ctx, on)
	}
	return nil
}

// same reports whether a setting has a value already: programs set all that they show,
// changed or not, and some of it may not be changed.
func same(now, wanted any) bool {
	if bytes, isInt := wanted.(int64); isInt {
		var speed words.Speed
		text, isText := now.(string)
		if isText && speed.UnmarshalText([]byte(text)) == nil {
			return int64(speed) == bytes
		}
		return fmt.Sprint(now) == fmt.Sprint(bytes)
	}
	return reflect.DeepEqual(now, wanted)
}

func (ch *change) places() error {
	if dir, ok := ch.a.String("download_dir"); ok {
		if !absolute(dir) {
			return errRelative("download directory")
		}
		if dir != ch.path(ch.c.Paths.Download) {
			ch.patch["paths.download"] = dir
		}
	}
	dir, given := ch.a.String("incomplete_dir")
	if given && !absolute(dir) {
		return errRelative("incomplete torrents directory")
	}
	if given {
		ch.kept.Incomplete = dir
	}
	on, switched := ch.a.Bool("incomplete_dir_enabled")
	switch {
	case !switched && !given, !switched && ch.c.Paths.Incomplete == "":
	case !on && switched:
		if ch.c.Paths.Incomplete != "" {
			ch.patch["paths.incomplete"] = ""
		}
	case ch.c.Paths.Incomplete == "" || ch.path(ch.c.Paths.Incomplete) != ch.kept.Incomplete:
		ch.patch["paths.incomplete"] = ch.kept.Incomplete
	}
	return nil
}

// limit sets a number with a switch: the setting at key is 0 while it is off, and
// then kept remembers it. of makes what the setting holds of it.
func limit[T int64 | float64](ch *change, key string, now T, kept *T, given T, isGiven bool, name string, of func(T) any) {
	on, switched := ch.a.Bool(name)
	if !switched {
		on = now > 0
	}
	if now > 0 {
		*kept = now
	}
	if isGiven {
		*kept = given
	}
	switch {
	case on && (isGiven || now == 0):
		ch.patch[key] = of(*kept)
	case !on && now > 0:
		ch.patch[key] = of(0)
	}
}

func (ch *change) int(name string) (int64, bool) {
	n, ok := ch.a.Int(name)
	return max(n, 0), ok
}

func inBytes(n int64) any { return n * kB }

// speed is a limit of which 0, switched on, is as little as there can be.
func (ch *change) speed(key, name string, now int64, kept *int64) {
	given, ok := ch.int(name)
	given = max(given, 1)
	limit(ch, key, kilo(now), kept, given, ok, name+"_enabled", inBytes)
}

func (ch *change) speeds() {
	ch.speed("limits.down", "speed_limit_down", int64(ch.c.Limits.Down), &ch.kept.DownLimit)
	ch.speed("limits.up", "speed_limit_up", int64(ch.c.Limits.Up), &ch.kept.UpLimit)
	for name, key := range map[string]string{"alt_speed_down": "limits.alternative.down", "alt_speed_up": "limits.alternative.up"} {
		if n, ok := ch.int(name); ok {
			ch.patch[key] = max(n, 1) * kB
		}
	}
}

func (ch *change) queues() {
	whole := func(n int64) any { return n }
	size, given := ch.int("download_queue_size")
	limit(ch, "queue.downloads", int64(ch.c.Queue.Downloads), &ch.kept.DownloadQueue, size, given, "download_queue_enabled", whole)
	size, given = ch.int("seed_queue_size")
	limit(ch, "queue.seeds", int64(ch.c.Queue.Seeds), &ch.kept.SeedQueue, size, given, "seed_queue_enabled", whole)
	idle, given := ch.int("idle_seeding_limit")
	limit(ch, "seeding.idle", minutes(time.Duration(ch.c.Seeding.Idle)), &ch.kept.Idle, idle, given, "idle_seeding_limit_enabled",
		func(n int64) any { return words.Period(time.Duration(n) * time.Minute).String() })
	ratio, given := ch.a.Real("seed_ratio_limit")
	limit(ch, "seeding.ratio", ch.c.Seeding.Ratio, &ch.kept.Ratio, max(ratio, 0), given, "seed_ratio_limited",
		func(r float64) any { return r })
	if on, ok := ch.a.Bool("queue_stalled_enabled"); ok {
		ch.kept.Stalled = on
	}
	if n, ok := ch.int("queue_stalled_minutes"); ok {
		ch.kept.StalledMinutes = n
	}
	if on, ok := ch.a.Bool("start_added_torrents"); ok {
		ch.kept.Paused = !on
	}
	if on, ok := ch.a.Bool("sequential_download"); ok {
		ch.kept.Sequential = on
	}
}

func (ch *change) network() {
	for name, key := range map[string]string{"dht_enabled": "peers.dht", "lpd_enabled": "peers.lsd", "port_forwarding_enabled": "peers.portmap"} {
		if on, ok := ch.a.Bool(name); ok {
			ch.patch[key] = on
		}
	}
	for name, key := range map[string]string{"peer_limit_global": "peers.max", "peer_limit_per_torrent": "peers.per-torrent"} {
		if n, ok := ch.int(name); ok && n > 0 {
			ch.patch[key] = n
		}
	}
	if on, ok := ch.a.Bool("utp_enabled"); ok && on != (ch.c.Peers.UTP != "off") {
		ch.patch["peers.utp"] = map[bool]string{true: "on", false: "off"}[on]
	}
	if list, ok := ch.a.Strings("preferred_transports"); ok {
		ch.transports(list)
	}
	if word, ok := ch.a.String("encryption"); ok {
		if policy := map[string]string{"required": "require", "preferred": "prefer", "tolerated": "off", "allowed": "off"}[word]; policy != "" {
			ch.patch["peers.tls"] = policy
		}
	}
	if n, ok := ch.int("cache_size_mib"); ok && n >= 4 {
		ch.patch["engine.memory"] = n * mib
	}
	ch.blocklist()
}

// blocklist puts a URL among the lists of the node, or takes it out. Files, which are
// the user's own, stay.
func (ch *change) blocklist() {
	url := (&look{c: ch.c, kept: ch.kept}).blocklist()
	given, isGiven := ch.a.String("blocklist_url")
	on, switched := ch.a.Bool("blocklist_enabled")
	if !switched {
		on = slices.ContainsFunc(ch.c.Peers.Block, isURL)
	}
	if isGiven {
		url = given
	}
	ch.kept.Blocklist = url
	if !isGiven && !switched {
		return
	}
	lists := slices.DeleteFunc(slices.Clone(ch.c.Peers.Block), isURL)
	if on && url != "" {
		lists = append(lists, url)
	}
	ch.patch["peers.block"] = lists
}

func (ch *change) transports(list []string) {
	var tcp, utp bool
	for _, name := range list {
		tcp, utp = tcp || name == "tcp", utp || name == "utp"
	}
	switch {
	case tcp && utp:
		ch.patch["peers.utp"] = "on"
	case tcp:
		ch.patch["peers.utp"] = "off"
	case utp:
		ch.patch["peers.utp"] = "only"
	}
}
