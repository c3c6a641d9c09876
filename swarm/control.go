package swarm

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/peer"
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
func (t *Torrent) AddPeers(addrs ...netip.AddrPort) { t.run.Peers.Add(conns.Manual, addrs...) }

// SetLimits sets the torrent's own limits in bytes a second, 0 for none.
func (t *Torrent) SetLimits(up, down int64) { t.run.SetLimits(up, down) }

// SetTLS changes which connections are allowed, and ends those that no longer
// are.
func (t *Torrent) SetTLS(policy TLSPolicy) error {
	t.wanting.Lock()
	defer t.wanting.Unlock()
	t.run.Peers.SetPolicy(policy)
	err := t.s.door.Reopen(t.run.Peers, policy)
	t.run.Peers.PartKinds()
	t.run.Poke()
	if err != nil {
		return fmt.Errorf("change the policy of %q: %w", t.meta.Info.Name, err)
	}
	return nil
}

// Control changes what is fetched and in which order; see Configure.
type Control struct {
	t    *Torrent
	pick *picker.Picker
}

// Configure applies changes together, so that nothing is asked for in between.
func (t *Torrent) Configure(change func(*Control)) {
	t.run.Fetch.Configure(func(p *picker.Picker) { change(&Control{t, p}) })
	t.run.Peers.Each((*peer.Peer).UpdateInterest)
	t.run.Poke()
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
	err := t.run.Content.SetPriority(prio)
	t.applyPriorities()
	return err
}

// applyPriorities tells the picker how much each piece is wanted.
func (t *Torrent) applyPriorities() {
	pieces := t.run.Content.Priorities()
	t.Configure(func(c *Control) {
		for i, p := range pieces {
			c.pick.SetPriority(i, p)
		}
	})
}
