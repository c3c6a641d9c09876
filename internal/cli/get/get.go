// Package get is the command that fetches the content of a torrent.
package get

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/internal/cli/access"
	"github.com/warren-p2p/warren/internal/cli/company"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/contact"
	"github.com/warren-p2p/warren/internal/cli/engine"
	"github.com/warren-p2p/warren/internal/cli/linked"
	"github.com/warren-p2p/warren/internal/cli/papers"
	"github.com/warren-p2p/warren/internal/cli/progress"
	"github.com/warren-p2p/warren/internal/cli/stream"
	"github.com/warren-p2p/warren/internal/cli/torrentfile"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/traffic"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/magnet"
	"github.com/warren-p2p/warren/swarm"
)

// Command is get.
type Command struct {
	Source     string   `arg:"" help:"The link of a share, the torrent file, or a magnet link; - takes a link from standard input, where nobody sees it."`
	Dir        string   `short:"o" default:"." placeholder:"DIR" help:"Directory the content lands in."`
	Peer       []string `sep:"none" placeholder:"HOST:PORT" help:"A peer to fetch from; may be given several times."`
	WebSeed    []string `sep:"none" placeholder:"URL" help:"Fetch from this web server as well; may be given several times, and be on this machine."`
	Exit       bool     `help:"End when everything is there, instead of seeding on."`
	Torrent    string   `placeholder:"OUT" help:"Write the torrent of a magnet link to this file, once peers have told it."`
	Invite     string   `placeholder:"TOKEN" help:"An invitation to a torrent of level full-strict, instead of that in the link or torrent file."`
	Sequential bool     `help:"Fetch from the beginning to the end instead of the rarest pieces first."`

	access.Key   `embed:""`
	Stream       stream.Flags `embed:""`
	engine.Flags `embed:""`

	link *shared // nil for what is no share
}

// Help tells what the flags do not.
func (*Command) Help() string {
	return "An interrupted get goes on where it was when it is started again with the same torrent and directory. " +
		"Files carry the suffix .part until they are complete. " +
		"What lies in the directory under the names of the torrent and differs from it is taken for a damaged copy, and repaired."
}

// Run fetches.
func (g *Command) Run(ctx context.Context, c *console.Console) (err error) {
	if err := g.check(); err != nil {
		return err
	}
	opts, err := g.open(ctx, c)
	if err != nil {
		return err
	}
	if done, err := g.throughNode(ctx, c, &opts); done {
		return err
	}
	via, err := g.Network.Open(c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, via.Close()) }()
	if err := g.settle(ctx, c, via, &opts); err != nil {
		return err
	}
	peers, err := g.peers(ctx, via.Policy(traffic.Peers))
	if err != nil {
		return err
	}
	named := slices.Concat(g.Peer, invited(ctx, c, via.Policy(traffic.Peers), &opts))
	addresses := len(peers)
	if opts.Magnet != nil {
		addresses += len(opts.Magnet.Peers)
	}
	trouble, tell := context.WithCancel(ctx) // done when no peer can be had
	defer tell()
	dials := contact.NewAttempts(addresses, g.Policy() == swarm.TLSRequire || opts.Secret != nil || papers.Needed(opts.Metainfo), tell)
	e, err := engine.Start(ctx, c, &g.Flags, via, dials, home.Content{InfoHash: source(opts), Dir: g.Dir})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	dir, err := g.folder()
	if err != nil {
		return err
	}
	opts.Content, opts.TLS, opts.Peers, opts.WebSeeds, opts.Sequential = dir, g.Policy(), peers, g.WebSeed, g.Sequential
	t, err := g.take(ctx, c, e, opts)
	if err != nil {
		return err
	}
	f := &fetching{View: progress.View{Torrent: t, Dials: dials}, peers: named, trouble: trouble.Done(), reach: e.Reach}
	s := stream.Show{Torrent: t}
	defer func() { err = errors.Join(err, s.Close()) }()
	f.learned = func() error { return g.known(ctx, c, &s, opts.Magnet != nil) }
	off := t.Status().Unprotected
	if addresses > 0 { // how others would be found matters less
		off = slices.DeleteFunc(off, func(u swarm.Unprotected) bool { return u.ByID })
	}
	for _, line := range contact.Unprotected(off) {
		c.Say("%s", line)
	}
	f.Sought = progress.Sought{Named: addresses > 0, LSD: !g.Company.NoLSD}
	return g.fetch(ctx, c, f)
}

// check refuses what cannot be meant, before any work is done.
func (g *Command) check() error {
	if err := company.CheckWebSeeds(g.WebSeed, g.Company.NoWebSeeds); err != nil {
		return err
	}
	if err := g.Stream.Check(g.Exit); err != nil {
		return err
	}
	return g.Flags.Check()
}

// open reads the torrent or the magnet link.
func (g *Command) open(ctx context.Context, c *console.Console) (opts swarm.Options, err error) {
	if g.Source, err = linked.Source(ctx, c, g.Source); err != nil {
		return opts, err
	}
	scheme, _, _ := strings.Cut(g.Source, ":")
	switch strings.ToLower(scheme) {
	case "magnet":
		if opts.Magnet, err = magnet.Parse(g.Source); err != nil {
			return opts, fmt.Errorf("read magnet link: %w", err)
		}
		return opts, nil
	case "http", "https":
		if link.Is(g.Source) {
			return opts, g.parseLink()
		}
		return opts, fmt.Errorf("get %s: this version does not download torrents from the web: "+
			"download the .torrent file first, then give its name", words.Plain(g.Source))
	}
	if g.Torrent != "" {
		return opts, console.Usage("--torrent says where the torrent of a magnet link is written, but %s is one already", words.Plain(g.Source))
	}
	opts.Metainfo, err = torrentfile.Read(g.Source)
	return opts, err
}

// invited finds the addresses of the peers that a magnet link names (BEP 9), puts
// them in the place of names, and returns what the link had. One that cannot be found
// is left out: there may be others.
func invited(ctx context.Context, c *console.Console, via netpolicy.Policy, opts *swarm.Options) (named []string) {
	m := opts.Magnet
	if m == nil {
		return nil
	}
	named, m.Peers = m.Peers, nil
	opts.Names = map[netip.AddrPort]string{}
	for _, p := range named {
		addrs, err := contact.Resolve(ctx, via, p)
		host, _, _ := net.SplitHostPort(p)
		name, _ := hello.ServerName(host) // none if it is an address
		if err != nil {
			c.Warn("%v", err)
		}
		for _, a := range addrs {
			m.Peers = append(m.Peers, a.String())
			opts.Names[a] = name
		}
	}
	return named
}

// source returns what a torrent is known by before more is known of it.
func source(opts swarm.Options) string {
	if opts.Metainfo != nil {
		return engine.Hash(opts.Metainfo.Hashes())
	}
	return engine.Hash(opts.Magnet.Hashes)
}

// known goes on once it is known what the torrent consists of.
func (g *Command) known(ctx context.Context, c *console.Console, s *stream.Show, linked bool) error {
	if linked {
		if err := g.learned(c, s.Torrent.Metainfo()); err != nil {
			return err
		}
	}
	return s.Begin(ctx, c, &g.Stream)
}

// learned tells what the magnet link was about, and writes it down if that is
// wanted.
func (g *Command) learned(c *console.Console, meta *metainfo.Torrent) error {
	c.Say("The link is about %q: %s in %s.", words.Plain(meta.Info.Name),
		words.Bytes(meta.Info.TotalLength()), words.Count(torrentfile.Files(meta), "file", "files"))
	if g.Torrent == "" {
		return nil
	}
	return torrentfile.Write(g.Torrent, meta)
}

func (g *Command) peers(ctx context.Context, via netpolicy.Policy) ([]netip.AddrPort, error) {
	var list []netip.AddrPort
	for _, p := range g.Peer {
		addrs, err := contact.Resolve(ctx, via, p)
		if err != nil {
			return nil, err
		}
		list = append(list, addrs...)
	}
	return list, nil
}

// fetch shows a torrent until it is complete and, without --exit, seeds on.
func (g *Command) fetch(ctx context.Context, c *console.Console, f *fetching) error {
	t := f.Torrent
	err := f.wait(ctx, c)
	name := words.Plain(t.Name())
	switch {
	case err == nil:
	case ctx.Err() != nil && t.Metainfo() == nil:
		c.Say("Stopped before a peer has told what %q is.", name)
		return console.ErrInterrupted
	case ctx.Err() != nil:
		s := t.Status()
		c.Say("Stopped with %s of %s of %q.", words.Bytes(s.WantedDone), words.Bytes(s.Wanted), name)
		c.Say("The same command goes on from here.")
		return console.ErrInterrupted
	default:
		return fmt.Errorf("get %q: %w", name, err)
	}
	if err := g.report(c, t); err != nil || g.Exit {
		return err
	}
	c.Say("Seeding until you press Ctrl-C.")
	return engine.UntilEnd(ctx, c, f.reach, progress.Seeding{Torrents: []*swarm.Torrent{t}, Sought: f.Sought})
}
