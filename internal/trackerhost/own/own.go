// Package own is the tracker of a node: it serves what the library has, and follows it.
// Torrents that were made here list it among their trackers, as soon as it is known
// where others reach it, and list it anew when that changes; all other torrents stay as
// they are. The node itself is among the peers that it tells of, though it asks nobody
// over the network for that.
//
// Torrents that demand TLS, or have a secret, it does not serve: to be listed they would
// have to be known. Of private ones it serves those that were made here and have no
// other tracker. Those of private shares it serves as well, each to those alone who have
// the key that was drawn for it: see [library.Add.Sole].
package own

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/trackerhost"
	"github.com/warren-p2p/warren/internal/trackerhost/figures"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/swarm"
	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/server"
)

// What an address may ask. Clients with many torrents ask for all at once.
const (
	rate  = 20 // requests a second in the long run
	burst = 2000
)

// Config is what the tracker of a node needs.
type Config struct {
	Folder      func(name string) (vfs.FS, error) // opens one for state
	Clock       clock.Clock
	Log         *slog.Logger
	Names       netpolicy.Policy // resolves the name that others reach the node by
	Wishes      func() Wishes
	Session     func() *swarm.Session   // whose port it is behind; nil until there is one
	Certificate func() *tls.Certificate // that the port shows
	// Shared reports whether the private share with a torrent, by its key in the library,
	// has not ended; nil: none has.
	Shared func(torrent string) bool
}

// Tracker is the tracker of a node. A nil one is that of a node without.
type Tracker struct {
	*trackerhost.Host
	cfg Config
	dir vfs.FS

	library atomic.Pointer[library.Library] // once there is one

	mu   sync.Mutex
	said map[[20]byte]message.Request // by the node itself, of torrents that are active
	name resolved
}

// Open opens the tracker of a home, or returns nil if it is not to be on.
func Open(on bool, cfg Config) (*Tracker, error) {
	if !on {
		return nil, nil
	}
	dir, err := cfg.Folder("own-tracker")
	if err != nil {
		return nil, err
	}
	t := &Tracker{cfg: cfg, dir: dir, said: make(map[[20]byte]message.Request)}
	t.Host, err = trackerhost.Open(trackerhost.Config{
		Clock: cfg.Clock, Log: cfg.Log, Dir: dir, Rate: rate, Burst: burst, Tracker: server.Config{List: t}, Alone: t.opens,
	})
	if err != nil {
		_ = dir.Close() // nothing was written
		return nil, err
	}
	return t, nil
}

// Handler puts the tracker before a website.
func (t *Tracker) Handler(site http.Handler) http.Handler {
	if t == nil {
		return site
	}
	return t.Host.Handler(site)
}

// URL returns where others announce to the tracker, "" if there is none, or it is not
// known yet where they reach it.
func (t *Tracker) URL() string {
	if t == nil {
		return ""
	}
	p := t.cfg.place()
	at := p.at()
	if at == "" {
		return ""
	}
	host, _, _ := net.SplitHostPort(at) // it was put together so
	return t.AnnounceURL(at, secure(t.cfg.Certificate(), host, nil, t.cfg.Clock.Now()))
}

// Why the tracker has no answer for the node itself.
var (
	errNowhere  = errors.New("it is not known yet where others reach this node")
	errUnserved = errors.New("the node's own tracker does not serve this torrent")
)

// Answer implements swarm.Config.OwnTracker.
func (t *Tracker) Answer(ctx context.Context, url string, r message.Request) (answer message.Response, ours bool, err error) {
	if t == nil {
		return answer, false, nil
	}
	sole, ours := t.sole(url, r.InfoHash)
	ours = ours || t.Ours(url)
	if !sole && !t.Listed(r.InfoHash) {
		return answer, ours, errUnserved
	}
	t.mu.Lock()
	if t.said[r.InfoHash] = r; r.Event == message.Stopped {
		delete(t.said, r.InfoHash)
	}
	t.mu.Unlock()
	answer, err = t.announce(ctx, r)
	return answer, ours, err
}

// announce has the tracker know the node by all addresses at which others reach it.
func (t *Tracker) announce(ctx context.Context, r message.Request) (answer message.Response, err error) {
	err = errNowhere
	for _, at := range t.addresses(ctx) {
		r.Port = at.Port()
		one, e := t.Announce(ctx, at.Addr(), &r)
		if e != nil {
			return answer, e
		}
		one.Peers = append(answer.Peers, one.Peers...)
		if one.TLS == nil {
			one.TLS = answer.TLS
		} else {
			maps.Copy(one.TLS, answer.TLS)
		}
		answer, err = one, nil
	}
	return answer, err
}

// addresses returns where others reach the node.
func (t *Tracker) addresses(ctx context.Context) []netip.AddrPort {
	p := t.cfg.place()
	list := p.known()
	host, text, err := net.SplitHostPort(p.reached())
	if err != nil {
		return list
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return list
	}
	all, err := t.resolve(ctx, host)
	if err != nil {
		t.cfg.Log.Debug("the name of the node is not resolved", "err", err)
		return list
	}
	list = nil
	for _, ip := range all {
		list = append(list, netip.AddrPortFrom(ip.Unmap(), uint16(port)))
	}
	return list
}

// resolved is what a name was resolved to.
type resolved struct {
	host string
	list []netip.Addr
	err  error
	at   time.Time
}

// resolveEvery is how often the name of the node is looked up: thousands of torrents may
// be announced in a minute.
const resolveEvery = time.Minute

func (t *Tracker) resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	now := t.cfg.Clock.Now()
	t.mu.Lock()
	last := t.name
	t.mu.Unlock()
	if last.host == host && now.Sub(last.at) < resolveEvery {
		return last.list, last.err
	}
	list, err := t.cfg.Names.Resolve(ctx, host)
	if ctx.Err() != nil {
		return list, err // which says nothing of the name
	}
	t.mu.Lock()
	t.name = resolved{host, list, err, now}
	t.mu.Unlock()
	return list, err
}

// Source is what the tracker tells of itself, nil if there is none.
func (t *Tracker) Source() figures.Source {
	if t == nil {
		return nil
	}
	return t
}

// Close saves what is known, after the port was closed.
func (t *Tracker) Close() error {
	if t == nil {
		return nil
	}
	err := t.Host.Close()
	if e := t.dir.Close(); err == nil {
		err = e
	}
	return err
}
