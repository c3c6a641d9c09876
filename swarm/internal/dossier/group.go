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

// Pieces returns what is known of each piece of a run, and how many of the connected
// peers have it; nil as long as nothing is.
func Pieces(run *torrent.Torrent) (list []picker.Status) {
	if run.Known() {
		run.Fetch.Configure(func(p *picker.Picker) { list = p.Snapshot() })
	}
	return list
}
