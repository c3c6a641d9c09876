package bench

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/metainfo/verify"
)

// Hash measures making and verifying torrents.
type Hash struct {
	Path string     `arg:"" optional:"" help:"File or directory to hash; random data by default."`
	Size words.Size `placeholder:"SIZE" help:"How much random data to hash without PATH (default 1GiB)."`
}

// Help tells what is measured.
func (*Hash) Help() string {
	return "Each kind of torrent is made and verified once on all cores, after the content was read once, " +
		"so that it comes from memory if it fits."
}

// hashed is one measurement.
type hashed struct {
	Event   string  `json:"event"`
	Name    string  `json:"name"` // create or verify
	Kind    string  `json:"kind"`
	Bytes   int64   `json:"bytes"`
	Seconds float64 `json:"seconds"`
	RateBPS int64   `json:"rate_bps"` // bytes a second
}

// Run measures.
func (h *Hash) Run(ctx context.Context, c *console.Console) (err error) {
	if h.Path != "" && h.Size != 0 {
		return console.Usage("--size is for random data: give it or a path, not both")
	}
	if h.Size < 0 {
		return console.Usage("--size: want more than nothing")
	}
	target := h.Path
	if target == "" {
		if h.Size == 0 {
			h.Size = 1 << 30
		}
		w, err := newWorkspace(int64(h.Size))
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, w.close()) }()
		c.Say("Hashing %s of random data in %s.", words.Bytes(int64(h.Size)), filepath.Dir(w.path))
		if err := w.fill(ctx, int64(h.Size)); err != nil {
			return err
		}
		target = filepath.Join(w.path, "src", contentName)
	}
	dir, name, err := vfs.OpenPath(target)
	if err != nil {
		return fmt.Errorf("bench hash %s: %w", target, console.Cause(err))
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	return measureAll(ctx, c, dir, name)
}

func measureAll(ctx context.Context, c *console.Console, dir vfs.FS, name string) error {
	if _, err := create.Torrent(ctx, dir, name, create.Options{Kind: create.V1}); err != nil {
		return err // this one read the content into memory
	}
	for _, k := range []struct {
		name string
		kind create.Kind
	}{{"v1", create.V1}, {"v2", create.V2}, {"hybrid", create.Hybrid}} {
		begun := c.Clock.Now()
		t, err := create.Torrent(ctx, dir, name, create.Options{Kind: k.kind})
		if err != nil {
			return err
		}
		if err := tell(c, "create", k.name, t.Info.TotalLength(), c.Clock.Now().Sub(begun)); err != nil {
			return err
		}
		begun = c.Clock.Now()
		r, err := verify.Content(ctx, t, dir, ".", verify.Options{})
		if err != nil {
			return err
		}
		if !r.Complete() {
			return fmt.Errorf("bench hash: %q changed meanwhile", words.Plain(name))
		}
		if err := tell(c, "verify", k.name, t.Info.TotalLength(), c.Clock.Now().Sub(begun)); err != nil {
			return err
		}
	}
	return nil
}

func tell(c *console.Console, what, kind string, n int64, took time.Duration) error {
	rate := words.RateOver(n, took)
	c.Say("  %-7s %-7s %10s/s", what, kind, words.Bytes(rate))
	return c.Emit(hashed{console.Done, what, kind, n, took.Seconds(), rate})
}
