// Package torrentcmd holds the commands that work on torrent files without a
// network: create, show, verify and edit.
package torrentcmd

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/papers"
	"github.com/warren-p2p/warren/internal/cli/torrentfile"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/metainfo/magnet"
)

// Torrent is the group of commands.
type Torrent struct {
	Create Create `cmd:"" help:"Make the torrent of a file or directory."`
	Show   Show   `cmd:"" help:"Print what a torrent file or magnet link says."`
	Verify Verify `cmd:"" help:"Check files on disk against a torrent."`
	Edit   Edit   `cmd:"" help:"Change what a torrent file says beside its content."`
}

// Create makes a torrent.
type Create struct {
	Path        string     `arg:"" help:"File or directory to make the torrent of."`
	Out         string     `short:"o" required:"" placeholder:"FILE" help:"Write the torrent to this file."`
	PieceLength words.Size `placeholder:"SIZE" help:"Piece length, a power of two from 16KiB; by default 512KiB, more for large content, less for hybrids of many small files."`
	Kind        string     `enum:"v1,v2,hybrid" default:"hybrid" help:"Versions of BitTorrent it is for: v1, v2 or hybrid."`
	Private     bool       `help:"Tell peers to find each other by the trackers alone."`
	Comment     string     `placeholder:"TEXT" help:"A comment for people."`
	Tracker     []string   `sep:"none" placeholder:"URL" help:"A tracker; may be given several times, each is asked if those before do not answer. Commas join equals."`
	WebSeed     []string   `sep:"none" placeholder:"URL" help:"A web server that has the content; may be given several times."`
	SSLCert     string     `name:"ssl-cert" placeholder:"FILE" help:"Make an SSL torrent, whose peers show certificates that this authority has signed: its own certificate, as PEM."`
	Source      string     `placeholder:"TEXT" help:"A text that makes the info-hash differ from that of other trackers' torrents."`
}

// Run makes the torrent.
func (cr *Create) Run(ctx context.Context, c *console.Console) error {
	tiers, err := tiers(cr.Tracker)
	if err != nil {
		return err
	}
	if err := webSeeds(cr.WebSeed); err != nil {
		return err
	}
	if err := pieceLength(int64(cr.PieceLength)); err != nil {
		return err
	}
	opts := create.Options{
		PieceLength: int64(cr.PieceLength), Kind: torrentfile.Kind(cr.Kind), Private: cr.Private,
		Comment: cr.Comment, Trackers: tiers, WebSeeds: cr.WebSeed, Source: cr.Source,
	}
	if cr.SSLCert != "" {
		if opts.SSLCert, err = papers.Authority(cr.SSLCert); err != nil {
			return err
		}
	}
	begun := c.Clock.Now()
	t, err := torrentfile.Create(ctx, c, "making", cr.Path, opts)
	if err != nil {
		return err
	}
	if err := torrentfile.Write(cr.Out, t); err != nil {
		return err
	}
	took := c.Clock.Now().Sub(begun)
	total := t.Info.TotalLength()
	ev := console.Of(console.Done, t)
	ev.Bytes, ev.RateBPS, ev.Seconds = total, words.RateOver(total, took), took.Seconds()
	ev.Torrent, ev.Magnet = cr.Out, magnet.Of(t).String()
	if err := c.Emit(ev); err != nil {
		return err
	}
	c.Say("Made %s from %q: %s in %s, hashed in %s.", cr.Out, words.Plain(t.Info.Name), words.Bytes(total),
		words.Count(torrentfile.Files(t), "file", "files"), words.Duration(took))
	sayHashes(c, t.Hashes())
	return nil
}

func pieceLength(n int64) error {
	const least = 16 << 10
	if n != 0 && (n < least || n&(n-1) != 0) {
		return console.Usage("--piece-length %d: want a power of two from %d (16KiB), such as 512KiB or 1MiB", n, least)
	}
	return nil
}

// tiers reads trackers: each flag is a tier (BEP 12), commas join its members.
func tiers(flags []string) ([][]string, error) {
	var tiers [][]string
	for _, flag := range flags {
		var tier []string
		for u := range strings.SplitSeq(flag, ",") {
			if u = strings.TrimSpace(u); u == "" {
				continue
			}
			if err := checkURL(u, "http", "https", "udp", "ws", "wss"); err != nil {
				return nil, console.Usage("--tracker %s: %w", u, err)
			}
			tier = append(tier, u)
		}
		if len(tier) > 0 {
			tiers = append(tiers, tier)
		}
	}
	return tiers, nil
}

func webSeeds(list []string) error {
	for _, u := range list {
		if err := checkURL(u, "http", "https", "ftp"); err != nil {
			return console.Usage("--web-seed %s: %w", u, err)
		}
	}
	return nil
}

func checkURL(text string, schemes ...string) error {
	u, err := url.Parse(text)
	if err != nil {
		return errors.New("not a URL")
	}
	for _, s := range schemes {
		if u.Scheme == s && u.Host != "" {
			return nil
		}
	}
	return fmt.Errorf("want a URL that begins with %s://", strings.Join(schemes, "://, "))
}

func sayHashes(c *console.Console, h metainfo.InfoHashes) {
	if h.HasV1 {
		c.Say("  info-hash v1  %s", h.V1)
	}
	if h.HasV2 {
		c.Say("  info-hash v2  %s", h.V2)
	}
}
