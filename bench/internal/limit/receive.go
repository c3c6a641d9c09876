//go:build linux

package limit

import (
	"context"
	"crypto/sha1" // BEP 3
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/vfs"
)

// buffers is how many pieces are under way: one being read, one being hashed,
// the others waiting for either.
const buffers = 6

type piece struct {
	data []byte
	off  int64
}

// Receive connects to a sender, hashes what comes piece by piece, writes it to
// the file out, and returns how long all of it took.
func Receive(ctx context.Context, s Spec, addr, out string) (took time.Duration, err error) {
	start := clock.System{}.Now()
	f, err := create(out, s.Bytes)
	if err != nil {
		return 0, fmt.Errorf("make %s: %w", out, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	c, err := netpolicy.Direct{}.Dial(ctx, addr)
	if err != nil {
		return 0, fmt.Errorf("connect to the sender: %w", err)
	}
	defer c.Close()
	// The sender is this program and its key is made anew each time: there is
	// nobody to authenticate.
	t := tls.Client(c, &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS13}) //nolint:gosec // see above
	free, full := make(chan []byte, buffers), make(chan piece, buffers)
	for range buffers {
		b, err := unix.Mmap(-1, 0, int(s.PieceLength), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
		if err != nil {
			return 0, fmt.Errorf("page-aligned buffer: %w", err)
		}
		free <- b
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return store(f, full, free) })
	group.Go(func() error { return read(ctx, t, s, full, free) })
	if err := group.Wait(); err != nil {
		return 0, err
	}
	return clock.System{}.Now().Sub(start), nil
}

func create(name string, size int64) (vfs.File, error) {
	fsys, base, err := vfs.OpenPath(name)
	if err != nil {
		return nil, err
	}
	defer fsys.Close()
	f, err := fsys.OpenFile(base, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return nil, err
	}
	if err := f.Truncate(size); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// read fills pieces from the connection.
func read(ctx context.Context, r io.Reader, s Spec, full chan<- piece, free <-chan []byte) error {
	defer close(full)
	for off := int64(0); off < s.Bytes; {
		var b []byte
		select {
		case b = <-free:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		b = b[:min(s.PieceLength, s.Bytes-off)]
		if _, err := io.ReadFull(r, b); err != nil {
			return fmt.Errorf("receive: %w", err)
		}
		full <- piece{b, off}
		off += int64(len(b))
	}
	return nil
}

// store hashes and writes pieces.
func store(f vfs.File, full <-chan piece, free chan<- []byte) error {
	for p := range full {
		sha1.Sum(p.data)
		if _, err := f.WriteAt(p.data, p.off); err != nil {
			return fmt.Errorf("write: %w", err)
		}
		free <- p.data[:cap(p.data)]
	}
	return nil
}
