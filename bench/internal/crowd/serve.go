//go:build linux

package crowd

import (
	"context"
	"errors"
	"fmt"
	"path"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm"
)

// Told is what a process of a group prints, as JSON, a line for each event.
type Told struct {
	Event      string  `json:"event"`
	Addr       string  `json:"addr,omitempty"`
	Seconds    float64 `json:"seconds,omitempty"`
	Goroutines int     `json:"goroutines,omitempty"`
	Heap       int64   `json:"heap,omitempty"`   // bytes in use after a collection
	Stacks     int64   `json:"stacks,omitempty"` // bytes
}

// Events of a process.
const (
	Ready   = "ready"   // all torrents are complete and started
	Settled = "settled" // the time to look at it
)

// batch is how many torrents a session prepares: each holds files open.
const batch = 500

// Prepare leaves resume state that says that every torrent is complete.
func Prepare(ctx context.Context, dir string, n int) error {
	for from := 0; from < n; from += batch {
		c, err := open(ctx, dir)
		if err != nil {
			return err
		}
		err = c.add(from, min(from+batch, n), func(o *swarm.Options) { o.Verified, o.Reload = true, nil })
		if err := errors.Join(err, c.close()); err != nil {
			return err
		}
	}
	return nil
}

// Serve starts a session with all torrents, tells when they are complete and
// started, and after a time what it has grown to. It ends with ctx.
func Serve(ctx context.Context, dir string, n int, settle time.Duration, tell func(Told)) (err error) {
	began := clock.System{}.Now()
	c, err := open(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	// As if the user had named them: a session does not ask trackers on its own
	// machine otherwise.
	named := func(o *swarm.Options) { o.Trackers = slices.Concat(o.Metainfo.AnnounceList...) }
	if err := c.add(0, n, named); err != nil {
		return err
	}
	for _, t := range c.session.Torrents() {
		if s := t.Status(); s.State != swarm.StateSeeding {
			if err := t.Wait(ctx); err != nil {
				return err
			}
		}
	}
	tell(Told{Event: Ready, Seconds: clock.System{}.Now().Sub(began).Seconds(), Addr: c.session.Addr().String()})
	wait := time.NewTimer(settle)
	defer wait.Stop()
	select {
	case <-ctx.Done():
		return nil
	case <-wait.C:
	}
	tell(usage())
	<-ctx.Done()
	return nil
}

// usage looks without collecting garbage: memory is what it is.
func usage() Told {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return Told{Event: Settled, Goroutines: runtime.NumGoroutine(), Heap: int64(m.HeapAlloc), Stacks: int64(m.StackInuse)}
}

// crowded is a session and the torrents it is to have.
type crowded struct {
	dir, home, content vfs.FS
	session            *swarm.Session
}

func open(ctx context.Context, dir string) (c *crowded, err error) {
	c = &crowded{}
	if c.dir, err = vfs.OpenDir(dir); err != nil {
		return nil, fmt.Errorf("open the crowd: %w", err)
	}
	c.home, err = vfs.OpenDir(path.Join(dir, homeDir))
	if err == nil {
		c.content, err = vfs.OpenDir(path.Join(dir, ContentDir))
	}
	if err == nil {
		c.session, err = swarm.NewSession(ctx, c.config())
	}
	if err != nil {
		return nil, fmt.Errorf("open the crowd: %w", err)
	}
	return c, nil
}

// config leaves the network alone but for peers and trackers, as the settings of
// libtorrent do.
func (c *crowded) config() swarm.Config {
	return swarm.Config{Home: c.home, Listen: "127.0.0.1:0", BootID: "this boot", NoLSD: true}
}

// add adds the torrents first to end-1, a few at a time.
func (c *crowded) add(first, end int, change func(*swarm.Options)) error {
	var g errgroup.Group
	g.SetLimit(2 * runtime.GOMAXPROCS(0))
	for i := first; i < end; i++ {
		g.Go(func() error {
			name := path.Join(TorrentsDir, TorrentName(i))
			m, err := read(c.dir, name)
			if err != nil {
				return fmt.Errorf("read torrent %d: %w", i, err)
			}
			opts := swarm.Options{Metainfo: m, Content: c.content, Reload: func() (*metainfo.Torrent, error) { return read(c.dir, name) }}
			change(&opts)
			_, err = c.session.Add(opts)
			return err
		})
	}
	return g.Wait()
}

func (c *crowded) close() error {
	return errors.Join(c.session.Close(), c.content.Close(), c.home.Close(), c.dir.Close())
}
