package apitest

import (
	"context"

	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/netpolicy/nic"
	"github.com/warren-p2p/warren/internal/netpolicy/traffic"
	"github.com/warren-p2p/warren/internal/settings"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/swarm/reachability"
)

// node is the rest of a node: its settings, which nothing heeds.
type node struct{ settings *settings.Settings }

func newNode(ctx context.Context, s *store.Store) (n node, err error) {
	n.settings, err = settings.Open(ctx, s, config.Sources{})
	return n, err
}

func (n node) Settings() config.Config { return n.settings.Now() }

func (n node) ChangeSettings(ctx context.Context, patch map[string]any) error {
	return n.settings.Change(ctx, patch)
}

func (n node) ReviseSettings(ctx context.Context, revise func(config.Config) (map[string]any, error)) error {
	return n.settings.Revise(ctx, revise)
}

func (n node) Waiting() []string { return n.settings.Waiting() }

func (n node) Reachability() reachability.Report { return reachability.Report{Port: 6881} }

// ways is the traffic of a node behind a proxy, but for what is off.
func ways() traffic.Status {
	return traffic.Status{
		Interface: &nic.Status{Interface: "wg0", Why: "wg0 is not there"},
		Proxies:   []traffic.ProxyStatus{{Proxy: "socks5://192.0.2.1:1080", Kinds: []traffic.Kind{traffic.Peers, traffic.DHT}, Trouble: "no answer"}},
		Off:       []traffic.Off{{What: "feeds", Why: "you have switched it off"}},
	}
}

func (n node) Addresses() []string { return []string{"127.0.0.1:6881"} }
