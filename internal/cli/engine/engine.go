// Package engine runs the engine for commands that move content in the foreground,
// share and get, as their flags say.
package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"

	"github.com/warren-p2p/warren/btls/enrol"
	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/internal/cli/company"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/looks"
	"github.com/warren-p2p/warren/internal/cli/network"
	"github.com/warren-p2p/warren/internal/cli/papers"
	"github.com/warren-p2p/warren/internal/cli/progress"
	"github.com/warren-p2p/warren/internal/home"
	look "github.com/warren-p2p/warren/internal/looks"
	"github.com/warren-p2p/warren/internal/netpolicy/traffic"
	"github.com/warren-p2p/warren/internal/reachable"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm"
)

// Flags are what both commands have: how peers are spoken to.
type Flags struct {
	TLS       string      `name:"tls" enum:"off,prefer,require" default:"prefer" help:"Speak to peers over TLS: off, prefer (with every peer that can) or require."`
	UTP       string      `name:"utp" enum:"off,on,only" default:"on" help:"Speak to peers over uTP, which yields to other traffic and passes more routers: off, on (beside TCP) or only."`
	Listen    string      `default:":0" placeholder:"ADDR" help:"Address to accept peers on, HOST:PORT; without a host on all addresses, with port 0 on a free port."`
	LimitUp   words.Speed `placeholder:"RATE" help:"Send no more than this in a second, such as 10MB."`
	LimitDown words.Speed `placeholder:"RATE" help:"Receive no more than this in a second, such as 10MB."`

	Company company.Flags `embed:""`
	Network network.Flags `embed:""`
	Looks   looks.Flags   `embed:""`
	Papers  papers.Flags  `embed:""`
}

// Policy returns what --tls says.
func (l *Flags) Policy() swarm.TLSPolicy {
	switch l.TLS {
	case "off":
		return swarm.TLSOff
	case "require":
		return swarm.TLSRequire
	}
	return swarm.TLSPrefer
}

func (l *Flags) carrier() swarm.Carrier {
	switch l.UTP {
	case "off":
		return swarm.TCPOnly
	case "only":
		return swarm.UTPOnly
	}
	return swarm.TCPAndUTP
}

// Check refuses what cannot be meant, before any work is done.
func (l *Flags) Check() error {
	if _, _, err := net.SplitHostPort(l.Listen); err != nil {
		return console.Usage("--listen %s: want HOST:PORT, such as :6881 or 192.0.2.1:6881", l.Listen)
	}
	if err := l.Looks.Check(); err != nil {
		return err
	}
	if err := l.Network.Check(); err != nil {
		return err
	}
	return l.Company.CheckTrackers()
}

// Engine is a running session with the state it stands on.
type Engine struct {
	*swarm.Session
	Work  *home.Work
	Home  *home.Home
	Log   *slog.Logger
	Hello hello.Hello    // what connections look like
	Site  *enrol.Handler // before the website
	look  *look.Look
	owned []io.Closer // closed before the session
	dirs  []vfs.FS    // of content; closed after the session, which still needs them

	named      []string // trackers, by the user
	name       string   // of the port, "" if it has none
	announceID bool     // the user's wish, too
	show       func(*swarm.Options) error
	Reach      *reachable.Follower

	Network *network.Network
	quit    context.CancelFunc
	told    sync.WaitGroup
}

// Start opens home and state and starts a session, whose log goes to h; nil
// keeps none. Traffic leaves by what the flags opened, which is closed after the
// engine.
func Start(ctx context.Context, c *console.Console, link *Flags, via *network.Network, h slog.Handler, contents ...home.Content) (*Engine, error) {
	path, err := c.HomePath()
	if err != nil {
		return nil, err
	}
	e := &Engine{
		Network: via,
		named:   link.Company.Tracker, name: link.Looks.Name, announceID: link.Company.AnnounceID,
		show: func(opts *swarm.Options) error { return link.Papers.Show(c, opts) },
	}
	if err := e.start(ctx, c, link, h, path, contents); err != nil {
		return nil, errors.Join(err, e.closeState())
	}
	return e, nil
}

func (e *Engine) start(ctx context.Context, c *console.Console, link *Flags, h slog.Handler, path string, contents []home.Content) (err error) {
	if h == nil {
		h = slog.DiscardHandler
	}
	if e.Home, err = home.Open(path); err != nil {
		return err
	}
	if e.Work, err = e.Home.Work(contents...); err != nil {
		return err
	}
	cfg := swarm.Config{
		Policies: e.Network.Policies(),
		Home:     e.Work, Listen: link.Listen, Carrier: link.carrier(), Clock: c.Clock, Log: slog.New(h),
		Client: c.Client(), BootID: home.BootID(),
		UploadLimit: int64(link.LimitUp), DownloadLimit: int64(link.LimitDown),
	}
	if err := link.Company.Apply(c, &cfg); err != nil {
		return err
	}
	if e.look, err = link.Looks.Apply(ctx, c, e.Home, e.Network.Policy(traffic.Web), &cfg); err != nil {
		return err
	}
	e.Log, e.Hello, e.Site = cfg.Log, cfg.Hello, enrol.NewHandler(cfg.Site, c.Clock, cfg.Log)
	cfg.Site = e.Site
	e.Session, err = swarm.NewSession(ctx, cfg)
	if err != nil {
		return fmt.Errorf("listen on %s: %w: choose another address with --listen", link.Listen, console.Cause(err))
	}
	e.Reach = reachable.Follow(e.Session)
	e.look.Follow(e.Session, e.Reach)
	e.follow()
	e.Network.Tell(c)
	return nil
}

func (e *Engine) closeState() error {
	var errs []error
	for _, d := range e.dirs {
		errs = append(errs, d.Close())
	}
	errs = append(errs, e.look.Close())
	if e.Work != nil {
		errs = append(errs, e.Work.Close())
	}
	if e.Home != nil {
		errs = append(errs, e.Home.Close())
	}
	return errors.Join(errs...)
}

// follow tells what becomes of the way out.
func (e *Engine) follow() {
	ctx, cancel := context.WithCancel(context.Background())
	e.quit = cancel
	e.told.Go(func() { e.Network.Follow(ctx, e.Reach) })
}

// Close ends the session and gives its state back.
func (e *Engine) Close() error {
	e.quit()
	e.told.Wait()
	e.Reach.Close()
	var errs []error
	for _, o := range e.owned {
		errs = append(errs, o.Close())
	}
	return errors.Join(errors.Join(errs...), e.Session.Close(), e.closeState())
}

// Own closes something before the session ends.
func (e *Engine) Own(c io.Closer) { e.owned = append(e.owned, c) }

// Addresses returns where peers can connect to, a name that the port has first.
func (e *Engine) Addresses() []string {
	at := e.Network.Addresses(reachable.Addresses(e.Addr()))
	if len(at) == 0 {
		return nil
	}
	if _, port, err := net.SplitHostPort(at[0]); err == nil && e.name != "" {
		at = append([]string{net.JoinHostPort(e.name, port)}, at...)
	}
	return at
}

// Take adds a torrent. The content directory is closed with the engine.
func (e *Engine) Take(opts swarm.Options) (*swarm.Torrent, error) {
	opts.Trackers, opts.AnnounceDiscovery = e.named, e.announceID
	e.dirs = append(e.dirs, opts.Content)
	if err := e.show(&opts); err != nil {
		return nil, err
	}
	return e.Add(opts)
}

// UntilEnd shows torrents until the user has enough, and what was sent.
func UntilEnd(ctx context.Context, c *console.Console, reach *reachable.Follower, v progress.Seeding) error {
	for ctx.Err() == nil {
		stop := c.Watch(v)
		select {
		case <-ctx.Done():
			stop()
		case n := <-reach.News:
			stop()
			_ = n.Tell(c) // as for what is watched
		}
	}
	c.Say("Stopped. %s were sent.", words.Bytes(v.Gauge().Sent))
	return console.ErrInterrupted
}

// Hash returns the version 1 hash if a torrent has it, else the version 2 hash.
func Hash(h metainfo.InfoHashes) string {
	if h.HasV1 {
		return h.V1.String()
	}
	return h.V2.String()
}
