//go:build linux

package netlab

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy/impair"
)

// ErrTUN reports that a TUN device could not be had.
var ErrTUN = errors.New("no TUN device")

// ethernetMTU is the size of packets on a slow link.
const ethernetMTU = 1500

// Rates of this machine's links count whole IP packets; impair adds the headers
// of a datagram to each.
const datagramHeaders = 28

// NewSlow builds a network of one seeder and one downloader with a link between
// them that delays, limits and loses IP packets as link says, each way. The
// link is a program: each end is a TUN device, and this process carries the
// packets. No kernel module for network emulation is needed.
func NewSlow(ctx context.Context, link impair.Link) (*Lab, error) {
	l := named(1)
	near, far := l.Seeder, l.Downloaders[0]
	w := &wire{}
	l.wire = w
	err := runAll(ctx, "netns add "+near, "-n "+near+" link set lo up", "netns add "+far, "-n "+far+" link set lo up")
	if err == nil {
		w.a, err = openTUN(near, slowInterface)
	}
	if err == nil {
		w.b, err = openTUN(far, Interface)
	}
	if err == nil {
		err = runAll(ctx,
			fmt.Sprintf("-n %s link set %s mtu %d up", near, slowInterface, ethernetMTU),
			fmt.Sprintf("-n %s link set %s mtu %d up", far, Interface, ethernetMTU),
			fmt.Sprintf("-n %s addr add %s/24 dev %s", near, SeederHost, slowInterface),
			fmt.Sprintf("-n %s addr add %s/24 dev %s", far, DownloaderHost(0), Interface))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("build network: %w", err), l.Close())
	}
	w.carry(w.a, w.b, link)
	link.Seed++ // the way back loses others
	w.carry(w.b, w.a, link)
	return l, nil
}

const slowInterface = "vs0"

func runAll(ctx context.Context, steps ...string) error {
	for _, s := range steps {
		if err := ip(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// wire is a link that this process carries.
type wire struct {
	a, b *os.File
	wg   sync.WaitGroup
}

func (w *wire) close() error {
	var errs []error
	for _, f := range []*os.File{w.a, w.b} {
		if f != nil {
			errs = append(errs, f.Close())
		}
	}
	w.wg.Wait()
	return errors.Join(errs...)
}

type packet struct {
	at time.Time
	b  []byte
}

// inFlight bounds the packets of one direction: at 1,500 bytes, 24 MB.
const inFlight = 1 << 14

// carry moves packets until the devices are closed.
func (w *wire) carry(from io.Reader, to io.Writer, link impair.Link) {
	pipe := impair.NewPipe(link)
	queue := make(chan packet, inFlight)
	w.wg.Go(func() {
		defer close(queue)
		buf := make([]byte, 1<<16)
		for {
			n, err := from.Read(buf)
			if err != nil {
				return // closed
			}
			if at, ok := pipe.Pass(n-datagramHeaders, clock.System{}.Now()); ok {
				queue <- packet{at, append([]byte(nil), buf[:n]...)}
			}
		}
	})
	w.wg.Go(func() {
		for p := range queue {
			if wait := p.at.Sub(clock.System{}.Now()); wait > 0 {
				time.Sleep(wait)
			}
			_, _ = to.Write(p.b) // who does not take it has lost it
		}
	})
}

// openTUN makes a TUN device in a namespace.
func openTUN(ns, name string) (*os.File, error) {
	type result struct {
		f   *os.File
		err error
	}
	done := make(chan result)
	go func() {
		// The thread is in another namespace from here on: it is not given back.
		runtime.LockOSThread()
		f, err := tunHere(ns, name)
		done <- result{f, err}
	}()
	r := <-done
	if r.err != nil {
		return nil, fmt.Errorf("%w in %s: %w", ErrTUN, ns, r.err)
	}
	return r.f, nil
}

func tunHere(ns, name string) (*os.File, error) {
	at, err := unix.Open("/run/netns/"+ns, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("open namespace: %w", err)
	}
	defer func() { _ = unix.Close(at) }()
	if err := unix.Setns(at, unix.CLONE_NEWNET); err != nil {
		return nil, fmt.Errorf("enter namespace: %w", err)
	}
	const device = "/dev/net/tun"
	fd, err := unix.Open(device, unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", device, err)
	}
	req, err := unix.NewIfreq(name)
	if err == nil {
		req.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
		err = unix.IoctlIfreq(fd, unix.TUNSETIFF, req)
	}
	if err != nil {
		_ = unix.Close(fd)
		return nil, fmt.Errorf("make %s: %w", strings.TrimSpace(name), err)
	}
	return os.NewFile(uintptr(fd), device), nil
}
