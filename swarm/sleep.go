package swarm

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/door"
	"github.com/warren-p2p/warren/swarm/internal/roster"
	"github.com/warren-p2p/warren/swarm/internal/slumber"
	"github.com/warren-p2p/warren/swarm/internal/storage"
	"github.com/warren-p2p/warren/swarm/internal/torrent"
)

// errAsleep ends what a torrent still does when it falls asleep.
var errAsleep = errors.New("nobody needs the torrent")

// How long a torrent stays awake after somebody needed it, and how often those
// that may sleep are looked for.
const (
	wakeTime    = 30 * time.Second
	sweepPeriod = 5 * time.Second
)

// How many torrents may be awake at a time: because of peers that could be
// dialled; before those that do nothing are put to sleep at once; and, beyond
// what peers may be connected with, at all. A stranger who knows the info-hashes
// of all must not wake all.
const (
	maxWoken  = 64
	manyWoken = 128
	mostWoken = 256
)

var errCrowded = errors.New("too many torrents are awake")

// sweep puts torrents to sleep that nobody needs.
func (s *Session) sweep() {
	tick := time.NewTicker(sweepPeriod)
	defer tick.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-tick.C:
			s.rest(wakeTime)
		case <-s.crowded:
			s.rest(0)
		}
	}
}

func (s *Session) rest(idle time.Duration) {
	for _, t := range s.Torrents() {
		t.slot.Rest(idle)
	}
}

// mayWake reports whether a stranger may wake the torrent, if it sleeps.
func (t *Torrent) mayWake() bool {
	n := int(t.s.woken.Load())
	if n >= manyWoken {
		select {
		case t.s.crowded <- struct{}{}:
		default:
		}
	}
	return n < mostWoken+t.s.cfg.SessionPeers || t.slot.Woken() == nil
}

// keeper makes Torrent a slumber.Keeper.
type keeper Torrent

var _ slumber.Keeper[torrent.Torrent] = (*keeper)(nil)

// Wake implements slumber.Keeper. A torrent of which nothing has changed comes
// back as it was; another one is checked first.
func (k *keeper) Wake() (*torrent.Torrent, error) {
	t := (*Torrent)(k)
	m, err := t.reload()
	var run *torrent.Torrent
	if err == nil {
		run, err = t.open(m, false, false)
	}
	if err != nil {
		err = fmt.Errorf("wake %q: %w", t.name, err)
		t.mu.Lock()
		before := t.asleep.State
		t.asleep.State, t.asleep.Reason = StateFailed, err
		t.mu.Unlock()
		t.turned(before, StateFailed)
		return nil, err
	}
	run.Settle()
	run.Run()
	t.woken = true
	t.s.woken.Add(1)
	return run, nil
}

// MayRest implements slumber.Keeper.
func (k *keeper) MayRest(run *torrent.Torrent) bool {
	t := (*Torrent)(k)
	if t.opts.Reload == nil || !run.Idle() {
		return false
	}
	s := t.with(statusOf(run))
	s.DownRate, s.UpRate = 0, 0
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.removed {
		return false
	}
	t.asleep = s
	return true
}

// Rest implements slumber.Keeper.
func (k *keeper) Rest(run *torrent.Torrent) {
	if k.woken {
		k.woken = false
		k.s.woken.Add(-1)
	}
	if err := run.Close(errAsleep); err != nil {
		k.s.cfg.Log.Warn("content will be checked again", "torrent", k.name, "err", err)
	}
}

// offer gives the torrent addresses to dial. If it sleeps it is woken for them,
// unless many are awake: nobody might be able to dial us.
func (t *Torrent) offer(from conns.Source, addrs []netip.AddrPort) {
	add := func(run *torrent.Torrent) { run.Peers.Add(from, addrs...) }
	if len(addrs) == 0 || t.slot.Peek(add) {
		return
	}
	t.mu.Lock()
	seeds := t.asleep.State == StateSeeding
	t.mu.Unlock()
	if seeds && t.s.woken.Load() < maxWoken {
		_ = t.use(add) // the status tells
	}
}

// reload gets the metainfo back, and makes sure that it is the same.
func (t *Torrent) reload() (*metainfo.Torrent, error) {
	t.mu.Lock()
	m := t.opts.Metainfo
	t.mu.Unlock()
	if m != nil {
		return m, nil
	}
	m, err := t.opts.Reload()
	if err != nil {
		return nil, fmt.Errorf("read the metainfo again: %w", err)
	}
	if idOf(m) != t.id {
		return nil, fmt.Errorf("read the metainfo again: %w", errOther)
	}
	return m, nil
}

var errOther = errors.New("it is of another torrent")

// open makes the running torrent.
func (t *Torrent) open(m *metainfo.Torrent, check, verified bool) (*torrent.Torrent, error) {
	t.mu.Lock()
	opts := torrent.Options{
		Metainfo: m, Found: t.found, Learned: t.learned, Turned: t.turned, Content: t.opts.Content, TLS: t.opts.TLS,
		Paused: t.paused, Check: check, Verified: verified,
		SuperSeed: t.opts.SuperSeed, WebSeeds: t.opts.WebSeeds,
		UploadLimit: t.opts.UploadLimit, DownloadLimit: t.opts.DownloadLimit,
	}
	t.mu.Unlock()
	run, err := torrent.Open(t.s.ctx, &t.s.shared, t.id, opts)
	if err != nil {
		return nil, err
	}
	if run.Known() {
		t.outfit(run)
	}
	return run, nil
}

// beginAsleep reports whether a torrent that is added is complete and nobody
// needs it yet.
func (t *Torrent) beginAsleep(opts Options) bool {
	if opts.Reload == nil || opts.Check || opts.Verified || len(opts.Peers) > 0 {
		return false
	}
	whole, err := storage.Whole(t.s.shared.Storage(opts.Metainfo, opts.Content))
	if err != nil || !whole { // opening it tells why
		return false
	}
	info := &opts.Metainfo.Info
	t.asleep = Status{
		State: StateSeeding, Pieces: info.NumPieces(), PiecesDone: info.NumPieces(),
		Total: info.TotalLength(), Done: info.TotalLength(), Wanted: info.TotalLength(), WantedDone: info.TotalLength(),
	}
	if opts.Paused {
		t.asleep.State = StatePaused
	}
	return true
}

// entrance makes Torrent a door.Torrent.
type entrance Torrent

var _ door.Torrent = (*entrance)(nil)

// Admit implements door.Torrent.
func (e *entrance) Admit(f func(*roster.Roster) error) error {
	if !(*Torrent)(e).mayWake() {
		return errCrowded
	}
	return e.slot.Use(func(run *torrent.Torrent) error { return f(run.Peers) })
}

// Present implements door.Torrent.
func (e *entrance) Present(f func(*roster.Roster)) {
	e.slot.Peek(func(run *torrent.Torrent) { f(run.Peers) })
}
