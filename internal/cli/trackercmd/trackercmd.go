// Package trackercmd is the command that runs a tracker for everybody, or for those
// whom its operator lists. A node is never one by itself: its own tracker stands
// behind its website, and only an operator opens one.
package trackercmd

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/trackerhost"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/tracker/server"
)

// Command is tracker.
type Command struct {
	HTTP []string `name:"http" sep:"none" placeholder:"ADDR" help:"Answer over HTTP at this address, such as :6969; several times for several. Without --http and --udp both are at :6969."`
	UDP  []string `name:"udp" sep:"none" placeholder:"ADDR" help:"Answer over UDP at this address; several times for several."`

	Mode  string `enum:"open,listed,private" default:"open" help:"Whom it serves: open (any torrent), listed (those of --list), private (users with a pass key, of --users, and with --list its torrents alone)."`
	List  string `placeholder:"FILE" help:"Info-hashes, one a line in hexadecimal. Changes are noticed within seconds."`
	Users string `placeholder:"FILE" help:"Users, one a line: a pass key of 16 to 64 characters and a name. Changes are noticed within seconds."`

	Store     string        `default:"memory" placeholder:"STORE" help:"Where peers are kept: memory (default), or redis://HOST:PORT/DB, which several trackers share."`
	Secret    string        `placeholder:"FILE" help:"What connection ids over UDP are made from: the same file on trackers behind one address. Drawn at each start by default."`
	Stats     string        `placeholder:"ADDR" help:"Serve figures at this address of the machine itself, such as 127.0.0.1:6970: a page, and /metrics for Prometheus."`
	Proxy     []string      `sep:"none" placeholder:"NETWORK" help:"Believe the X-Forwarded-For of this address or network, such as 10.0.0.0/8: a load balancer's; several times for several."`
	Interval  time.Duration `default:"30m" help:"How often clients are to come."`
	Rate      float64       `default:"100" help:"Requests a second that an address (over IPv6 a /64) may make in the long run; 0 for any."`
	Burst     int           `default:"10000" help:"Requests that it may make at once."`
	MaxPeers  int           `default:"20000000" help:"Peers that are kept in memory at most."`
	MaxSwarms int           `default:"1000000" help:"Torrents that are kept in memory at most."`
	Workers   int           `default:"0" help:"Goroutines that read each UDP address; by default 1, and 32 with redis."`
}

// ready is the event of --json when the tracker answers.
type ready struct {
	Event string   `json:"event"`
	HTTP  []string `json:"http"` // announce URLs
	UDP   []string `json:"udp"`
	Stats string   `json:"stats,omitempty"`
}

// Run runs a tracker.
func (t *Command) Run(ctx context.Context, c *console.Console) (err error) {
	proxies, err := t.check()
	if err != nil {
		return err
	}
	state, err := t.state(c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, state.Close()) }()
	who, err := t.admit(c, state)
	if err != nil {
		return err
	}
	ttl := 2*t.Interval + 10*time.Minute
	store, err := t.store(ctx, ttl)
	if err != nil {
		return err
	}
	cfg := trackerhost.Config{
		Clock: c.Clock, Log: slog.New(slog.NewTextHandler(c.Err, nil)), Dir: state.FS, Store: store,
		Tracker: server.Config{Interval: t.Interval}, TTL: ttl,
		Rate: t.Rate, Burst: t.Burst, MaxPeers: t.MaxPeers, MaxSwarms: t.MaxSwarms,
	}
	who.apply(t.Mode, &cfg.Tracker)
	host, err := trackerhost.Open(cfg)
	if err != nil {
		return err
	}
	fronts := &fronts{}
	err = t.open(ctx, c, host, fronts, proxies)
	if err == nil {
		err = t.serve(ctx, c, who, fronts)
	}
	err = errors.Join(err, fronts.close(), host.Close(), who.close())
	if ctx.Err() != nil {
		return errors.Join(console.ErrInterrupted, err)
	}
	return err
}

// check refuses what cannot be meant, and reads whose word is taken.
func (t *Command) check() (proxies []netip.Prefix, err error) {
	if len(t.HTTP) == 0 && len(t.UDP) == 0 {
		t.HTTP, t.UDP = []string{":6969"}, []string{":6969"}
	}
	switch {
	case t.Mode == "listed" && t.List == "":
		return nil, console.Usage("--mode listed needs --list FILE")
	case t.Mode == "private" && t.Users == "":
		return nil, console.Usage("--mode private needs --users FILE")
	case t.Mode == "open" && (t.List != "" || t.Users != ""):
		return nil, console.Usage("an open tracker serves everybody: --list is for --mode listed, --users for --mode private")
	case t.Interval < time.Minute || t.Interval > 6*time.Hour:
		return nil, console.Usage("--interval %v: want 1m to 6h", t.Interval)
	}
	for _, text := range t.Proxy {
		p, err := netip.ParsePrefix(text)
		if ip, e := netip.ParseAddr(text); err != nil && e == nil {
			p, err = netip.PrefixFrom(ip, ip.BitLen()), nil
		}
		if err != nil {
			return nil, console.Usage("--proxy %s: want an address or a network, such as 10.0.0.0/8", words.Plain(text))
		}
		proxies = append(proxies, p)
	}
	if t.Stats != "" {
		host, _, err := net.SplitHostPort(t.Stats)
		if ip, e := netip.ParseAddr(host); err != nil || host != "localhost" && (e != nil || !ip.IsLoopback()) {
			return nil, console.Usage("--stats %s: want an address of the machine itself, such as 127.0.0.1:6970; whoever reaches it sees whom the tracker serves", words.Plain(t.Stats))
		}
	}
	return proxies, nil
}

// folder is the tracker's own folder in the home, which one process has at a time.
type folder struct {
	vfs.FS
	lock interface{ Close() error }
}

func (f *folder) Close() error { return errors.Join(f.lock.Close(), f.FS.Close()) }

func (t *Command) state(c *console.Console) (*folder, error) {
	h, err := c.OpenHome()
	if err != nil {
		return nil, err
	}
	dir, err := h.Folder("tracker")
	if err = errors.Join(err, h.Close()); err != nil {
		return nil, err
	}
	lock, err := dir.(vfs.Locker).Lock("lock")
	if err != nil {
		if errors.Is(err, vfs.ErrLocked) {
			err = fmt.Errorf("a tracker runs in home %s already: stop it, or choose another home with --home", words.Plain(h.Path()))
		}
		return nil, errors.Join(err, dir.Close())
	}
	return &folder{FS: dir, lock: lock}, nil
}

// serve says where the tracker is, and waits for its end.
func (t *Command) serve(ctx context.Context, c *console.Console, who *admitted, f *fronts) error {
	e := ready{Event: console.Ready, HTTP: []string{}, UDP: []string{}, Stats: f.stats}
	key := ""
	if t.Mode == "private" {
		key = "PASSKEY/"
	}
	for _, at := range f.http {
		e.HTTP = append(e.HTTP, "http://"+at+"/"+key+"announce")
	}
	for _, at := range f.udp {
		e.UDP = append(e.UDP, "udp://"+at+"/"+key+"announce")
	}
	c.Say("The tracker is %s, and answers at", t.Mode)
	for _, u := range append(append([]string{}, e.UDP...), e.HTTP...) {
		c.Say("  %s", u)
	}
	if e.Stats != "" {
		c.Say("Figures are at %s, for this machine alone.", e.Stats)
	}
	c.Say("It runs until you press Ctrl-C.")
	if err := c.Emit(e); err != nil {
		return err
	}
	who.watch(ctx)
	select {
	case <-ctx.Done():
		c.Say("Stopped.")
		return nil
	case err := <-f.failed:
		return err
	}
}
