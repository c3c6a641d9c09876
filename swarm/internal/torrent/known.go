package torrent

import (
	"errors"
	"fmt"
	"net/netip"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm/internal/activity"
	"github.com/warren-p2p/warren/swarm/internal/content"
	"github.com/warren-p2p/warren/swarm/internal/fetch"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/internal/metadata"
	"github.com/warren-p2p/warren/swarm/internal/peer"
	"github.com/warren-p2p/warren/swarm/internal/seek"
	"github.com/warren-p2p/warren/swarm/internal/storage"
)

// Known reports whether it is known what the torrent consists of.
func (t *Torrent) Known() bool { return t.known.Load() }

// Metadata returns how many bytes of the info dictionary are there while it is
// fetched, and of how many; both 0 as long as no peer has offered it.
func (t *Torrent) Metadata() (done, total int) {
	if t.seeker == nil {
		return 0, 0
	}
	return t.seeker.Progress()
}

func (t *Torrent) newSeeker(id transport.ID) *seek.Seeker {
	return seek.New(seek.Config{
		Hashes: metainfo.InfoHashes{V1: id.V1, V2: id.V2, HasV1: id.HasV1, HasV2: id.HasV2},
		Known:  t.opts.Metainfo, Clock: t.res.Clock, Done: t.Poke, Drop: t.drop,
	})
}

// drop is done with a peer of the seeker.
func (t *Torrent) drop(of seek.Peer, why error) {
	p := of.(*peer.Peer) // the roster has no others
	if errors.Is(why, metadata.ErrSize) {
		p.Close(why)
		return
	}
	addr := t.Peers.Condemn(p, why)
	t.res.Log.Warn("peer is banned", "peer", greeting.Redacted(netip.AddrPortFrom(addr, 0)), "why", why)
	t.res.Bans.Ban(addr)
}

// learn goes on once peers have told what the torrent consists of. The caller
// holds t.ops.
func (t *Torrent) learn() {
	m, err := t.seeker.Result()
	if err == nil && m == nil {
		return
	}
	if err == nil {
		t.opts.Found(m)
		err = t.furnish(m)
	}
	if err != nil {
		t.fail(err)
		return
	}
	t.opts.Learned(t)
	t.turn(1<<activity.Metadata, activity.Starting, nil)
	t.Poke()
}

// furnish opens the content of a torrent that is known. Nobody else may be at
// it.
func (t *Torrent) furnish(m *metainfo.Torrent) error {
	store, err := storage.Open(t.res.Storage(m, t.opts.Content, t.opts.Paths))
	if err != nil {
		return fmt.Errorf("open the content: %w", err)
	}
	t.Content = content.New(m, store)
	t.Fetch = fetch.New(fetch.Config{
		Torrent: m, Store: store, Buffers: t.res.Buffers, Workers: t.res.Workers,
		Clock: t.res.Clock, Events: (*events)(t), Rand: t.res.Rand(),
	})
	t.Fetch.SetHave(t.Content.Have())
	t.Web = t.newWeb(m)
	t.known.Store(true)
	return nil
}

// deactivate asks for nothing any more.
func (t *Torrent) deactivate() {
	if t.Known() {
		t.Fetch.SetActive(false)
	}
}
