package swarm

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/peer"
	"github.com/warren-p2p/warren/swarm/internal/picker"
	"github.com/warren-p2p/warren/swarm/internal/torrent"
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
	if len(addrs) > 0 {
		t.life.Do(func(run *torrent.Torrent) { run.Peers.Add(conns.Manual, addrs...) })
	}
}

// SetLimits sets the torrent's own limits in bytes a second, 0 for none.
func (t *Torrent) SetLimits(up, down int64) {
	t.mu.Lock()
	t.opts.UploadLimit, t.opts.DownloadLimit = up, down
	t.mu.Unlock()
	t.life.Peek(func(run *torrent.Torrent) { run.SetLimits(up, down) })
}

// SetTLS changes which connections are allowed, and ends those that no longer
// are.
func (t *Torrent) SetTLS(policy TLSPolicy) error {
	t.wanting.Lock()
	defer t.wanting.Unlock()
	t.mu.Lock()
	t.opts.TLS = policy
	t.mu.Unlock()
	t.life.Peek(func(run *torrent.Torrent) { run.Peers.SetPolicy(policy) })
	err := t.s.door.Reopen(t.id, policy)
	t.life.Peek(func(run *torrent.Torrent) {
		run.Peers.PartKinds()
		run.Poke()
	})
	if err != nil {
		return fmt.Errorf("change the policy of %q: %w", t.name, err)
	}
	return nil
}

// Control changes what is fetched and in which order; see Configure.
type Control struct{ pick *picker.Picker }

// Configure applies changes together, so that nothing is asked for in between.
// What nothing is known of yet is changed as soon as it is.
func (t *Torrent) Configure(change func(*Control)) {
	t.life.Do(func(run *torrent.Torrent) {
		t.mu.Lock()
		known := run.Known()
		if !known {
			t.later = append(t.later, change)
		}
		t.mu.Unlock()
		if known {
			configure(run, change)
		}
	})
}

func configure(run *torrent.Torrent, change func(*Control)) {
	run.Fetch.Configure(func(p *picker.Picker) { change(&Control{p}) })
	run.Peers.Each((*peer.Peer).UpdateInterest)
	run.Poke()
}

// SetSequential asks for pieces in their order instead of the rarest first.
func (c *Control) SetSequential(on bool) { c.pick.SetSequential(on) }

// SetDeadline asks for the piece at a time, for a reader that will want it then.
func (c *Control) SetDeadline(piece int, at time.Time) error {
	if piece < 0 || piece >= c.pick.Len() {
		return fmt.Errorf("set deadline: piece %d of %d", piece, c.pick.Len())
	}
	c.pick.SetDeadline(piece, at)
	return nil
}

// ClearDeadlines takes all deadlines back.
func (c *Control) ClearDeadlines() { c.pick.ClearDeadlines() }

// SetPriority sets how much files are wanted, by their index in
// metainfo.Info.Files. A piece is wanted as much as the file in it that is
// wanted most. The error is [ErrUnknown] as long as there are no files.
func (t *Torrent) SetPriority(prio map[int]Priority) error {
	t.wanting.Lock()
	defer t.wanting.Unlock()
	return t.life.Use(func(run *torrent.Torrent) error {
		if !run.Known() {
			return ErrUnknown
		}
		err := run.Content.SetPriority(prio)
		applyPriorities(run)
		return err
	})
}

// applyPriorities tells the picker how much each piece is wanted.
func applyPriorities(run *torrent.Torrent) {
	pieces := run.Content.Priorities()
	configure(run, func(c *Control) {
		for i, p := range pieces {
			c.pick.SetPriority(i, p)
		}
	})
}
