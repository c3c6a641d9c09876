//go:build linux

package hashing

import (
	"context"
	"crypto/sha1" //nolint:gosec // BEP 3 is SHA-1
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"

	"github.com/warren-p2p/warren/internal/vfs"
)

// block is the leaf of BEP 52's trees.
const block = 16 << 10

// Raw reads and hashes everything below root, a file or a directory, with one
// thread per processor, as making a torrent of kind needs: SHA-1 over pieces,
// SHA-256 over blocks, or both over one read. It forgets the hashes.
func Raw(ctx context.Context, root, kind string, pieceLength int64) error {
	names, sizes, err := list(root)
	if err != nil {
		return fmt.Errorf("hash %s: %w", root, err)
	}
	jobs, err := Plan(kind, sizes, pieceLength)
	if err != nil {
		return err
	}
	var next atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for range runtime.NumCPU() {
		group.Go(func() error {
			buf := make([]byte, pieceLength)
			for ctx.Err() == nil {
				i := next.Add(1) - 1
				if i >= int64(len(jobs)) {
					return nil
				}
				if err := hash(jobs[i], names, kind, buf); err != nil {
					return fmt.Errorf("hash %s: %w", root, err)
				}
			}
			return context.Cause(ctx)
		})
	}
	return group.Wait()
}

// hash uses bare system calls: this is the floor others are held against.
func hash(job Job, names []string, kind string, buf []byte) error {
	n := 0
	for _, s := range job.Segments {
		if err := pread(names[s.File], buf[n:n+int(s.N)], s.Off); err != nil {
			return err
		}
		n += int(s.N)
	}
	if kind != "v1" {
		for off := 0; off < n; off += block {
			sha256.Sum256(buf[off:min(off+block, n)])
		}
	}
	if kind != "v2" {
		clear(buf[n : n+int(job.Pad)])
		sha1.Sum(buf[:n+int(job.Pad)]) //nolint:gosec // BEP 3 is SHA-1
	}
	return nil
}

func pread(name string, buf []byte, off int64) error {
	fd, err := unix.Open(name, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return &fs.PathError{Op: "open", Path: name, Err: err}
	}
	defer unix.Close(fd)
	for len(buf) > 0 {
		n, err := unix.Pread(fd, buf, off)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return &fs.PathError{Op: "read", Path: name, Err: err}
		case n == 0:
			return &fs.PathError{Op: "read", Path: name, Err: io.ErrUnexpectedEOF}
		}
		buf, off = buf[n:], off+int64(n)
	}
	return nil
}

// list returns all files below root in lexical order with their sizes.
func list(root string) (names []string, sizes []int64, err error) {
	fsys, base, err := vfs.OpenPath(root)
	if err != nil {
		return nil, nil, err
	}
	defer fsys.Close()
	err = vfs.WalkDir(fsys, base, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		names = append(names, path.Join(path.Dir(root), name))
		sizes = append(sizes, info.Size())
		return nil
	})
	return names, sizes, err
}
