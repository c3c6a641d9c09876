// Package incomplete moves torrents out of the folder for what is not complete once
// they are.
//
//	k := incomplete.New(incomplete.Config{Places: places, Clock: clk, Log: log})
//	changed, cancel := library.Subscribe()
//	incomplete.Start(k, library.All, changed)
//	defer k.Close()
//
// Nothing is remembered: what lies in the one folder and is complete belongs into the
// other, also if the node ended in between, or the volume was full for a while.
package incomplete

import (
	"context"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/words"
)

const (
	again = 10 * time.Minute // until what could not be moved is tried anew
	pause = 2 * time.Second  // between two looks
)

// Torrent is one that may be moved; *library.Torrent is one.
type Torrent interface {
	View() library.View
	Move(ctx context.Context, dir string) error
}

// Config is what a Keeper needs.
type Config struct {
	// Places returns the folder for what is not complete, "" if there is none, and the
	// one for what is; both absolute.
	Places func() (from, to string)
	Clock  clock.Clock
	Log    *slog.Logger
}

// Keeper moves torrents until it is closed.
type Keeper struct {
	cfg   Config
	ctx   context.Context
	end   context.CancelFunc
	ended sync.WaitGroup
	later map[int64]time.Time // when those are tried anew that could not be moved
}

// New returns a keeper that does nothing before Start.
func New(cfg Config) *Keeper {
	k := &Keeper{cfg: cfg, later: map[int64]time.Time{}}
	k.ctx, k.end = context.WithCancel(context.Background())
	return k
}

// Start begins to move torrents of a list, which is asked for whenever something has
// changed.
func Start[T Torrent](k *Keeper, list func() []T, changed <-chan struct{}) {
	k.ended.Go(func() {
		for k.wait(pause, nil) {
			for _, t := range list() {
				k.look(t)
			}
			if !k.wait(again, changed) {
				return
			}
		}
	})
}

// wait waits for a time, or for less if there is a wake-up, and reports whether the
// keeper goes on.
func (k *Keeper) wait(d time.Duration, wake <-chan struct{}) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-k.ctx.Done():
		return false
	case <-wake:
	case <-timer.C:
	}
	return true
}

// Close ends moving, and waits.
func (k *Keeper) Close() {
	k.end()
	k.ended.Wait()
}

// look moves a torrent if it is time.
func (k *Keeper) look(t Torrent) {
	from, to := k.cfg.Places()
	if from == "" || k.ctx.Err() != nil {
		return
	}
	v := t.View()
	whole := v.Status.Pieces > 0 && v.Status.Wanted > 0 && v.Status.WantedDone == v.Status.Wanted
	if !whole || filepath.Clean(v.Dir) != filepath.Clean(from) || filepath.Clean(from) == filepath.Clean(to) {
		return
	}
	now := k.cfg.Clock.Now()
	if now.Before(k.later[v.ID]) {
		return
	}
	if err := t.Move(k.ctx, to); err != nil {
		k.later[v.ID] = now.Add(again)
		k.cfg.Log.Warn("a complete torrent stays in the folder for those that are not, and is moved later", "torrent", v.Name, "problem", words.Cause(err))
		return
	}
	delete(k.later, v.ID)
	k.cfg.Log.Info("a complete torrent was moved to its place", "torrent", v.Name)
}
