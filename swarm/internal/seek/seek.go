// Package seek finds out what a torrent consists of while nothing but its
// info-hashes is known: it lets packages metadata and layers ask the peers that
// are there, and hands out the info dictionary, with the piece layers of version
// 2, once both are whole and right.
//
// The lock of a [Seeker] may be taken by who holds any but that of a connection's
// queue. Peers are told what to do with no lock of the seeker held.
package seek

import (
	"errors"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm/internal/metadata"
	"github.com/warren-p2p/warren/swarm/internal/metadata/layers"
)

// ErrUnusable is wrapped by the error of a Seeker that found what has the
// info-hash, and cannot be used.
var ErrUnusable = errors.New("what peers have under this info-hash cannot be used")

// ErrSSLTorrent reports an SSL torrent of which there was a magnet link alone: who
// its peers are is said in the torrent file, and not by strangers.
var ErrSSLTorrent = errors.New("it is an SSL torrent, for which the torrent file is needed")

// Peer is a connected peer.
type Peer interface {
	// AskMetadata asks for a piece of the info dictionary (BEP 9).
	AskMetadata(piece int)
	// AskLayer asks for hashes (BEP 52).
	AskLayer(r peerwire.HashRequest)
}

// Config is what a Seeker needs.
type Config struct {
	Hashes metainfo.InfoHashes
	// Known is set if the info dictionary is there and piece layers are not.
	Known *metainfo.Torrent
	Clock clock.Clock
	// Done is called once, when Result has something.
	Done func()
	// Drop is called with peers from which nothing more is to be had, and why:
	// [metadata.ErrWrong], [layers.ErrWrong] and [metadata.ErrSize].
	Drop func(Peer, error)
}

// ID names a peer of a Seeker; 0 is none.
type ID uint32

// Seeker looks for one torrent. Its methods are safe for concurrent use.
type Seeker struct {
	cfg Config

	mu     sync.Mutex
	peers  map[ID]*member
	next   ID
	info   *metadata.Fetcher
	layers *layers.Fetcher // nil until the info dictionary is there
	since  time.Time       // layers are looked for
	meta   *metainfo.Torrent
	done   bool
	err    error
}

type member struct {
	Peer
	v2 bool
}

// New returns a Seeker without peers.
func New(cfg Config) *Seeker {
	s := &Seeker{cfg: cfg, peers: make(map[ID]*member), info: metadata.New(metadata.Config{Hashes: cfg.Hashes})}
	if cfg.Known != nil {
		s.meta, s.layers, s.since = cfg.Known, layers.New(cfg.Known), cfg.Clock.Now()
	}
	return s
}

// SpeaksV2 reports whether a peer may be asked for hashes: if it shook hands under
// the version 2 info-hash (BEP 52). That it could do so does not count, and that
// it does not say that it could does not either: libtorrent (2.0.8) ends a
// connection under the other hash on which it is asked, and says nothing under
// this one.
func SpeaksV2(h metainfo.InfoHashes, theirs peerwire.Handshake) bool {
	return h.HasV2 && theirs.InfoHash == h.Truncated()
}

// Join adds a peer by its handshake. Drop is not called.
func (s *Seeker) Join(p Peer, theirs peerwire.Handshake) (id ID) {
	v2 := SpeaksV2(s.cfg.Hashes, theirs)
	s.do(func(now time.Time) []task {
		s.next++
		id = s.next
		s.peers[id] = &member{p, v2}
		if s.layers == nil || !v2 {
			return nil
		}
		return s.ofLayers(s.layers.Join(layers.Peer(id), now))
	})
	return id
}

// Leave takes a peer out. Drop is not called.
func (s *Seeker) Leave(id ID) {
	s.do(func(now time.Time) []task {
		if s.peers[id] == nil {
			return nil
		}
		delete(s.peers, id)
		tasks := s.ofInfo(s.info.Leave(metadata.Peer(id), now), now)
		if s.layers != nil {
			tasks = append(tasks, s.ofLayers(s.layers.Leave(layers.Peer(id), now))...)
		}
		return tasks
	})
}

// Offer tells the size of the info dictionary that a peer has (BEP 9).
func (s *Seeker) Offer(id ID, size int) {
	s.do(func(now time.Time) []task {
		if s.peers[id] == nil || s.meta != nil {
			return nil
		}
		return s.ofInfo(s.info.Offer(metadata.Peer(id), size, now), now)
	})
}

// Metadata takes an answer to AskMetadata.
func (s *Seeker) Metadata(id ID, m extension.Metadata) {
	s.do(func(now time.Time) []task {
		switch {
		case s.meta != nil:
			return nil
		case m.Type == extension.MetadataData:
			return s.ofInfo(s.info.Data(metadata.Peer(id), m.Piece, m.TotalSize, m.Data, now), now)
		case m.Type == extension.MetadataReject:
			return s.ofInfo(s.info.Reject(metadata.Peer(id), m.Piece, now), now)
		}
		return nil
	})
}

// Hashes takes an answer to AskLayer.
func (s *Seeker) Hashes(id ID, h peerwire.Hashes) {
	s.do(func(now time.Time) []task {
		if s.layers == nil {
			return nil
		}
		return s.ofLayers(s.layers.Hashes(layers.Peer(id), h, now))
	})
}

// HashReject takes the refusal of one.
func (s *Seeker) HashReject(id ID, r peerwire.HashRequest) {
	s.do(func(now time.Time) []task {
		if s.layers == nil {
			return nil
		}
		return s.ofLayers(s.layers.Reject(layers.Peer(id), r, now))
	})
}

// Tick is called once a second.
func (s *Seeker) Tick() {
	s.do(func(now time.Time) []task {
		if s.layers != nil {
			return s.ofLayers(s.layers.Tick(now))
		}
		return s.ofInfo(s.info.Tick(now), now)
	})
}

// Result returns the torrent, or why there will be none; neither while it is
// looked for.
func (s *Seeker) Result() (*metainfo.Torrent, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.done {
		return nil, nil
	}
	return s.meta, s.err
}

// Progress returns how many bytes of the info dictionary are there, and of how
// many; both 0 as long as no peer has offered it.
func (s *Seeker) Progress() (done, total int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.meta != nil {
		return len(s.meta.InfoBytes), len(s.meta.InfoBytes)
	}
	return s.info.Progress()
}
