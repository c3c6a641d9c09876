package swarm

import (
	"crypto/tls"
	"fmt"
	"net/netip"

	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/dossier"
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
	t.file.SetLimits(up, down)
	t.life.Peek(func(run *torrent.Torrent) { run.SetLimits(up, down) })
}

// SetTLS changes which connections are allowed, and ends those that no longer
// are. It returns [ErrTLSNeeded] for what the level of the torrent rules out.
func (t *Torrent) SetTLS(policy TLSPolicy) error {
	if err := t.file.Allowed(policy); err != nil {
		return fmt.Errorf("change the policy of %q: %w", t.file.Title(), err)
	}
	t.wanting.Lock()
	defer t.wanting.Unlock()
	t.subject.SetPolicy(policy) // before anything else: what was told cannot be taken back
	t.file.SetPolicy(policy)
	// One that is just being opened may have read what was allowed before.
	t.life.Reach(func(run *torrent.Torrent) { run.Peers.SetPolicy(policy) })
	err := t.s.door.Reopen(t.file.ID(), policy)
	t.life.Peek(func(run *torrent.Torrent) {
		run.Peers.PartKinds()
		run.Poke()
	})
	if err != nil {
		return fmt.Errorf("change the policy of %q: %w", t.file.Title(), err)
	}
	return nil
}

// SetCertificate replaces the certificate that peers of an SSL torrent are shown on
// connections to come. Errors match those of package btls/ssltorrent.
func (t *Torrent) SetCertificate(own tls.Certificate) error { return t.file.Renew(own) }

// Control changes what is fetched and in which order; see Configure.
type Control = dossier.Control

// Configure applies changes together, so that nothing is asked for in between.
// What nothing is known of yet is changed as soon as it is.
func (t *Torrent) Configure(change func(*Control)) {
	t.life.Do(func(run *torrent.Torrent) { t.file.Configure(run, change) })
}

// SetFirstLast says whether the first and the last piece of each file are fetched before
// the others, so that it can be looked at early.
func (t *Torrent) SetFirstLast(on bool) {
	t.file.SetFirstLast(on)
	t.life.Peek(t.file.ApplyPriorities)
}

// SetMaxPeers sets how many peers may be connected, 0 for the default of the session.
// Those that are stay.
func (t *Torrent) SetMaxPeers(n int) {
	t.file.SetMaxPeers(n)
	t.life.Peek(t.file.ApplyMaxPeers)
}

// SetPriority sets how much files are wanted, by their index in
// metainfo.Info.Files. A piece is wanted as much as the file in it that is
// wanted most. The error is [ErrUnknown] as long as there are no files.
func (t *Torrent) SetPriority(prio map[int]Priority) error {
	t.wanting.Lock()
	defer t.wanting.Unlock()
	return t.life.Use(func(run *torrent.Torrent) error { return t.file.SetPriority(run, prio) })
}
