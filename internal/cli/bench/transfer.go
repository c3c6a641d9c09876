package bench

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/torrentfile"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/metainfo/create"
)

// Transfer measures a share and a get in processes of their own.
type Transfer struct {
	Size words.Size `default:"1GiB" placeholder:"SIZE" help:"How much to move (default 1GiB)."`
	TLS  string     `name:"tls" enum:"off,prefer,require" default:"require" help:"Over TLS or not: off, prefer or require."`
	Kind string     `enum:"v1,v2,hybrid" default:"hybrid" help:"Version of the torrent: v1, v2 or hybrid."`
}

// Help tells what is measured.
func (*Transfer) Help() string {
	return "Two processes of this program move random data over the loopback interface, in memory if there is room. " +
		"The time runs from the start of the downloading process until it has verified everything; " +
		"CPU time and memory are those of each process from its start to its end."
}

// result is what was measured.
type result struct {
	Event      string  `json:"event"`
	Name       string  `json:"name"`
	Bytes      int64   `json:"bytes"`
	TLS        string  `json:"tls"`
	Kind       string  `json:"kind"`
	Seconds    float64 `json:"seconds"`
	RateBPS    int64   `json:"rate_bps"` // bytes a second
	SeederCPU  float64 `json:"seeder_cpu_seconds_per_gib"`
	GetCPU     float64 `json:"downloader_cpu_seconds_per_gib"`
	SeederPeak int64   `json:"seeder_peak_rss"` // bytes
	GetPeak    int64   `json:"downloader_peak_rss"`
	TLSBytes   int64   `json:"tls_bytes"`
}

// Run measures.
func (t *Transfer) Run(ctx context.Context, c *console.Console) (err error) {
	if t.Size <= 0 {
		return console.Usage("--size: want more than nothing")
	}
	w, err := newWorkspace(2 * int64(t.Size))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	c.Say("Moving %s in %s: %s, TLS %s.", words.Bytes(int64(t.Size)), filepath.Dir(w.path), t.Kind, t.TLS)
	if err := w.fill(ctx, int64(t.Size)); err != nil {
		return err
	}
	meta, err := torrentfile.Create(ctx, c, "making", filepath.Join(w.path, "src", contentName),
		create.Options{Kind: torrentfile.Kind(t.Kind)})
	if err != nil {
		return err
	}
	if err := torrentfile.Write(t.torrent(w), meta); err != nil {
		return err
	}
	r, err := t.measure(ctx, c, w)
	if err != nil {
		return fmt.Errorf("bench transfer: %w", err)
	}
	return r.report(c)
}

func (t *Transfer) torrent(w *workspace) string { return filepath.Join(w.path, "bench.torrent") }

func (t *Transfer) seed(ctx context.Context, w *workspace) (*process, console.Event, error) {
	p, err := spawn(ctx, "share", t.torrent(w), "--no-dht", "--dir", filepath.Join(w.path, "src"), "--tls", t.TLS,
		"--listen", "127.0.0.1:0", "--json", "--home", filepath.Join(w.path, "seeder"))
	if err != nil {
		return nil, console.Event{}, err
	}
	ready, err := p.await(console.Ready)
	if err == nil && len(ready.Listen) == 0 {
		err = errors.New("the seeder does not listen")
	}
	if err != nil {
		_, stopErr := p.stop()
		return nil, ready, errors.Join(err, stopErr)
	}
	return p, ready, nil
}

func (t *Transfer) measure(ctx context.Context, c *console.Console, w *workspace) (r result, err error) {
	// The first seeder hashes the content; the one that is measured trusts it, as
	// a seeder does that was stopped and started again.
	first, _, err := t.seed(ctx, w)
	if err != nil {
		return r, err
	}
	if _, err := first.stop(); err != nil {
		return r, err
	}
	seeder, ready, err := t.seed(ctx, w)
	if err != nil {
		return r, err
	}
	begun := c.Clock.Now()
	done, took, get, err := t.fetch(ctx, c, w, ready.Listen[0], begun)
	seed, stopErr := seeder.stop()
	if err = errors.Join(err, stopErr); err != nil {
		return r, err
	}
	gib := float64(t.Size) / (1 << 30)
	return result{
		Event: console.Done, Name: "transfer", Bytes: int64(t.Size), TLS: t.TLS, Kind: t.Kind,
		Seconds: took.Seconds(), RateBPS: words.RateOver(int64(t.Size), took),
		SeederCPU: seed.cpu.Seconds() / gib, GetCPU: get.cpu.Seconds() / gib,
		SeederPeak: seed.peak, GetPeak: get.peak, TLSBytes: done.TLSBytes,
	}, nil
}

func (t *Transfer) fetch(ctx context.Context, c *console.Console, w *workspace, peer string, begun time.Time) (done console.Event, took time.Duration, u usage, err error) {
	p, err := spawn(ctx, "get", t.torrent(w), "--no-dht", "--dir", filepath.Join(w.path, "dst"), "--peer", peer, "--tls", t.TLS,
		"--listen", "127.0.0.1:0", "--exit", "--json", "--home", filepath.Join(w.path, "downloader"))
	if err != nil {
		return done, 0, u, err
	}
	done, err = p.await(console.Done)
	took = c.Clock.Now().Sub(begun)
	if err != nil {
		_, stopErr := p.stop()
		return done, 0, u, errors.Join(err, stopErr)
	}
	u, err = p.wait()
	return done, took, u, err
}

func (r result) report(c *console.Console) error {
	c.Say("%s/s: %s in %s, verified%s.", words.Bytes(r.RateBPS), words.Bytes(r.Bytes),
		words.Duration(time.Duration(r.Seconds*float64(time.Second))), map[bool]string{true: ", over TLS"}[r.TLSBytes >= r.Bytes])
	c.Say("  seeder      %5.2f CPU-s per GiB, at most %s of memory", r.SeederCPU, words.Bytes(r.SeederPeak))
	c.Say("  downloader  %5.2f CPU-s per GiB, at most %s of memory", r.GetCPU, words.Bytes(r.GetPeak))
	return c.Emit(r)
}
