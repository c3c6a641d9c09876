package dossier

import (
	"github.com/warren-p2p/warren/swarm/internal/limiter"
	"github.com/warren-p2p/warren/swarm/internal/picker"
	"github.com/warren-p2p/warren/swarm/internal/torrent"
)

// SetGroup sets whom runs to come share limits with; nil is nobody. The one
// that runs is told by Join.
func (d *Dossier) SetGroup(g *limiter.Group) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.group = g
}

// Join has a run keep to the limits of its group.
func (d *Dossier) Join(run *torrent.Torrent) {
	d.mu.Lock()
	g := d.group
	d.mu.Unlock()
	d.join(run, g)
	run.LimitsChanged()
}

func (d *Dossier) join(run *torrent.Torrent, g *limiter.Group) {
	up, down := run.Limits()
	if g == nil {
		up.Attach(d.res.Up)
		down.Attach(d.res.Down)
		return
	}
	up.Attach(g.Up)
	down.Attach(g.Down)
}

// SetMaxPeers sets how many peers runs to come may be connected with, 0 for the default
// of the session.
func (d *Dossier) SetMaxPeers(n int) { d.set(func(o *Options) { o.MaxPeers = n }) }

// ApplyMaxPeers has a run keep to that.
func (d *Dossier) ApplyMaxPeers(run *torrent.Torrent) {
	d.mu.Lock()
	n := d.opts.MaxPeers
	d.mu.Unlock()
	if n == 0 {
		n = d.res.MaxPeers
	}
	run.Peers.SetMaxPeers(n)
}

// SetFirstLast says whether runs to come fetch the first and the last piece of each file
// before the others: what players look at before they begin.
func (d *Dossier) SetFirstLast(on bool) { d.set(func(o *Options) { o.FirstLast = on }) }

// edges puts the first and the last piece of each wanted file before the others.
func edges(run *torrent.Torrent, pieces []picker.Priority) {
	info := &run.Content.Meta.Info
	for f := range info.Files {
		first, end := info.FilePieces(f)
		for _, i := range []int{first, end - 1} {
			if first < end && pieces[i] != picker.Skip {
				pieces[i] = picker.High
			}
		}
	}
}

// Pieces returns what is known of each piece of a run, and how many of the connected
// peers have it; nil as long as nothing is.
func Pieces(run *torrent.Torrent) (list []picker.Status) {
	if run.Known() {
		run.Fetch.Configure(func(p *picker.Picker) { list = p.Snapshot() })
	}
	return list
}
