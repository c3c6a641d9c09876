package sleeper

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"os"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm/internal/activity"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/roster"
	"github.com/warren-p2p/warren/swarm/internal/storage"
	"github.com/warren-p2p/warren/swarm/internal/torrent"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// owner cannot open its torrent, and counts how often it was to.
type owner struct {
	opened int
	turned []activity.State
}

var errLost = errors.New("the metainfo is lost")

func (o *owner) Open() (*torrent.Torrent, error) {
	o.opened++
	return nil, errLost
}

func (o *owner) MayRest() bool                  { return true }
func (o *owner) Turned(from, to activity.State) { o.turned = append(o.turned, from, to) }

func newDormitory() *Dormitory {
	return NewDormitory(clock.System{}, slog.New(slog.DiscardHandler), 10)
}

// What cannot be opened again says so, to who needs it and in its status.
func TestCannotWake(t *testing.T) {
	o := &owner{}
	s := newDormitory().Add(o, "set", nil, Status{State: activity.Seeding, Sent: 7})
	changed := s.Changed()
	if err := s.Use(func(*torrent.Torrent) error { return nil }); !errors.Is(err, errLost) {
		t.Errorf("used: %v", err)
	}
	st := s.Status()
	if st.State != activity.Failed || !errors.Is(st.Reason, errLost) || st.Sent != 7 {
		t.Errorf("%+v", st)
	}
	if len(o.turned) != 2 || o.turned[0] != activity.Seeding || o.turned[1] != activity.Failed {
		t.Errorf("told of %v", o.turned)
	}
	select {
	case <-changed:
		t.Error("it has woken")
	default:
	}
	s.Close(errAsleep)
	if err := s.Admit(func(*roster.Roster) error { return nil }); !errors.Is(err, errAsleep) {
		t.Errorf("closed: %v", err)
	}
}

// Addresses wake a seed, as long as few are awake; looks wake nobody.
func TestWhoWakes(t *testing.T) {
	at := netip.MustParseAddrPort("10.0.0.1:6881")
	for _, c := range []struct {
		name  string
		state activity.State
		woken int64
		do    func(*Sleeper)
		opens bool
	}{
		{"offer", activity.Seeding, maxWoken - 1, func(s *Sleeper) { s.Offer(conns.Tracker, []conns.Hint{{Addr: at}}) }, true},
		{"offer of nothing", activity.Seeding, 0, func(s *Sleeper) { s.Offer(conns.Tracker, nil) }, false},
		{"offer among many", activity.Seeding, maxWoken, func(s *Sleeper) { s.Offer(conns.Tracker, []conns.Hint{{Addr: at}}) }, false},
		{"offer to a paused one", activity.Paused, 0, func(s *Sleeper) { s.Offer(conns.Tracker, []conns.Hint{{Addr: at}}) }, false},
		{"neighbour", activity.Seeding, maxWoken, func(s *Sleeper) { s.Meet(at) }, true},
		{"stranger", activity.Seeding, mostWoken + 9, func(s *Sleeper) { _ = s.Admit(func(*roster.Roster) error { return nil }) }, true},
		{"crowd", activity.Seeding, mostWoken + 10, func(s *Sleeper) {
			if err := s.Admit(func(*roster.Roster) error { return nil }); !errors.Is(err, errCrowded) {
				t.Errorf("crowd: %v", err)
			}
		}, false},
		{"look", activity.Seeding, 0, func(s *Sleeper) {
			s.Status()
			s.Progress()
			s.Present(func(*roster.Roster) { t.Error("there is a roster") })
			if _, awake := s.State(); awake {
				t.Error("it is awake")
			}
		}, false},
	} {
		o, d := &owner{}, newDormitory()
		d.woken.Store(c.woken)
		c.do(d.Add(o, c.name, nil, Status{State: c.state}))
		if (o.opened > 0) != c.opens {
			t.Errorf("%s: woken %d times", c.name, o.opened)
		}
	}
}

// A crowd has those that do nothing looked for at once.
func TestSweep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDormitory()
		s := d.Add(&owner{}, "set", nil, Status{State: activity.Seeding})
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		sweeps := 0
		go d.Sweep(ctx, func() []*Sleeper {
			sweeps++
			return []*Sleeper{s}
		})
		time.Sleep(sweepPeriod * 5 / 2)
		synctest.Wait()
		if sweeps != 2 {
			t.Errorf("%d sweeps", sweeps)
		}
		d.woken.Store(manyWoken)
		_ = s.Admit(func(*roster.Roster) error { return nil })
		synctest.Wait()
		if sweeps != 3 {
			t.Errorf("%d sweeps after a crowd", sweeps)
		}
	})
}

// What trackers are told is missing is not nothing as long as it is unknown.
func TestProgress(t *testing.T) {
	for _, c := range []struct {
		s    Status
		left int64
	}{
		{Status{State: activity.Metadata}, unknownLeft},
		{Status{State: activity.Downloading, Total: 10, Done: 4}, 6},
	} {
		c.s.Received, c.s.Sent = 1, 2
		down, up, left := newDormitory().Add(&owner{}, "set", nil, c.s).Progress()
		if down != 1 || up != 2 || left != c.left {
			t.Errorf("%v: %d, %d, %d", c.s.State, down, up, left)
		}
	}
}

// What was left complete is taken as it was left; what nothing is known of is not.
func TestWhole(t *testing.T) {
	disk, home := memfs.New(), memfs.New()
	f, err := disk.OpenFile("file", os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(make([]byte, 100_000), 0); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	m, err := create.Torrent(t.Context(), disk, "file", create.Options{Kind: create.V2, PieceLength: 16 << 10})
	if err != nil {
		t.Fatal(err)
	}
	cfg := storage.Config{Torrent: m, Content: disk, State: home, Clock: clock.System{}}
	if s, ok := Whole(cfg, false); ok {
		t.Errorf("whole without a check: %+v", s)
	}
	store, err := storage.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(store.Trust(), store.Close()); err != nil {
		t.Fatal(err)
	}
	want := Status{State: activity.Paused, Pieces: 7, PiecesDone: 7, Total: 100_000, Done: 100_000, Wanted: 100_000, WantedDone: 100_000}
	if s, ok := Whole(cfg, true); !ok || !reflect.DeepEqual(s, want) {
		t.Errorf("%v, %+v", ok, s)
	}
}
