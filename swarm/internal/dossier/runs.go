package dossier

import (
	"errors"
	"fmt"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/magnet"
	"github.com/warren-p2p/warren/swarm/internal/activity"
	"github.com/warren-p2p/warren/swarm/internal/home"
	"github.com/warren-p2p/warren/swarm/internal/torrent"
)

var (
	errOther = errors.New("it is of another torrent")
	errLost  = errors.New("what peers have told is not there any more")
)

// Metainfo returns what the torrent was added with, or what peers have told of it,
// nil as long as they have not. The error says why what was let go of cannot be
// got back.
func (d *Dossier) Metainfo() (*metainfo.Torrent, error) {
	d.mu.Lock()
	m, reload := d.opts.Metainfo, d.opts.Reload
	d.mu.Unlock()
	if m != nil || reload == nil {
		return m, nil
	}
	m, err := reload()
	if err != nil {
		return nil, fmt.Errorf("read the metainfo again: %w", err)
	}
	if m.Hashes() != d.Hashes() {
		return nil, fmt.Errorf("read the metainfo again: %w", errOther)
	}
	return m, nil
}

// Open implements sleeper.Owner: it makes a run of what is known by now.
func (d *Dossier) Open() (*torrent.Torrent, error) {
	m, err := d.Metainfo()
	if err != nil {
		return nil, err
	}
	return d.Run(m, false, false)
}

// Run makes a run of a torrent, m being what is known of it. If check is set all
// content is hashed first; if verified is set it is taken as it is.
func (d *Dossier) Run(m *metainfo.Torrent, check, verified bool) (*torrent.Torrent, error) {
	if m != nil {
		if err := d.suits(m); err != nil {
			return nil, err
		}
	}
	d.mu.Lock()
	opts := torrent.Options{
		Metainfo: m, Found: d.found, Learned: d.learned, Turned: d.Turned,
		Content: d.opts.Content, Paths: d.opts.Paths, TLS: d.opts.TLS, Paused: d.opts.Paused || d.waits, Check: check, Verified: verified,
		SuperSeed: d.opts.SuperSeed, WebSeeds: d.opts.WebSeeds,
		UploadLimit: d.opts.UploadLimit, DownloadLimit: d.opts.DownloadLimit,
	}
	group := d.group
	d.mu.Unlock()
	run, err := torrent.Open(d.ctx, d.res, d.id, opts)
	if err != nil {
		return nil, err
	}
	d.join(run, group)
	if run.Known() {
		d.outfit(run)
	}
	return run, nil
}

// MayRest implements sleeper.Owner.
func (d *Dossier) MayRest() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.opts.Reload != nil && !d.removed
}

// Turned implements sleeper.Owner.
func (d *Dossier) Turned(from, to activity.State) { d.watcher.Turned(from, to) }

// found adds to what peers have told what they do not know.
func (d *Dossier) found(m *metainfo.Torrent) {
	d.watcher.SetPrivate(m.Info.Private)
	if d.opts.Magnet != nil {
		complement(m, d.opts.Magnet)
	}
}

// learned takes over what peers have told.
func (d *Dossier) learned(run *torrent.Torrent) {
	m := run.Content.Meta
	kept := false
	if d.opts.Magnet != nil {
		err := home.KeepMetadata(d.res.Home, m)
		if kept = err == nil; !kept {
			d.res.Log.Warn("the magnet link will need peers again", "torrent", d.name, "err", err)
		}
	}
	d.outfit(run)
	d.mu.Lock()
	if d.told = (facts{m.Info.Name, m.Hashes()}); kept {
		d.opts.Reload = d.again
	} else {
		d.opts.Metainfo = m
	}
	d.listed = m.URLList
	later := d.later
	d.later = nil
	d.mu.Unlock()
	for _, change := range later {
		configure(run, change)
	}
}

// complement gives a torrent what its magnet link says beside the info dictionary.
func complement(m *metainfo.Torrent, link *magnet.Link) {
	if len(link.Trackers) > 0 {
		m.SetTrackers(tiers(link))
	}
	if len(link.WebSeeds) > 0 {
		m.URLList = link.WebSeeds
	}
	m.TLS = link.TLS
}

// tiers returns the trackers of a link, which knows no tiers: all are to be
// tried (BEP 9).
func tiers(link *magnet.Link) (list [][]string) {
	for _, url := range link.Trackers {
		list = append(list, []string{url})
	}
	return list
}

// Remove says that the torrent is being removed, and reports whether it was not
// so before. Forget follows once its last run has ended.
func (d *Dossier) Remove() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	first := !d.removed
	d.removed = true
	return first
}

// Forget removes the info dictionary that was kept.
func (d *Dossier) Forget() error {
	if d.opts.Magnet == nil {
		return nil
	}
	return home.ForgetMetadata(d.res.Home, d.Hashes())
}
