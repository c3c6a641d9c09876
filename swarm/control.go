package swarm

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/picker"
)

// Priority is how much a file is wanted.
type Priority = picker.Priority

// The priorities. A skipped file is not fetched; pieces that it shares with
// others are kept aside.
const (
	Skip   = picker.Skip
	Low    = picker.Low
	Normal = picker.Normal
	High   = picker.High
)

// AddPeers adds addresses to dial.
func (t *Torrent) AddPeers(addrs ...netip.AddrPort) {
	if len(addrs) == 0 {
		return
	}
	t.mu.Lock()
	t.conns.Add(conns.Manual, addrs...)
	t.mu.Unlock()
	t.poke()
}

// Start lets a paused torrent go on.
func (t *Torrent) Start() {
	t.mu.Lock()
	paused := t.state == StatePaused || t.state == StateFailed
	t.mu.Unlock()
	if paused {
		t.begin()
	}
}

// Stop ends all connections of the torrent and keeps it paused.
func (t *Torrent) Stop() {
	t.fetch.SetActive(false)
	t.setState(StatePaused, nil)
	t.closePeers(errStopped, func(*peer) bool { return true })
}

// Recheck hashes all content on disk and then goes on as before.
func (t *Torrent) Recheck() error {
	t.mu.Lock()
	paused := t.state == StatePaused
	t.mu.Unlock()
	t.Stop()
	t.drain()
	err := t.check(true)
	if err != nil {
		return fmt.Errorf("check %q: %w", t.meta.Info.Name, err)
	}
	if paused {
		t.setState(StatePaused, nil)
		return nil
	}
	t.begin()
	return nil
}

// SetLimits sets the torrent's own limits in bytes a second, 0 for none.
func (t *Torrent) SetLimits(up, down int64) {
	now := t.s.cfg.Clock.Now()
	t.up.own.SetRate(up, now)
	t.down.own.SetRate(down, now)
}

// Control changes what is fetched and in which order; see Configure.
type Control struct {
	t    *Torrent
	pick *picker.Picker
}

// Configure applies changes together, so that nothing is asked for in between.
func (t *Torrent) Configure(change func(*Control)) {
	t.fetch.Configure(func(p *picker.Picker) { change(&Control{t, p}) })
	for _, p := range t.peerList() {
		p.updateInterest()
	}
	t.poke()
}

// SetSequential asks for pieces in their order instead of the rarest first.
func (c *Control) SetSequential(on bool) { c.pick.SetSequential(on) }

// SetDeadline asks for the piece at a time, for a reader that will want it then.
func (c *Control) SetDeadline(piece int, at time.Time) error {
	if piece < 0 || piece >= c.t.meta.Info.NumPieces() {
		return fmt.Errorf("set deadline: piece %d of %d", piece, c.t.meta.Info.NumPieces())
	}
	c.pick.SetDeadline(piece, at)
	return nil
}

// ClearDeadlines takes all deadlines back.
func (c *Control) ClearDeadlines() { c.pick.ClearDeadlines() }

// SetPriority sets how much files are wanted, by their index in
// metainfo.Info.Files. A piece is wanted as much as the file in it that is
// wanted most.
func (t *Torrent) SetPriority(prio map[int]Priority) error {
	info := &t.meta.Info
	for f := range prio {
		if f < 0 || f >= len(info.Files) {
			return fmt.Errorf("set priority: file %d of %d", f, len(info.Files))
		}
	}
	t.mu.Lock()
	for f, p := range prio {
		t.priority[f] = p
		if p == Skip {
			t.unwanted[f] = true
		} else {
			delete(t.unwanted, f)
		}
	}
	all := make([]Priority, len(info.Files))
	for f := range all {
		all[f] = Normal
		if p, ok := t.priority[f]; ok {
			all[f] = p
		}
	}
	t.mu.Unlock()
	var errs []error
	for f, p := range prio {
		errs = append(errs, t.store.SetWanted(f, p != Skip))
	}
	t.Configure(func(c *Control) {
		for i, p := range t.piecePriorities(all) {
			c.pick.SetPriority(i, p)
		}
	})
	return errors.Join(errs...)
}

func (t *Torrent) piecePriorities(files []Priority) []Priority {
	info := &t.meta.Info
	pieces := make([]Priority, info.NumPieces())
	for f := range info.Files {
		if info.Files[f].Pad {
			continue
		}
		first, end := info.FilePieces(f)
		for i := first; i < end; i++ {
			pieces[i] = max(pieces[i], files[f])
		}
	}
	return pieces
}

// Rename gives a file another path below the content folder.
func (t *Torrent) Rename(file int, path string) error {
	if err := t.store.Rename(file, path); err != nil {
		return fmt.Errorf("rename file %d of %q: %w", file, t.meta.Info.Name, err)
	}
	return nil
}

// Move moves the content to another folder. Transfers pause meanwhile.
func (t *Torrent) Move(ctx context.Context, to vfs.FS) error {
	t.mu.Lock()
	paused := t.state == StatePaused
	t.mu.Unlock()
	t.Stop()
	t.drain()
	err := t.store.Move(ctx, to)
	if !paused {
		t.begin()
	}
	if err != nil {
		return fmt.Errorf("move %q: %w", t.meta.Info.Name, err)
	}
	return nil
}

// drain waits until no peer is connected and nothing is being written.
func (t *Torrent) drain() {
	for _, p := range t.peerList() {
		<-p.gone
	}
	t.fetch.Drain()
}

// Remove takes the torrent out of the session, with its resume state, and with
// its content if that is said.
func (t *Torrent) Remove(content bool) error {
	t.s.unregister(t)
	t.mu.Lock()
	again := t.removed
	t.removed = true
	t.mu.Unlock()
	if again {
		return ErrRemoved
	}
	err := t.close()
	if content {
		err = errors.Join(err, t.store.RemoveData())
	}
	return errors.Join(err, t.store.RemoveState())
}

// Have returns which pieces are verified.
func (t *Torrent) Have() peerwire.Bitfield {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append(peerwire.Bitfield(nil), t.have...)
}
