package swarm

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm/internal/choker"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/content"
	"github.com/warren-p2p/warren/swarm/internal/fetch"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/internal/meter"
	"github.com/warren-p2p/warren/swarm/internal/storage"
)

// Options say how a torrent is added.
type Options struct {
	Metainfo *metainfo.Torrent
	Content  vfs.FS // the folder in which the content lies or lands
	TLS      TLSPolicy
	Peers    []netip.AddrPort
	// Paused adds the torrent without starting it.
	Paused bool
	// Check hashes what is on disk before the start, whatever the resume state
	// says. Content that is there without any resume state is always checked.
	Check bool
	// Verified says that Metainfo was made from the content in Content just now:
	// it is not hashed once more.
	Verified   bool
	Sequential bool
	// UploadLimit and DownloadLimit are bytes a second, 0 for none.
	UploadLimit, DownloadLimit int64
}

// Torrent is a torrent in a session. Its methods are safe for concurrent use.
type Torrent struct {
	s        *Session
	meta     *metainfo.Torrent
	id       transport.ID
	dialer   greeting.Dialer
	store    *storage.Store
	content  *content.Content
	fetch    *fetch.Fetcher
	up, down chain
	wake     chan struct{}
	ticks    int // of the loop, which alone uses it
	ctx      context.Context
	cancel   context.CancelCauseFunc
	wg       sync.WaitGroup // loop, dials and peers
	closing  sync.Once
	closeErr error

	// Both are taken before mu. Whoever checks, moves or opens the content has put
	// something into ops; wanting is held by a change of what is wanted.
	ops     chan struct{}
	wanting sync.Mutex

	// No lock of a session is held by who takes mu; with mu held those of the
	// session, of fetch and of link may be taken.
	mu       sync.Mutex
	state    State
	reason   error           // why it is in StateWaiting or StateFailed
	paused   bool            // what the user wants
	owed     bool            // all content is to be checked before the next start
	work     context.Context // of dials and checks; ends when the torrent is halted
	endWork  context.CancelCauseFunc
	retry    time.Time
	policy   TLSPolicy
	peers    map[*peer]struct{}
	choker   *choker.Choker
	conns    *conns.Manager
	checked  float64
	changed  chan struct{} // closed and replaced when the state changes
	up20     meter.Meter
	down20   meter.Meter
	sent     int64 // of peers that have gone
	received int64
	synced   time.Time
	started  time.Time
	stopping bool
	removed  bool
	banned   int
	secret   int64 // of sent and received, what went over TLS
	former   departed
}

// closePeers ends connections.
func (t *Torrent) closePeers(reason error, which func(*peer) bool) {
	for _, p := range t.peerList() {
		if which(p) {
			p.link.Close(reason)
		}
	}
}

func (t *Torrent) peerList() []*peer {
	t.mu.Lock()
	defer t.mu.Unlock()
	list := make([]*peer, 0, len(t.peers))
	for p := range t.peers {
		list = append(list, p)
	}
	return list
}
