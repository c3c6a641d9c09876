//go:build linux

package hashing

import (
	"context"
	"crypto/sha1" // BEP 3
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
			w := worker{names: names, kind: kind, buf: make([]byte, pieceLength), fd: -1}
			defer w.close()
			for ctx.Err() == nil {
				from := int(next.Add(batch)) - batch
				if from >= len(jobs) {
					return nil
				}
				for _, job := range jobs[from:min(from+batch, len(jobs))] {
					if err := w.hash(job); err != nil {
						return fmt.Errorf("hash %s: %w", root, err)
					}
				}
			}
			return context.Cause(ctx)
		})
	}
	return group.Wait()
}

// batch is how many neighbouring jobs a worker takes at once; a file is then
// seldom opened twice.
const batch = 16

// worker uses bare system calls: this is the floor others are held against.
type worker struct {
	names []string
	kind  string
	buf   []byte
	file  int // index of the file that is open
	fd    int // -1 for none
}

func (w *worker) hash(job Job) error {
	n := 0
	for _, s := range job.Segments {
		if err := w.read(s, w.buf[n:n+int(s.N)]); err != nil {
			return err
		}
		n += int(s.N)
	}
	if w.kind != "v1" {
		for off := 0; off < n; off += block {
			sha256.Sum256(w.buf[off:min(off+block, n)])
		}
	}
	if w.kind != "v2" {
		clear(w.buf[n : n+int(job.Pad)])
		sha1.Sum(w.buf[:n+int(job.Pad)]) // BEP 3
	}
	return nil
}

func (w *worker) read(s Segment, buf []byte) error {
	name := w.names[s.File]
	if w.fd < 0 || w.file != s.File {
		w.close()
		fd, err := unix.Open(name, unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err != nil {
			return &fs.PathError{Op: "open", Path: name, Err: err}
		}
		w.fd, w.file = fd, s.File
	}
	for off := s.Off; len(buf) > 0; {
		n, err := unix.Pread(w.fd, buf, off)
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

func (w *worker) close() {
	if w.fd >= 0 {
		_ = unix.Close(w.fd) // opened for reading: nothing can be lost
		w.fd = -1
	}
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
