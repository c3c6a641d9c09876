package trackercmd

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"runtime"
	"time"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/brief"
	"github.com/warren-p2p/warren/internal/trackerhost"
	"github.com/warren-p2p/warren/internal/trackerhost/figures"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/tracker/server/udp"
	"github.com/warren-p2p/warren/tracker/server/web"
)

// maxConns is how many connections there may be over HTTP at a time.
const maxConns = 20_000

// fronts are the sockets of a tracker, and what serves them.
type fronts struct {
	http, udp []string // where they listen
	stats     string   // URL
	closers   []func() error
	failed    chan error
}

// open listens wherever the tracker is to answer.
func (t *Command) open(ctx context.Context, c *console.Console, host *trackerhost.Host, f *fronts, proxies []netip.Prefix) error {
	f.failed = make(chan error, len(t.HTTP)+1)
	key, err := t.secret()
	if err != nil {
		return err
	}
	var policy netpolicy.Direct // an operator's firewall says who comes in
	var packets []net.PacketConn
	for _, addr := range t.UDP {
		p, err := policy.ListenPacket(ctx, "udp", addr)
		if err != nil {
			for _, open := range packets {
				err = errors.Join(err, open.Close())
			}
			return cannotListen("UDP", addr, err)
		}
		packets = append(packets, p)
		f.udp = append(f.udp, p.LocalAddr().String())
	}
	if len(packets) > 0 {
		s := udp.Serve(udp.Config{Tracker: host.Tracker(), Clock: c.Clock, Key: key, Workers: t.workers()}, packets...)
		f.closers = append(f.closers, s.Close)
	}
	if len(t.HTTP) > 0 {
		s := web.NewServer(host.Tracker(), web.Config{Clock: c.Clock, Proxies: proxies}, maxConns)
		f.closers = append(f.closers, s.Close)
		for _, addr := range t.HTTP {
			l, err := brief.Listen(ctx, addr)
			if err != nil {
				return cannotListen("TCP", addr, err)
			}
			f.http = append(f.http, l.Addr().String())
			go func() { f.failed <- s.Serve(l) }() // s.Close waits for it
		}
	}
	if t.Stats == "" {
		return nil
	}
	l, err := policy.Listen(ctx, t.Stats)
	if err != nil {
		return cannotListen("TCP", t.Stats, err)
	}
	f.serveStats(l, figures.Handler(host))
	return nil
}

// workers is how many goroutines read a socket. One keeps a processor busy as long as
// the store is memory.
func (t *Command) workers() int {
	switch {
	case t.Workers > 0:
		return t.Workers
	case t.Store != "memory":
		return 32
	}
	return runtime.GOMAXPROCS(0)
}

// serveStats serves the page with figures.
func (f *fronts) serveStats(l net.Listener, h http.Handler) {
	f.stats = "http://" + l.Addr().String() + "/"
	s := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, WriteTimeout: time.Minute, IdleTimeout: time.Minute}
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			f.failed <- err
		}
	}()
	f.closers = append(f.closers, func() error {
		err := s.Close()
		<-gone
		return err
	})
}

func (f *fronts) close() error {
	var errs []error
	for _, c := range f.closers {
		errs = append(errs, c())
	}
	return errors.Join(errs...)
}

func cannotListen(network, addr string, err error) error {
	return fmt.Errorf("listen on %s %s: %w: choose another address with --http, --udp or --stats", network, words.Plain(addr), console.Cause(err))
}

// secret returns what connection ids are made from.
func (t *Command) secret() (key [16]byte, err error) {
	if t.Secret == "" {
		_, err = rand.Read(key[:])
		return key, err
	}
	b, err := readFile(t.Secret)
	if err != nil {
		return key, fmt.Errorf("read --secret: %w", err)
	}
	if len(b) < 16 {
		return key, console.Usage("--secret %s: want 16 bytes at least, such as of: head -c 32 /dev/urandom", words.Plain(t.Secret))
	}
	return shortened(b), nil
}

// readFile reads a file that the user has named.
func readFile(path string) (b []byte, err error) {
	dir, err := vfs.OpenDir(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	return vfs.ReadFile(dir, filepath.Base(path))
}
