package node

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/warren-p2p/warren/btls/enrol"
	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/dht"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/looks"
	"github.com/warren-p2p/warren/internal/netpolicy/traffic"
	"github.com/warren-p2p/warren/internal/reachable"
	"github.com/warren-p2p/warren/internal/share/door"
	"github.com/warren-p2p/warren/internal/trackerhost/own"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/swarm"
)

// openEngine starts the engine behind one port, and what keeps its look true.
func (n *Node) openEngine(ctx context.Context, _ Options) error {
	c, web := n.Settings(), n.Network.Policy(traffic.Web)
	state, err := n.Home.Folder("node")
	if err != nil {
		return err
	}
	n.own("the engine's state", state.Close)
	cfg := swarm.Config{
		Home: state, Listen: c.Listen, Carrier: carrier(c.Peers.UTP), Policy: web, Policies: n.Network.Policies(), Clock: n.Clock, Log: n.Log,
		Client: "warren/" + n.Version, BootID: home.BootID(),
		UploadLimit: int64(c.Limits.Up), DownloadLimit: int64(c.Limits.Down),
		SessionPeers: c.Peers.Max, MaxPeers: c.Peers.PerTorrent, UploadSlots: c.Peers.UploadSlots,
		NoTrackers: !c.Peers.Trackers, NoLSD: !c.Peers.LSD, NoPortmap: !c.Peers.Portmap, NoWebSeeds: !c.Peers.WebSeeds,
		Budget: int64(c.Engine.Memory), Reserve: int64(c.Engine.Reserve), Queue: queue(c.Queue), Blocked: n.Blocks.Blocked,
	}
	if c.Peers.DHT {
		cfg.DHT = &swarm.DHT{Bootstrap: c.Peers.DHTNodes}
		if len(c.Peers.DHTNodes) == 0 {
			cfg.DHT.Bootstrap = dht.Entries()
		}
	}
	w := looks.Wishes{
		Hello: c.Looks.Hello, Pad: c.Looks.Pad, Site: c.Looks.Site, Name: c.Looks.Name, ACME: c.Looks.ACME,
		TLSCertificate: c.Looks.TLSCertificate, TLSKey: c.Looks.TLSKey,
	}
	look, err := w.Apply(ctx, looks.Base{Home: n.Home, Clock: n.Clock, Policy: web, Tell: n.tell}, &cfg)
	if err != nil {
		return fmt.Errorf("looks: %w", err)
	}
	n.own("the look of the port", look.Close)
	n.own("the folders of contents", n.closeFolders)
	n.hello = cfg.Hello
	n.Enrol = enrol.NewHandler(cfg.Site, n.Clock, n.Log)
	if n.door, err = door.New(n.Enrol, n.Clock, n.Log); err != nil {
		return err
	}
	if n.Tracker, err = own.Open(c.Tracker.On, own.Config{
		Folder: n.Home.Folder, Clock: n.Clock, Log: n.Log, Names: web, Wishes: n.listing, Session: n.engine.Load, Certificate: look.Certificate, Shared: n.door.Seeded,
	}); err != nil {
		return err
	}
	n.own("the tracker", n.Tracker.Close)
	cfg.Site, cfg.OwnTracker = n.Tracker.Handler(n.door), n.Tracker.Answer
	if n.Session, err = n.listen(ctx, cfg, c.Origin("listen")); err != nil {
		return err
	}
	n.engine.Store(n.Session)
	n.own("the engine", n.Session.Close)
	f := reachable.Follow(n.Session)
	look.Follow(n.Session, f)
	n.own("what is told of the port", f.TellAll(n.tell))
	return nil
}

// listing is how torrents are to list the tracker.
func (n *Node) listing() own.Wishes {
	c := n.Settings()
	return own.Wishes{List: c.Tracker.List, Address: c.Tracker.Address, Name: c.Looks.Name, Hidden: len(c.Network.Proxies) > 0}
}

// listen starts the engine. If nobody has said which port, and the usual one is taken,
// any port will do.
func (n *Node) listen(ctx context.Context, cfg swarm.Config, from config.Origin) (*swarm.Session, error) {
	s, err := swarm.NewSession(ctx, cfg)
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "listen" && from == config.Default {
		cfg.Listen = ":0"
		n.moved = true
		if s, err = swarm.NewSession(ctx, cfg); err == nil {
			n.Log.Warn("the usual port is taken by another program: a free one is used", "listen", s.Addr().String())
		}
	}
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w: end the program that has the port, or choose another with listen in config.toml or --listen", cfg.Listen, words.Cause(err))
	}
	return s, nil
}

func carrier(text string) swarm.Carrier {
	switch text {
	case "off":
		return swarm.TCPOnly
	case "only":
		return swarm.UTPOnly
	}
	return swarm.TCPAndUTP
}

func queue(q config.Queue) swarm.QueueLimits {
	return swarm.QueueLimits{Downloads: q.Downloads, Seeds: q.Seeds, Total: q.Total}
}

func addrText(s *swarm.Session) string {
	if s.Addr() == nil {
		return ""
	}
	return s.Addr().String()
}
