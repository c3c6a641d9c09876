//go:build linux

package workspace

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"

	"github.com/warren-p2p/warren/internal/vfs"
)

const chunk = 1 << 20

// ErrDiffers reports content that is not the source's.
var ErrDiffers = errors.New("content differs")

// Random makes a file of n random bytes; the same seed gives the same bytes.
func (s *Space) Random(ctx context.Context, name string, n int64, seed byte) error {
	return s.fill(ctx, name, n, readInto(seed))
}

// Tree makes count files with random sizes of up to 64 KiB, in a thousand
// folders, and returns how many bytes they hold.
func (s *Space) Tree(ctx context.Context, name string, count int, seed byte) (int64, error) {
	sizes := rand.New(rand.NewPCG(uint64(seed), 0))
	next := readInto(seed)
	var total int64
	for i := range count {
		n := 1 + sizes.Int64N(64<<10)
		file := fmt.Sprintf("%s/d%02d/e%d/f%05d.dat", name, i%100, i/100%10, i)
		if err := s.fill(ctx, file, n, next); err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}

func readInto(seed byte) func([]byte) {
	src := rand.NewChaCha8([32]byte{seed})
	return func(b []byte) { _, _ = src.Read(b) } // never fails, says its documentation
}

func (s *Space) fill(ctx context.Context, name string, n int64, next func([]byte)) (err error) {
	f, err := s.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return fmt.Errorf("make %s: %w", name, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	buf := make([]byte, min(n, chunk))
	for off := int64(0); off < n; off += int64(len(buf)) {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		buf = buf[:min(n-off, chunk)]
		next(buf)
		if _, err := f.WriteAt(buf, off); err != nil {
			return fmt.Errorf("make %s: %w", name, err)
		}
	}
	return nil
}

// Compare reads two files of the space side by side and returns ErrDiffers
// unless they hold the same bytes.
func (s *Space) Compare(ctx context.Context, a, b string) (err error) {
	var files [2]vfs.File
	for i, name := range []string{a, b} {
		if files[i], err = s.Open(name); err != nil {
			return fmt.Errorf("compare %s: %w", name, err)
		}
		defer files[i].Close()
	}
	bufs := [2][]byte{make([]byte, chunk), make([]byte, chunk)}
	for off := int64(0); ; off += chunk {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		var n [2]int
		var end [2]bool
		for i, f := range files {
			n[i], err = f.ReadAt(bufs[i], off)
			if end[i] = errors.Is(err, io.EOF); err != nil && !end[i] {
				return fmt.Errorf("compare %s and %s: %w", a, b, err)
			}
		}
		if n[0] != n[1] || end[0] != end[1] || !bytes.Equal(bufs[0][:n[0]], bufs[1][:n[1]]) {
			return fmt.Errorf("compare %s and %s: %w in the MiB at %d", a, b, ErrDiffers, off)
		}
		if end[0] {
			return nil
		}
	}
}
