package swarm

import (
	"errors"
	"net/netip"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/magnet"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/home"
	"github.com/warren-p2p/warren/swarm/internal/torrent"
)

// ErrUnknown is returned as long as nothing is known of a torrent but what its
// magnet link says.
var ErrUnknown = errors.New("the info dictionary is still to be fetched from peers")

// identify returns what a torrent is known by. One that was added by its magnet
// link before is known already.
func (s *Session) identify(opts *Options) transport.ID {
	if opts.Metainfo == nil {
		m, err := home.Metadata(s.cfg.Home, opts.Magnet.Hashes)
		if err != nil {
			s.cfg.Log.Warn("an info dictionary is fetched again", "err", err)
		}
		if m == nil {
			h := opts.Magnet.Hashes
			return transport.ID{V1: h.V1, V2: h.V2, HasV1: h.HasV1, HasV2: h.HasV2}
		}
		complement(m, opts.Magnet)
		opts.Metainfo = m
	}
	return idOf(opts.Metainfo)
}

// complement gives a torrent the trackers and web seeds of its magnet link.
func complement(m *metainfo.Torrent, link *magnet.Link) {
	if len(link.Trackers) > 0 {
		m.SetTrackers(tiers(link))
	}
	if len(link.WebSeeds) > 0 {
		m.URLList = link.WebSeeds
	}
}

// tiers returns the trackers of a link, which knows no tiers: all are to be
// tried (BEP 9).
func tiers(link *magnet.Link) (list [][]string) {
	for _, url := range link.Trackers {
		list = append(list, []string{url})
	}
	return list
}

// Name returns what the torrent is called: what its magnet link says as long as
// nothing else is known, which may be an info-hash.
func (t *Torrent) Name() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if m := t.opts.Metainfo; m != nil {
		return m.Info.Name
	}
	return t.name
}

// Hashes returns the info-hashes of the torrent, as far as they are known.
func (t *Torrent) Hashes() metainfo.InfoHashes {
	t.mu.Lock()
	defer t.mu.Unlock()
	if m := t.opts.Metainfo; m != nil {
		return m.Hashes()
	}
	return metainfo.InfoHashes{V1: t.id.V1, V2: t.id.V2, HasV1: t.id.HasV1, HasV2: t.id.HasV2}
}

// nameOf returns what a torrent that is added is called.
func nameOf(opts Options) string {
	switch {
	case opts.Metainfo != nil:
		return opts.Metainfo.Info.Name
	case opts.Magnet.Name != "":
		return opts.Magnet.Name
	}
	return opts.Magnet.Hashes.String()
}

// found adds to what peers have told what they do not know.
func (t *Torrent) found(m *metainfo.Torrent) {
	t.subject.SetPrivate(m.Info.Private)
	if t.opts.Magnet != nil {
		complement(m, t.opts.Magnet)
	}
}

// learned takes over what peers have told.
func (t *Torrent) learned(run *torrent.Torrent) {
	m := run.Content.Meta
	if t.opts.Magnet != nil {
		if err := home.KeepMetadata(t.s.cfg.Home, m); err != nil {
			t.s.cfg.Log.Warn("the magnet link will need peers again", "torrent", t.name, "err", err)
		}
	}
	t.outfit(run)
	t.mu.Lock()
	t.opts.Metainfo = m
	later := t.later
	t.later = nil
	t.mu.Unlock()
	for _, change := range later {
		configure(run, change)
	}
}

// outfit tells a run what the user wants of it.
func (t *Torrent) outfit(run *torrent.Torrent) {
	if err := t.choose(run); err != nil {
		t.s.cfg.Log.Warn("the choice of files does not outlive this run", "torrent", t.name, "err", err)
	}
	applyPriorities(run)
	configure(run, func(c *Control) { c.SetSequential(t.opts.Sequential) })
}

// choose skips the files that the magnet link does not ask for (BEP 53), once.
func (t *Torrent) choose(run *torrent.Torrent) error {
	t.mu.Lock()
	link := t.opts.Magnet
	chosen := t.chosen
	t.chosen = true
	t.mu.Unlock()
	if link == nil || len(link.SelectOnly) == 0 || chosen {
		return nil
	}
	prio := make(map[int]Priority)
	for i := range run.Content.Meta.Info.Files {
		prio[i] = Skip
		if link.Selected(i) {
			prio[i] = Normal
		}
	}
	return run.Content.SetPriority(prio)
}

// dialPeersOf dials the peers that a magnet link names by address.
func dialPeersOf(link *magnet.Link, run *torrent.Torrent) {
	if link == nil {
		return
	}
	for _, text := range link.Peers {
		if addr, err := netip.ParseAddrPort(text); err == nil {
			run.Peers.Add(conns.Manual, addr)
		}
	}
}

func haveOf(run *torrent.Torrent) peerwire.Bitfield {
	if !run.Known() {
		return nil
	}
	return run.Content.Have()
}

// forget removes the info dictionary that was kept.
func (t *Torrent) forget() error {
	if t.opts.Magnet == nil {
		return nil
	}
	return home.ForgetMetadata(t.s.cfg.Home, t.Hashes())
}
