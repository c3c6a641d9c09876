package get

import (
	"context"
	"errors"
	"fmt"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/linked"
	"github.com/warren-p2p/warren/internal/cli/network"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/netpolicy/traffic"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/share/visit"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/swarm"
)

// shared is the link of a share, and what was found there.
type shared struct {
	link.Link
	record *record.Record
}

// parseLink reads the link of a share.
func (g *Command) parseLink() error {
	if g.Torrent != "" {
		return console.Usage("--torrent says where the torrent of a magnet link is written, and that of a share is of no use without the link")
	}
	l, err := link.Parse(g.Source)
	if err != nil {
		return fmt.Errorf("read the link: %w", err) // which may be a secret
	}
	g.link = &shared{Link: l}
	return nil
}

// settle finds out what lets us in. What is shared by a link is looked at there, and if
// it is private neither the DHT nor the local network is asked for anything.
func (g *Command) settle(ctx context.Context, c *console.Console, via *network.Network, opts *swarm.Options) (err error) {
	if g.link == nil {
		opts.Secret, err = g.Secret(opts.Demand())
		return err
	}
	by := visit.New(visit.Config{Net: via.Policy(traffic.Web), Hello: g.Looks.Client(), Clock: c.Clock})
	f, err := linked.Open(ctx, c, by, g.link.Link, g.Passphrase)
	if err != nil {
		return err
	}
	linked.Say(c, &f.Record)
	g.link.record = &f.Record
	opts.Metainfo, opts.Secret, opts.Sole = f.Torrent, f.Secret, f.Sole
	if f.Sole != nil {
		g.Company.NoDHT, g.Company.NoLSD = true, true
	}
	return nil
}

// folder opens the folder that content lands in.
func (g *Command) folder() (vfs.FS, error) {
	dir, err := home.OpenDir(g.Dir, 0o777)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w: choose another directory with --dir", words.Plain(g.Dir), console.Cause(err))
	}
	if g.link != nil {
		if err := linked.Fits(dir, g.Dir, g.link.record); err != nil {
			return nil, errors.Join(err, dir.Close())
		}
	}
	return dir, nil
}
