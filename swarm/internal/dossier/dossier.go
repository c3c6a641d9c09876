// Package dossier keeps what is known of a torrent of a session and what its user
// wants of it, whether it runs or not: a run is opened from it, and writes back
// what it has learnt.
//
// Metainfo comes from the user or, of a magnet link (BEP 9), from peers; then it is
// kept in the session's home. What can be got back is let go of.
//
// Locks: that of a [Dossier] is taken last, and with it held nobody is waited for.
package dossier

import (
	"context"
	"errors"
	"net/netip"
	"sync"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm/internal/activity"
	"github.com/warren-p2p/warren/swarm/internal/conns/hint"
	"github.com/warren-p2p/warren/swarm/internal/home"
	"github.com/warren-p2p/warren/swarm/internal/limiter"
	"github.com/warren-p2p/warren/swarm/internal/resources"
)

// ErrUnknown is returned as long as nothing is known of a torrent but what its
// magnet link says.
var ErrUnknown = errors.New("the info dictionary is still to be fetched from peers")

// Watcher is told what becomes of a torrent.
type Watcher interface {
	// Turned is called when the state changes, with the lock of the running torrent
	// held, if there is one.
	Turned(from, to activity.State)
	// SetPrivate says whether the torrent is private (BEP 27), once that is known
	// and before it is used.
	SetPrivate(on bool)
}

// Dossier is what is known of a torrent, and wanted of it. Its methods are safe
// for concurrent use.
type Dossier struct {
	ctx     context.Context // of what runs
	res     *resources.Session
	id      transport.ID
	name    string
	watcher Watcher

	mu      sync.Mutex
	opts    Options // without Metainfo if that can be got back
	removed bool
	waits   bool             // it waits for its turn
	listed  []string         // web seeds that the torrent names, as far as is known
	told    facts            // what peers have told of a magnet link
	chosen  bool             // what the magnet link selects is done
	later   []func(*Control) // to be done once the torrent is known
	group   *limiter.Group   // limits it shares with others; nil for those of the session alone
}

// New returns the dossier of a torrent whose runs end with ctx, and its metainfo,
// nil if it is not known. One that was added by its magnet link before is known
// already.
func New(ctx context.Context, res *resources.Session, opts Options) (*Dossier, *metainfo.Torrent) {
	d := &Dossier{ctx: ctx, res: res, opts: opts}
	m := opts.Metainfo
	if m == nil {
		m = d.kept()
	}
	if m != nil {
		d.listed = m.URLList
		d.opts.Metainfo, d.id = m, idOf(m.Hashes(), opts.access)
	} else {
		d.id = idOf(opts.Magnet.Hashes, opts.access)
	}
	d.name = d.opts.Name()
	if m != nil && opts.Metainfo == nil {
		d.opts.Reload = d.again
	}
	if d.opts.Reload != nil {
		d.opts.Metainfo = nil
	}
	return d, m
}

// facts are what stays of metainfo that is let go of.
type facts struct {
	name   string
	hashes metainfo.InfoHashes
}

// Watch names who is told what becomes of the torrent, before it runs.
func (d *Dossier) Watch(w Watcher) { d.watcher = w }

// kept returns what peers have told an earlier session.
func (d *Dossier) kept() *metainfo.Torrent {
	m, err := home.Metadata(d.res.Home, d.opts.Magnet.Hashes)
	if err != nil {
		d.res.Log.Warn("an info dictionary is fetched again", "err", err)
	}
	if m != nil {
		complement(m, d.opts.Magnet)
	}
	return m
}

// again gets back what peers have told.
func (d *Dossier) again() (*metainfo.Torrent, error) {
	if m := d.kept(); m != nil {
		return m, nil
	}
	return nil, errLost
}

func idOf(h metainfo.InfoHashes, a transport.Access) transport.ID {
	return transport.ID{V1: h.V1, V2: h.V2, HasV1: h.HasV1, HasV2: h.HasV2, Access: a}
}

// ID returns the info-hashes that the torrent was added with, and what lets peers
// in beside them.
func (d *Dossier) ID() transport.ID { return d.id }

// Title returns what the torrent was called when it was added.
func (d *Dossier) Title() string { return d.name }

// Name returns what the torrent is called: what its magnet link says as long as
// nothing else is known, which may be an info-hash.
func (d *Dossier) Name() string {
	if f := d.facts(); f.name != "" {
		return f.name
	}
	return d.name
}

// Hashes returns the info-hashes of the torrent, as far as they are known.
func (d *Dossier) Hashes() metainfo.InfoHashes {
	if f := d.facts(); f.name != "" {
		return f.hashes
	}
	return metainfo.InfoHashes{V1: d.id.V1, V2: d.id.V2, HasV1: d.id.HasV1, HasV2: d.id.HasV2}
}

// facts returns what is known of the torrent beyond what it was added with, if its
// name is not empty.
func (d *Dossier) facts() facts {
	d.mu.Lock()
	defer d.mu.Unlock()
	if m := d.opts.Metainfo; m != nil {
		return facts{m.Info.Name, m.Hashes()}
	}
	return d.told
}

// Tiers returns the trackers of the torrent, m being what is known of it.
func (d *Dossier) Tiers(m *metainfo.Torrent) [][]string {
	if m != nil {
		return m.Trackers()
	}
	return tiers(d.opts.Magnet)
}

// Invited returns the peers that the magnet link names by their addresses. If it
// has pins, the first is what they show, under the names they were found by.
func (d *Dossier) Invited() (list []hint.Hint) {
	if d.opts.Magnet == nil {
		return nil
	}
	var h hint.Hint
	if t := d.opts.Magnet.TLS; t != nil && len(t.Pins) > 0 {
		h.TLS, h.Pin = true, t.Pins[0]
	}
	for _, text := range d.opts.Magnet.Peers {
		if addr, err := netip.ParseAddrPort(text); err == nil {
			if h.Addr = addr; h.TLS {
				h.Name = d.opts.Names[addr]
			}
			list = append(list, h)
		}
	}
	return list
}
