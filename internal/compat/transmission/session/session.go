// Package session answers what Transmission's RPC asks of the program as a whole:
// session_get and session_set, statistics, free space, the list of blocked addresses,
// and groups of limits, which are the categories of the library.
//
// Speeds are kB/s there, and a limit is a number and a switch. A node has the number
// alone, 0 for none: the number is remembered while the switch is off. A limit of
// 0 that is switched on means that nothing moves; here it is 1 kB/s.
package session

import (
	"context"
	"errors"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/compat/transmission/message"
	"github.com/warren-p2p/warren/internal/compat/transmission/remembered"
	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/library"
)

const (
	kB  = 1000
	mib = 1 << 20
)

// Node is what is asked of a node.
type Node interface {
	Settings() config.Config
	ChangeSettings(ctx context.Context, patch map[string]any) error
	// Alternative reports whether the alternative limits hold, and SetAlternative has
	// them hold or not, until the schedule says otherwise.
	Alternative() bool
	SetAlternative(ctx context.Context, on bool) error
	// Path makes a path of the configuration absolute.
	Path(name string) string
	// Port is where peers connect.
	Port() int
	// Reachable reports whether others can connect to the port; known is false as long
	// as nobody could tell.
	Reachable(ipv6 bool) (open, known bool)
	// Space returns how much room there is in a folder, in bytes: what is free, and all.
	Space(path string) (free, total int64, err error)
	// Reblock reads the lists of addresses that are not spoken to again; Blocked returns
	// how many ranges they have.
	Reblock(ctx context.Context) error
	Blocked() int
}

// Config is what a Session needs.
type Config struct {
	Node    Node
	Library *library.Library
	Memory  *remembered.Memory
	Clock   clock.Clock
	Home    string // of the node
	Version string // of the program
	ID      string // what requests have to name
	// Close ends the program; nil if that is not to be had.
	Close func()
}

// Session answers. Its methods are safe for concurrent use.
type Session struct {
	cfg     Config
	started time.Time
}

// New returns a Session, and counts that the node was started once more.
func New(ctx context.Context, cfg Config) (*Session, error) {
	s := &Session{cfg: cfg, started: cfg.Clock.Now()}
	return s, cfg.Memory.ChangeSession(ctx, func(r *remembered.Session) { r.Sessions++ })
}

// Save writes down how long the node has been running.
func (s *Session) Save(ctx context.Context) error {
	now := s.cfg.Clock.Now()
	ran := now.Sub(s.started)
	s.started = now
	return s.cfg.Memory.ChangeSession(ctx, func(r *remembered.Session) { r.Seconds += int64(ran.Seconds()) })
}

// Get answers session_get: with the fields that are asked for, or all.
func (s *Session) Get(r *message.Request) message.Object {
	o := message.Object{Style: message.Kebab}
	v := &look{Session: s, c: s.cfg.Node.Settings(), kept: s.cfg.Memory.Session(), modern: r.Modern}
	asked, some := r.Args.Strings("fields")
	if !some {
		for _, f := range fields() {
			o.Set(f.name, f.value(v))
		}
		return o
	}
	all := make(map[string]field)
	for _, f := range fields() {
		all[f.name] = f
	}
	for _, name := range asked {
		word := message.Snake(name)
		if f, ok := all[word]; ok {
			o.Fields = append(o.Fields, message.Field{As: name, Value: f.value(v)})
			delete(all, word) // once is enough
		}
	}
	return o
}

// Stats answers session_stats.
func (s *Session) Stats() message.Object {
	t := s.cfg.Library.Totals()
	kept := s.cfg.Memory.Session()
	files, paused := 0, 0
	for _, one := range s.cfg.Library.All() {
		v := one.View()
		files += v.Files
		if v.Paused {
			paused++
		}
	}
	ran := int64(s.cfg.Clock.Now().Sub(s.started).Seconds())
	stats := func(sent, received, seconds, sessions int64) message.Object {
		var o message.Object
		o.Set("downloaded_bytes", received)
		o.Set("files_added", files)
		o.Set("seconds_active", seconds)
		o.Set("session_count", sessions)
		o.Set("uploaded_bytes", sent)
		return o
	}
	var o message.Object
	o.Set("active_torrent_count", t.Torrents-paused)
	o.Set("cumulative_stats", stats(t.EverSent+kept.Sent, t.EverReceived+kept.Received, kept.Seconds+ran, kept.Sessions))
	o.Set("current_stats", stats(t.Sent, t.Received, ran, 1))
	o.Set("download_speed", t.DownRate)
	o.Set("paused_torrent_count", paused)
	o.Set("torrent_count", t.Torrents)
	o.Set("upload_speed", t.UpRate)
	return o
}

// End answers session_close.
func (s *Session) End() error {
	if s.cfg.Close == nil {
		return message.Refuse(message.CodeSystem, "this node is not ended from afar")
	}
	s.cfg.Close()
	return nil
}

// errRelative refuses a path that leaves open where it begins.
func errRelative(what string) error {
	return message.Refuse(message.CodeNotAbsolute, what+" path is not absolute")
}

// Room answers free_space.
func (s *Session) Room(a message.Args) (message.Object, error) {
	var o message.Object
	path, ok := a.String("path")
	switch {
	case !ok:
		return o, message.Refuse(message.CodeInvalidParams, "directory path argument is missing")
	case !absolute(path):
		return o, errRelative("directory")
	}
	o.Style = message.Kebab
	free, total, err := s.cfg.Node.Space(path)
	if err != nil {
		free, total = -1, -1
		err = message.Refuse(message.CodeSystem, err.Error())
	}
	o.Set("path", path)
	o.Set("size_bytes", free)
	o.Set("total_size_bytes", total)
	return o, err
}

// Port answers port_test: by what peers and the router have told, for nobody
// outside is asked.
func (s *Session) Port(a message.Args) (message.Object, error) {
	o := message.Object{Style: message.Kebab}
	protocol, _ := a.String("ip_protocol")
	if protocol != "ipv6" {
		protocol = "ipv4"
	}
	open, known := s.cfg.Node.Reachable(protocol == "ipv6")
	o.Set("ip_protocol", protocol)
	if !known {
		return o, message.Refuse(message.CodeHTTP, "not known yet: nobody has tried to connect")
	}
	o.Set("port_is_open", open)
	return o, nil
}

// Blocklist answers blocklist_update.
func (s *Session) Blocklist(ctx context.Context) (message.Object, error) {
	o := message.Object{Style: message.Kebab}
	if len(s.cfg.Node.Settings().Peers.Block) == 0 {
		return o, message.Refuse(message.CodeHTTP, "no blocklist is enabled")
	}
	if err := s.cfg.Node.Reblock(ctx); err != nil {
		return o, message.Refuse(message.CodeHTTP, err.Error())
	}
	o.Set("blocklist_size", s.cfg.Node.Blocked())
	return o, nil
}

// refusedBy makes what the node says of a change an answer.
func refusedBy(err error) error {
	if err == nil {
		return nil
	}
	if _, wrong := errors.AsType[*config.KeyError](err); wrong {
		return message.Refuse(message.CodeInvalidParams, err.Error())
	}
	return err
}
