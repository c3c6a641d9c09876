// Package company holds the flags that say with whom commands keep company, and
// with whom they do not.
package company

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/dht"
	"github.com/warren-p2p/warren/internal/ipfilter"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/swarm"
)

// Flags are what the user says.
type Flags struct {
	Tracker    []string `sep:"none" placeholder:"URL" help:"A tracker to ask for peers before those of the torrent; may be given several times, and be on this machine."`
	NoTrackers bool     `help:"Ask no tracker for peers."`
	AnnounceID bool     `name:"announce-id" help:"Ask trackers without HTTPS for peers of private torrents that demand TLS, by an id instead of the info-hash; otherwise they are not asked, as few would know the id."`
	NoLSD      bool     `name:"no-lsd" help:"Do not look for peers in the local network."`
	NoDHT      bool     `name:"no-dht" env:"WARREN_NO_DHT" help:"Neither look for peers in the public DHT nor take part in it."`
	DHTNode    []string `name:"dht-node" env:"WARREN_DHT_NODE" sep:"," placeholder:"HOST:PORT" help:"Enter the DHT by this node instead of those that everybody knows; may be given several times."`
	NoPortmap  bool     `name:"no-portmap" env:"WARREN_NO_PORTMAP" help:"Do not ask the router to pass the port on to this machine."`
	NoWebSeeds bool     `help:"Fetch nothing from the web servers that torrents name."`
	Block      []string `sep:"none" placeholder:"FILE" help:"Speak to no address on this list: ipfilter.dat, P2P text, or addresses, ranges and CIDR prefixes, gzipped or not; may be given several times."`
}

// Apply makes a session keep to them.
func (f *Flags) Apply(c *console.Console, cfg *swarm.Config) error {
	cfg.NoTrackers, cfg.NoLSD, cfg.NoWebSeeds, cfg.NoPortmap = f.NoTrackers, f.NoLSD, f.NoWebSeeds, f.NoPortmap
	if err := f.dht(cfg); err != nil {
		return err
	}
	if len(f.Block) == 0 {
		return nil
	}
	var lists ipfilter.Builder
	for _, path := range f.Block {
		skipped, err := read(&lists, path)
		if err != nil {
			return fmt.Errorf("read block list %s: %w", words.Plain(path), console.Cause(err))
		}
		if skipped > 0 {
			c.Warn("block list %s: %s not understood, and skipped", words.Plain(path), words.Count(skipped, "line is", "lines are"))
		}
	}
	l := lists.List()
	c.Say("Blocking %s of addresses.", words.Count(l.Len(), "range", "ranges"))
	cfg.Blocked = l.Blocks
	return nil
}

func (f *Flags) dht(cfg *swarm.Config) error {
	for _, node := range f.DHTNode {
		if host, port, err := net.SplitHostPort(node); err != nil || host == "" || port == "" || port == "0" {
			return console.Usage("--dht-node %s: want HOST:PORT, such as dht.example:6881", words.Plain(node))
		}
	}
	switch {
	case f.NoDHT:
	case len(f.DHTNode) > 0:
		cfg.DHT = &swarm.DHT{Bootstrap: f.DHTNode}
	default:
		cfg.DHT = &swarm.DHT{Bootstrap: dht.Entries()}
	}
	return nil
}

func read(lists *ipfilter.Builder, path string) (skipped int, err error) {
	if path == "" {
		return 0, console.Usage("--block: the path is empty")
	}
	dir, name, err := vfs.OpenPath(path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	file, err := dir.Open(name)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return lists.Read(io.NewSectionReader(file, 0, math.MaxInt64))
}
