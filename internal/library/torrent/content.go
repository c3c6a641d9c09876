package torrent

import (
	"context"
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/internal/library/files"
	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/swarm"
)

// File is a file of a torrent.
type File = files.File

// Files returns the files of a torrent, without padding. The error is
// [swarm.ErrUnknown] as long as peers have not told of them. A torrent that sleeps goes
// on sleeping, unless its files were renamed.
func (t *Torrent) Files() ([]File, error) {
	m, err := t.Metainfo()
	if err != nil {
		return nil, err
	}
	v := t.View()
	var infos []swarm.FileInfo
	if t.Engine() != nil && (t.Engine().Awake() || v.Renamed || v.Status.Done != v.Status.Total) {
		if infos, err = t.Engine().Files(); err != nil {
			return nil, err
		}
	}
	return files.Of(&m.Info, infos, t.Engine() != nil), nil
}

// Rename gives a file or a folder of a torrent another name: from and to are paths
// below the content folder. The folder that all files lie in may be renamed as well.
func (t *Torrent) Rename(ctx context.Context, from, to string) error {
	from, to = path.Clean(from), path.Clean(to)
	if to == "." || strings.HasPrefix(to, "..") || path.IsAbs(to) {
		return record.Input("to", "%q is no path below the folder of the torrent", to)
	}
	list, err := t.Files()
	if err != nil {
		return err
	}
	t.changing.Lock()
	defer t.changing.Unlock()
	if t.Engine() == nil {
		return t.why()
	}
	at := slices.IndexFunc(list, func(f File) bool { return f.Path == from })
	if at >= 0 {
		err = t.Engine().Rename(list[at].Index, to)
	} else {
		err = t.Engine().RenameFolder(from, to)
	}
	if err != nil {
		return err
	}
	return t.update(ctx, func(r *record.Record) {
		r.Renamed = true
		if root, _, nested := strings.Cut(from, "/"); !nested && r.Name == root && !strings.Contains(to, "/") {
			r.Name = to
		}
	})
}

// Trackers returns the trackers of the torrent, in tiers: those that the user has named
// before the others.
func (t *Torrent) Trackers() [][]string {
	v := t.View()
	var tiers [][]string
	for _, url := range v.Typed {
		tiers = append(tiers, []string{url})
	}
	if v.Record.Trackers != nil {
		return append(tiers, v.Record.Trackers...)
	}
	if m, err := t.Metainfo(); err == nil {
		return append(tiers, m.Trackers()...)
	}
	return tiers
}

// SetTrackers replaces the trackers. Those that did not come with the torrent, and are not
// given, are the user's own: they may be on this machine or in its network, and nobody
// else is told of them. That of a private share stays the only one.
func (t *Torrent) SetTrackers(ctx context.Context, tiers [][]string, given ...string) error {
	if t.View().Sole != nil {
		return record.Input("trackers", "what is shared privately is told to the tracker of whoever shares it, and to no other")
	}
	switch m, err := t.Metainfo(); {
	case err == nil:
		given = append(given, slices.Concat(m.Trackers()...)...)
	case !errors.Is(err, swarm.ErrUnknown):
		return err
	}
	given = append(given, slices.Concat(t.View().Record.Trackers...)...)
	kept, typed, err := record.SplitTrackers(tiers, given)
	if err != nil {
		return err
	}
	t.changing.Lock()
	defer t.changing.Unlock()
	if err := t.update(ctx, func(r *record.Record) { r.Wishes.Trackers, r.Typed = kept, typed }); err != nil {
		return err
	}
	if t.Engine() != nil {
		t.Engine().SetTrackers(typed, kept)
	}
	return nil
}

// Reannounce asks trackers and the DHT for peers as soon as they allow it.
func (t *Torrent) Reannounce() error { return t.have((*swarm.Torrent).Reannounce) }
