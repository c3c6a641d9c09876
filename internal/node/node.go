// Package node puts a node together and takes it apart again.
//
// What it stands on is opened first, and closed last:
//
//	the home, which one node has at a time
//	the store, and the settings in it
//	the log
//	the network, by one interface or by all
//	identities, and who may do what
//	programs that are told what happens, and lists of who is blocked
//	the engine, with the look of its port, and a tracker behind it
//	memberships of torrents that not everybody may join
//	the library of torrents
//	what is shared by links
//	what keeps to times
//	feeds and folders from which torrents come, and players to which they go
//
// A node has no surface: pages and APIs are put before it by whoever runs it.
package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/warren-p2p/warren/btls/enrol"
	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/blocklist"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/courier"
	"github.com/warren-p2p/warren/internal/feeds"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/hook"
	"github.com/warren-p2p/warren/internal/identity"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/logs"
	"github.com/warren-p2p/warren/internal/membership/circle"
	"github.com/warren-p2p/warren/internal/netpolicy/traffic"
	"github.com/warren-p2p/warren/internal/reachable"
	"github.com/warren-p2p/warren/internal/settings"
	"github.com/warren-p2p/warren/internal/share/book"
	"github.com/warren-p2p/warren/internal/share/door"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/internal/streaming"
	"github.com/warren-p2p/warren/internal/timetable"
	"github.com/warren-p2p/warren/internal/timetable/curfew"
	"github.com/warren-p2p/warren/internal/trackerhost/own"
	"github.com/warren-p2p/warren/internal/watch"
	"github.com/warren-p2p/warren/swarm"
	"github.com/warren-p2p/warren/swarm/reachability"
)

// Options say how a node is opened.
type Options struct {
	Home    string         // a directory, made if it is not there
	Sources config.Sources // but for what is in the store
	Version string         // of the program, such as "0.1.0"
	Clock   clock.Clock
	Log     io.Writer // as text, or as the configuration says; nil for none
	Environ []string  // of which programs that are run get a part
	// Tell tells people beside the log; nil does not.
	Tell reachable.Teller
}

// Node is a running node. What its fields hold is closed with it.
type Node struct {
	Home       *home.Home
	Store      *store.Store
	Logs       *logs.Logs
	Log        *slog.Logger
	Clock      clock.Clock
	Version    string
	Network    *traffic.Network // by which way traffic leaves
	Identities *identity.Book
	Tokens     *access.Tokens // who may do what
	Audit      *audit.Log     // who has done what
	Session    *swarm.Session
	Library    *library.Library
	Timetable  *timetable.Keeper
	Courier    *courier.Courier // fetches from web servers
	Hooks      *hook.Runner
	Blocks     *blocklist.Blocklist
	Feeds      *feeds.Feeds
	Watch      *watch.Watch
	Streams    *streaming.Handler // of files to players
	// Enrol is where others are admitted to torrents of level full-strict.
	Enrol   *enrol.Handler
	Tracker *own.Tracker // of what the library has
	Shares  *book.Book   // what is shared by links
	Started time.Time

	settings *settings.Settings
	tell     reachable.Teller
	opened   []part
	getenv   func(string) string
	engine   atomic.Pointer[swarm.Session] // once there is one
	hello    hello.Hello                   // what connections look like
	members  *circle.Circle
	door     *door.Handler // to what is shared, on the port
	moved    bool          // the port is not the one that is usual
	curfew   curfew.Curfew // called by the schedule
	closing  sync.Once
	closed   error
}

// part is something that was opened.
type part struct {
	what  string
	close func() error
}

// Open starts a node. The error may be a [*home.RunningError], a [*store.NewerError]
// or a [*store.CorruptError], and join a [*config.KeyError] for each setting that is
// wrong.
func Open(ctx context.Context, o Options) (*Node, error) {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	n := &Node{Clock: o.Clock, Version: o.Version, Started: o.Clock.Now(), getenv: o.Sources.Getenv}
	if n.getenv == nil {
		n.getenv = func(string) string { return "" }
	}
	for _, open := range []func(context.Context, Options) error{
		n.openHome, n.openStore, n.openLog, n.openNetwork, n.openIdentities, n.openAccess, n.openHooks, n.openBlocks, n.openEngine, n.openMembers, n.openLibrary, n.openShares, n.openTimetable,
		n.openFeeds, n.openWatch, n.openStreams,
	} {
		if err := open(ctx, o); err != nil {
			return nil, errors.Join(err, n.Close())
		}
	}
	n.settings.Watch(n.apply)
	n.Log.Info("the node runs", "version", n.Version, "home", n.Home.Path(), "listen", addrText(n.Session))
	return n, nil
}

// own has something closed with the node, before what was opened earlier.
func (n *Node) own(what string, closer func() error) {
	n.opened = append(n.opened, part{what, closer})
}

// Close stops everything, in the opposite order of opening it, and waits for it. What
// the node must not forget is in the store before that, whether it is closed or not.
func (n *Node) Close() error {
	n.closing.Do(func() {
		var errs []error
		for _, p := range slices.Backward(n.opened) {
			if err := p.close(); err != nil {
				errs = append(errs, fmt.Errorf("close %s: %w", p.what, err))
			}
		}
		n.closed = errors.Join(errs...)
	})
	return n.closed
}

// Settings returns the configuration as it is.
func (n *Node) Settings() config.Config { return n.settings.Now() }

// ChangeSettings changes settings by key, as typed or as JSON has them; nil takes an
// earlier change back. All are changed or none. What cannot take effect at once does
// when the node is started again: see [Node.Waiting]. The error joins a
// [*config.KeyError] for each that is wrong.
func (n *Node) ChangeSettings(ctx context.Context, patch map[string]any) error {
	return n.settings.Change(ctx, patch)
}

// ReviseSettings is ChangeSettings for values that depend on what they are now.
func (n *Node) ReviseSettings(ctx context.Context, revise func(now config.Config) (patch map[string]any, err error)) error {
	return n.settings.Revise(ctx, revise)
}

// Waiting returns the keys of settings that take effect when the node is started again.
func (n *Node) Waiting() []string { return n.settings.Waiting() }

// Reachability returns what is known of whether others can connect.
func (n *Node) Reachability() reachability.Report { return n.Session.Reachability() }

// Addresses returns where peers can connect to.
func (n *Node) Addresses() []string {
	if n.Session.Addr() == nil {
		return nil
	}
	return reachable.Addresses(n.Session.Addr())
}

// Moved reports whether the port is another one than usual, which was taken.
func (n *Node) Moved() bool { return n.moved }

// Announce writes down where the API of the node listens, for commands that look for
// it.
func (n *Node) Announce(pid int, api string) error {
	return n.Home.Announce(home.Running{PID: pid, API: api, Started: n.Started.UTC().Truncate(time.Second)})
}

// Path returns where something is that the configuration names: what is not absolute
// begins at the home, ~ is the user's.
func (n *Node) Path(name string) string {
	if rest, ok := cutHome(name); ok && n.getenv("HOME") != "" {
		return filepath.Join(n.getenv("HOME"), rest)
	}
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	at, err := filepath.Abs(filepath.Join(n.Home.Path(), name))
	if err != nil {
		return filepath.Join(n.Home.Path(), name) // there is no working directory
	}
	return at
}
