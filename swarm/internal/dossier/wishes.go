package dossier

import (
	"fmt"
	"time"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/peer"
	"github.com/warren-p2p/warren/swarm/internal/picker"
	"github.com/warren-p2p/warren/swarm/internal/torrent"
)

// SetLimits sets the limits of runs to come, in bytes a second, 0 for none.
func (d *Dossier) SetLimits(up, down int64) {
	d.set(func(o *Options) { o.UploadLimit, o.DownloadLimit = up, down })
}

// SetPolicy sets which connections runs to come allow.
func (d *Dossier) SetPolicy(p conns.Policy) { d.set(func(o *Options) { o.TLS = p }) }

// SetPaused says whether runs to come begin paused.
func (d *Dossier) SetPaused(on bool) { d.set(func(o *Options) { o.Paused = on }) }

// Paused reports whether the user has stopped the torrent.
func (d *Dossier) Paused() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.opts.Paused
}

// SetWaits says whether runs to come begin paused because it is not their turn.
func (d *Dossier) SetWaits(on bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.waits = on
}

// SetContent says where the content has been moved to.
func (d *Dossier) SetContent(to vfs.FS) { d.set(func(o *Options) { o.Content = to }) }

func (d *Dossier) set(change func(*Options)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change(&d.opts)
}

// Control changes what is fetched and in which order.
type Control struct{ pick *picker.Picker }

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

// Configure applies changes to a run together. What nothing is known of yet is
// changed as soon as it is.
func (d *Dossier) Configure(run *torrent.Torrent, change func(*Control)) {
	d.mu.Lock()
	known := run.Known()
	if !known {
		d.later = append(d.later, change)
	}
	d.mu.Unlock()
	if known {
		configure(run, change)
	}
}

func configure(run *torrent.Torrent, change func(*Control)) {
	run.Fetch.Configure(func(p *picker.Picker) { change(&Control{p}) })
	run.Peers.Each((*peer.Peer).UpdateInterest)
	run.Poke()
}

// SetPriority sets how much files of a run are wanted, by their index in
// metainfo.Info.Files. The error may be [ErrUnknown].
func (d *Dossier) SetPriority(run *torrent.Torrent, prio map[int]picker.Priority) error {
	if !run.Known() {
		return ErrUnknown
	}
	err := run.Content.SetPriority(prio)
	d.ApplyPriorities(run)
	return err
}

// ApplyPriorities tells the picker how much each piece is wanted.
func (d *Dossier) ApplyPriorities(run *torrent.Torrent) {
	if !run.Known() {
		return // it follows
	}
	pieces := run.Content.Priorities()
	d.mu.Lock()
	firstLast := d.opts.FirstLast
	d.mu.Unlock()
	if firstLast {
		edges(run, pieces)
	}
	configure(run, func(c *Control) {
		for i, p := range pieces {
			c.pick.SetPriority(i, p)
		}
	})
}

// outfit tells a run what the user wants of it.
func (d *Dossier) outfit(run *torrent.Torrent) {
	if err := d.choose(run); err != nil {
		d.res.Log.Warn("the choice of files does not outlive this run", "torrent", d.name, "err", err)
	}
	d.ApplyPriorities(run)
	d.ApplyMaxPeers(run)
	configure(run, func(c *Control) { c.SetSequential(d.opts.Sequential) })
}

// choose skips the files that the magnet link does not ask for (BEP 53), once.
func (d *Dossier) choose(run *torrent.Torrent) error {
	d.mu.Lock()
	link := d.opts.Magnet
	chosen := d.chosen
	d.chosen = true
	d.mu.Unlock()
	if link == nil || len(link.SelectOnly) == 0 || chosen {
		return nil
	}
	prio := make(map[int]picker.Priority)
	for i := range run.Content.Meta.Info.Files {
		prio[i] = picker.Skip
		if link.Selected(i) {
			prio[i] = picker.Normal
		}
	}
	return run.Content.SetPriority(prio)
}
