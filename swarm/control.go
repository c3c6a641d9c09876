package swarm

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
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

// SetLimits sets the torrent's own limits in bytes a second, 0 for none.
func (t *Torrent) SetLimits(up, down int64) {
	now := t.s.cfg.Clock.Now()
	t.up.own.SetRate(up, now)
	t.down.own.SetRate(down, now)
	t.nudgeWriters()
}

// nudgeWriters makes connections look at limits that have changed.
func (t *Torrent) nudgeWriters() {
	for _, p := range t.peerList() {
		p.link.Send(func(b []byte) []byte { return b })
	}
}

// SetTLS changes which connections are allowed, and ends those that no longer
// are.
func (t *Torrent) SetTLS(policy TLSPolicy) error {
	t.wanting.Lock()
	defer t.wanting.Unlock()
	t.mu.Lock()
	t.policy = policy
	t.conns.SetPolicy(policy)
	t.mu.Unlock()
	err := t.s.reopen(t, policy)
	t.closePeers(greeting.ErrKind, func(p *peer) bool { return !greeting.Allows(policy, p.kind) })
	t.poke()
	return err
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
	t.wanting.Lock()
	defer t.wanting.Unlock()
	err := t.content.SetPriority(prio)
	t.applyPriorities()
	return err
}

// applyPriorities tells the picker how much each piece is wanted.
func (t *Torrent) applyPriorities() {
	pieces := t.content.Priorities()
	t.Configure(func(c *Control) {
		for i, p := range pieces {
			c.pick.SetPriority(i, p)
		}
	})
}

// Rename gives a file another path below the content folder.
func (t *Torrent) Rename(file int, path string) error {
	if err := t.store.Rename(file, path); err != nil {
		return fmt.Errorf("rename file %d of %q: %w", file, t.meta.Info.Name, err)
	}
	return nil
}

// Have returns which pieces are verified.
func (t *Torrent) Have() peerwire.Bitfield {
	return t.content.Have()
}
