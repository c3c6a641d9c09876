package incomplete

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/library"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fake is a torrent that notes where it was moved.
type fake struct {
	mu    sync.Mutex
	view  library.View
	err   error
	moved []string
}

func (f *fake) View() library.View {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.view
}

func (f *fake) Move(_ context.Context, dir string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.moved = append(f.moved, dir)
	if f.err == nil {
		f.view.Dir = dir
	}
	return f.err
}

// set changes what a torrent is, and returns where it was moved so far.
func (f *fake) set(change func()) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if change != nil {
		change()
	}
	return strings.Join(f.moved, " ")
}

func torrent(dir string, done int64) *fake {
	f := &fake{}
	f.view.Dir, f.view.Status.Pieces, f.view.Status.Wanted, f.view.Status.WantedDone = dir, 1, 10, done
	return f
}

func TestMoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		whole, half, elsewhere, unknown, full := torrent("/in", 10), torrent("/in", 9), torrent("/other", 10), &fake{}, torrent("/in/", 10)
		unknown.view.Dir, full.err, full.view.ID = "/in", errors.New("no room"), 5
		k := New(Config{Places: func() (string, string) { return "/in", "/out" }, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler)})
		changed := make(chan struct{}, 1)
		Start(k, func() []*fake { return []*fake{whole, half, elsewhere, unknown, full} }, changed)
		time.Sleep(2 * pause)
		for name, c := range map[string]struct {
			f    *fake
			want string
		}{"whole": {whole, "/out"}, "half": {half, ""}, "elsewhere": {elsewhere, ""}, "unknown": {unknown, ""}} {
			if got := c.f.set(nil); got != c.want {
				t.Errorf("%s: %q", name, got)
			}
		}
		half.set(func() { half.view.Status.WantedDone = 10 })
		changed <- struct{}{}
		time.Sleep(2 * pause)
		if got := half.set(nil); got != "/out" {
			t.Errorf("complete: %q", got)
		}
		// What could not be moved is not tried whenever something changes.
		if got := full.set(func() { full.err = nil }); got != "/out" {
			t.Errorf("without room: %q", got)
		}
		time.Sleep(2 * again)
		if got := full.set(nil); got != "/out /out" {
			t.Errorf("room again: %q", got)
		}
		k.Close()
	})
}

func TestNowhere(t *testing.T) {
	for name, places := range map[string][2]string{"off": {"", "/out"}, "the same": {"/in", "/in/"}} {
		synctest.Test(t, func(t *testing.T) {
			f := torrent("/in", 10)
			k := New(Config{Places: func() (string, string) { return places[0], places[1] }, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler)})
			Start(k, func() []*fake { return []*fake{f} }, nil)
			time.Sleep(time.Hour)
			if got := f.set(nil); got != "" {
				t.Errorf("%s: %q", name, got)
			}
			k.Close()
		})
	}
}
