// Package circle makes a node a member of the torrents of level full-strict that it
// has, each as it is brought into the engine, and looks after the memberships.
//
// Becoming a member may take its time: somebody else has to answer. A torrent waits
// for that a moment, says then that it waits, and is asked again by who brings it.
package circle

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/membership"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm"
)

const (
	// atOnce is how long a torrent waits to be admitted before it says that it waits.
	atOnce = 2 * time.Second
	// again is when to ask again after a refusal.
	again = 10 * time.Minute
	// invites and lifetime are those of share.
	invites  = 100
	lifetime = 30 * 24 * time.Hour
)

// errEntering is why a torrent of level full-strict does nothing yet.
var errEntering = errors.New("the node asks to be admitted; it goes on by itself")

// Config is what a circle needs.
type Config struct {
	Node membership.Node
	// Desk is where the node admits others.
	Desk func() (membership.Site, error)
	// Show gives the torrent that record.Key names a further certificate, if it runs.
	Show func(key string, own tls.Certificate) error
}

// Circle is what a node is a member of torrents by, or becomes one. Its methods are
// safe for concurrent use.
type Circle struct {
	cfg  Config
	ctx  context.Context
	stop context.CancelFunc
	wg   sync.WaitGroup

	mu  sync.Mutex
	all map[string]*entry // by record.Key
}

// entry is how it stands with one torrent.
type entry struct {
	done    chan struct{} // closed when the rest is known
	members *membership.Membership
	papers  *membership.Papers
	err     error
	until   time.Time // err is an answer that long
}

// New returns an empty circle.
func New(cfg Config) *Circle {
	ctx, stop := context.WithCancel(context.Background())
	return &Circle{cfg: cfg, ctx: ctx, stop: stop, all: map[string]*entry{}}
}

// Close gives up what is asked for, and ends all memberships.
func (c *Circle) Close() error {
	c.stop()
	c.wg.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	var errs []error
	for _, e := range c.all {
		errs = append(errs, e.close())
	}
	return errors.Join(errs...)
}

func (e *entry) close() error {
	switch {
	case e.members != nil:
		return e.members.Close()
	case e.papers != nil:
		return e.papers.Close()
	}
	return nil
}

// Drop ends the membership of a torrent that was removed.
func (c *Circle) Drop(key string) error {
	c.mu.Lock()
	e := c.all[key]
	if e == nil || !e.known() {
		c.mu.Unlock()
		return nil // it ends with the node
	}
	delete(c.all, key)
	c.mu.Unlock()
	return e.close()
}

func (e *entry) known() bool {
	select {
	case <-e.done:
		return true
	default:
		return false
	}
}

// Admit gives a torrent of level full-strict what its peers want to see. Becoming a
// member may take its time: until then the torrent says that it waits, and asks again.
func (c *Circle) Admit(ctx context.Context, r *record.Record, opts *swarm.Options) error {
	demand := opts.Demand()
	if demand == nil || demand.Level != metainfo.TLSFullStrict {
		return nil
	}
	e := c.entry(record.Key(r.Hashes), opts, demand)
	wait, cancel := context.WithTimeout(ctx, atOnce)
	defer cancel()
	select {
	case <-e.done:
	case <-wait.Done():
		return errEntering
	}
	switch {
	case e.err != nil:
		return e.err
	case e.papers != nil:
		opts.Certificate = &e.papers.Own
	default:
		opts.Members = e.members
	}
	return nil
}

// entry returns how it stands with a torrent, and begins to become a member if nobody
// has or the last answer is an old one.
func (c *Circle) entry(key string, opts *swarm.Options, demand *metainfo.TLS) *entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.all[key]
	if e != nil && (!e.known() || e.err == nil || c.cfg.Node.Clock.Now().Before(e.until)) {
		return e
	}
	e = &entry{done: make(chan struct{})}
	c.all[key] = e
	t := membership.Torrent{Name: opts.Name(), TLS: demand}
	meta := opts.Metainfo
	if meta != nil {
		t.Hashes = meta.Hashes()
	} else {
		t.Hashes = opts.Magnet.Hashes
	}
	peers := make([]string, len(opts.Peers))
	for i, p := range opts.Peers {
		peers[i] = p.String()
	}
	c.wg.Go(func() {
		defer close(e.done)
		e.err = c.enter(e, key, t, meta, peers)
		e.until = c.cfg.Node.Clock.Now().Add(again)
	})
	return e
}

// enter makes the node who admits others, if it was that before, or else one of those
// who are admitted.
func (c *Circle) enter(e *entry, key string, t membership.Torrent, meta *metainfo.Torrent, peers []string) (err error) {
	one, ctx, ours := &c.cfg.Node, c.ctx, false
	if meta != nil {
		if ours, err = one.Founded(ctx, t); err != nil {
			return err
		}
	}
	ssl := meta != nil && meta.Info.SSLCert != ""
	terms := &membership.Terms{Invites: invites, Lifetime: lifetime}
	var site membership.Site
	if ours {
		if site, err = c.cfg.Desk(); err != nil {
			return err
		}
	}
	switch {
	case ours && ssl:
		e.papers, err = one.FoundSSL(ctx, meta, site, terms, nil)
	case ours:
		e.members, err = one.Found(ctx, meta, site, terms)
	case ssl:
		e.papers, err = one.JoinSSL(ctx, meta, t.TLS.Invite, peers)
	default:
		e.members, err = one.Join(ctx, t, meta == nil, peers)
	}
	if err != nil {
		return fmt.Errorf("be admitted to %q: %w", t.Name, err)
	}
	if e.papers != nil {
		e.papers.Keep(func(own tls.Certificate) error { return c.cfg.Show(key, own) })
	}
	return nil
}
