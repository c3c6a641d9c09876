// Package sleeper keeps a torrent of a session running while somebody needs it,
// and remembers how it stood while nobody does.
//
// A [Dormitory] is what the torrents of a session share: it sends those to sleep
// that nobody needs, and bounds how many strangers can wake. A [Sleeper] is one
// torrent, running or not; its [Owner] knows how to open it again.
//
// Locks: slot (package slumber), what the owner takes to say whether it may rest,
// torrent, roster, peer; that of a sleeper comes last, and with it held nobody is
// called. No slot is locked while a torrent opens, runs or closes.
package sleeper

import (
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/warren-p2p/warren/swarm/internal/activity"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/roster"
	"github.com/warren-p2p/warren/swarm/internal/slumber"
	"github.com/warren-p2p/warren/swarm/internal/torrent"
)

// Errors of sleepers.
var (
	errAsleep  = errors.New("nobody needs the torrent") // ends what it still does
	errCrowded = errors.New("too many torrents are awake")
)

// Owner is who a sleeper belongs to.
type Owner interface {
	// Open makes the running torrent, which has not run yet. No lock is held.
	Open() (*torrent.Torrent, error)
	// MayRest reports whether Open could make it once more. It is called with the
	// lock of the slot held, and must not wait.
	MayRest() bool
	// Turned is told of a change of state that no running torrent tells of. No lock
	// is held.
	Turned(from, to activity.State)
}

// Sleeper is a torrent that sleeps while nobody needs it. Its methods are safe
// for concurrent use.
type Sleeper struct {
	house   *Dormitory
	owner   Owner
	name    string
	started time.Time
	slot    *slumber.Slot[torrent.Torrent]
	woken   bool // it has slept and is awake; for the keeper

	mu     sync.Mutex
	asleep Status // as it was when it fell asleep, with what it counted before
}

// Add adds a torrent that is open, or that sleeps if run is nil, as asleep has it.
func (d *Dormitory) Add(o Owner, name string, run *torrent.Torrent, asleep Status) *Sleeper {
	s := &Sleeper{house: d, owner: o, name: name, started: d.clock.Now(), asleep: asleep}
	s.slot = slumber.New(slumber.Keeper[torrent.Torrent]((*keeper)(s)), d.clock, run)
	return s
}

// Use calls f with the running torrent, which it wakes if it sleeps, and keeps
// awake until f returns. The error is that of waking, which the status tells as
// well, or of f.
func (s *Sleeper) Use(f func(*torrent.Torrent) error) error { return s.slot.Use(f) }

// Do is Use of what cannot fail. Who needs to know whether the torrent could be
// woken is told by its status.
func (s *Sleeper) Do(f func(*torrent.Torrent)) {
	_ = s.slot.Use(func(run *torrent.Torrent) error {
		f(run)
		return nil
	})
}

// Peek calls f with the running torrent if it is awake, and reports whether it
// is.
func (s *Sleeper) Peek(f func(*torrent.Torrent)) bool { return s.slot.Peek(f) }

// Reach is Peek for what must not miss the torrent: while it wakes or falls asleep
// Reach waits for that to be over. A torrent that wakes later is opened anew.
func (s *Sleeper) Reach(f func(*torrent.Torrent)) bool { return s.slot.Reach(f) }

// Close lets the torrent neither fall asleep nor wake any more; reason is what
// users are told then. It does not end what runs.
func (s *Sleeper) Close(reason error) { s.slot.Close(reason) }

// Changed returns a channel that is closed at the next change of state, or
// before that.
func (s *Sleeper) Changed() (changed <-chan struct{}) {
	for changed == nil {
		if !s.slot.Peek(func(run *torrent.Torrent) { changed = run.Changed() }) {
			changed = s.slot.Woken()
		}
	}
	return changed
}

// Offer gives the torrent addresses to dial. If it sleeps it is woken for them,
// unless many are awake: nobody might be able to dial us.
func (s *Sleeper) Offer(from conns.Source, hints []conns.Hint) {
	add := func(run *torrent.Torrent) { run.Peers.Hear(from, hints...) }
	if len(hints) == 0 || s.slot.Peek(add) {
		return
	}
	s.mu.Lock()
	seeds := s.asleep.State == activity.Seeding
	s.mu.Unlock()
	if seeds && s.house.woken.Load() < maxWoken {
		s.Do(add)
	}
}

// Meet gives the torrent the address of a peer that is near and wants something:
// that wakes it.
func (s *Sleeper) Meet(at netip.AddrPort) {
	s.Do(func(run *torrent.Torrent) { run.Peers.Add(conns.LSD, at) })
}

// Admit implements door.Torrent.
func (s *Sleeper) Admit(f func(*roster.Roster) error) error {
	if !s.mayWake() {
		return errCrowded
	}
	return s.slot.Use(func(run *torrent.Torrent) error { return f(run.Peers) })
}

// Present implements door.Torrent.
func (s *Sleeper) Present(f func(*roster.Roster)) {
	s.slot.Peek(func(run *torrent.Torrent) { f(run.Peers) })
}

// mayWake reports whether a stranger may wake the torrent, if it sleeps.
func (s *Sleeper) mayWake() bool { return s.house.admits() || s.slot.Woken() == nil }

// keeper makes Sleeper a slumber.Keeper.
type keeper Sleeper

var _ slumber.Keeper[torrent.Torrent] = (*keeper)(nil)

// Wake implements slumber.Keeper. A torrent of which nothing has changed comes
// back as it was; another one is checked first.
func (k *keeper) Wake() (*torrent.Torrent, error) {
	run, err := k.owner.Open()
	if err != nil {
		err = fmt.Errorf("wake %q: %w", k.name, err)
		k.mu.Lock()
		before := k.asleep.State
		k.asleep.State, k.asleep.Reason = activity.Failed, err
		k.mu.Unlock()
		k.owner.Turned(before, activity.Failed)
		return nil, err
	}
	run.Settle()
	k.mu.Lock()
	before := k.asleep.State
	k.mu.Unlock()
	if now, _, _ := run.State(); now == activity.Paused && before != now {
		k.owner.Turned(before, now) // it begins so: nobody has been told
	}
	run.Run()
	k.woken = true
	k.house.woken.Add(1)
	return run, nil
}

// MayRest implements slumber.Keeper.
func (k *keeper) MayRest(run *torrent.Torrent) bool {
	if !k.owner.MayRest() || !run.Idle() {
		return false
	}
	now := (*Sleeper)(k).with(statusOf(run))
	now.DownRate, now.UpRate = 0, 0
	if !k.owner.MayRest() { // by now
		return false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.asleep = now
	return true
}

// Rest implements slumber.Keeper.
func (k *keeper) Rest(run *torrent.Torrent) {
	if k.woken {
		k.woken = false
		k.house.woken.Add(-1)
	}
	if err := run.Close(errAsleep); err != nil {
		k.house.log.Warn("content will be checked again", "torrent", k.name, "err", err)
	}
}
