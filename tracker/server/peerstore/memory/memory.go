// Package memory is a peer store in the memory of a process, for a million peers
// in tens of megabytes and a hundred thousand announces a second and more.
//
// A peer is the bytes that others are told of it, and two for when it was heard of
// and what it said: 8 bytes over IPv4 and 20 over IPv6, in one slice for each swarm
// and family, so that the garbage collector sees no peers.
//
// What was measured before this was chosen: a map for each swarm costs 60 to 100
// bytes a peer and most of the time of an announce is spent walking it.
package memory

import (
	"context"
	"hash/maphash"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/warren-p2p/warren/tracker/server/peerstore"
	"github.com/warren-p2p/warren/tracker/server/peerstore/memory/internal/table"
)

// shards is in how many parts swarms are kept, each with a lock of its own.
const shards = 64

// Config bounds a store.
type Config struct {
	// TTL is for how long a peer is kept that is not heard of: at most a day; 70
	// minutes, which is two announces and some patience.
	TTL time.Duration
	// MaxSwarms and MaxPeers bound the memory; 1,000,000 and 20,000,000.
	MaxSwarms, MaxPeers int
	// Seed decides what chance does, for tests; it is drawn if it is zero.
	Seed [2]uint64
}

// Store is a peer store in memory.
type Store struct {
	cfg    Config
	ttl    uint16 // minutes
	seed   maphash.Seed
	shards [shards]shard

	swarms, peers4, peers6 atomic.Int64
}

var _ peerstore.Store = (*Store)(nil)

// shard is a part of the swarms.
type shard struct {
	mu     sync.Mutex
	swarms map[[20]byte]*swarm
	chance rand.PCG
	_      [64]byte // locks of two shards do not share a cache line
}

// New returns an empty store.
func New(cfg Config) *Store {
	if cfg.TTL <= 0 {
		cfg.TTL = 70 * time.Minute
	}
	cfg.TTL = min(cfg.TTL, 24*time.Hour)
	if cfg.MaxSwarms <= 0 {
		cfg.MaxSwarms = 1_000_000
	}
	if cfg.MaxPeers <= 0 {
		cfg.MaxPeers = 20_000_000
	}
	if cfg.Seed == [2]uint64{} {
		cfg.Seed = [2]uint64{rand.Uint64(), rand.Uint64()}
	}
	s := &Store{cfg: cfg, ttl: uint16(cfg.TTL / time.Minute), seed: maphash.MakeSeed()}
	for i := range s.shards {
		s.shards[i].swarms = make(map[[20]byte]*swarm)
		s.shards[i].chance.Seed(cfg.Seed[0], cfg.Seed[1]+uint64(i))
	}
	return s
}

// Close does nothing: what is to outlive the process is saved by Save.
func (s *Store) Close() error { return nil }

// shard returns the part a swarm is in.
func (s *Store) shard(hash *[20]byte) *shard { return &s.shards[hash[19]%shards] }

// Announce takes note of a peer and picks others for it. The error is
// peerstore.ErrFull or nil.
func (s *Store) Announce(_ context.Context, a *peerstore.Announce, to *peerstore.Answer) error {
	to.Reset()
	var buf [peerstore.Size6]byte
	key := compact(buf[:0], a.Peer)
	part := s.shard(&a.InfoHash)
	part.mu.Lock()
	defer part.mu.Unlock()
	w := part.swarms[a.InfoHash]
	if a.Stopped {
		if w != nil {
			s.leave(part, w, a, key)
			w.totals(&to.Totals)
		}
		return nil
	}
	if w == nil {
		if s.swarms.Load() >= int64(s.cfg.MaxSwarms) {
			return peerstore.ErrFull
		}
		w = newSwarm()
		part.swarms[a.InfoHash] = w
		s.swarms.Add(1)
	}
	t := w.family(len(key))
	at, ok := s.enter(w, t, a, key)
	if !ok {
		if w.empty() {
			delete(part.swarms, a.InfoHash)
			s.swarms.Add(-1)
		}
		return peerstore.ErrFull
	}
	w.totals(&to.Totals)
	w.pick(t, at, a, to, &part.chance)
	return nil
}

// enter adds a peer or takes note of what it says, and returns where it stands.
func (s *Store) enter(w *swarm, t *table.Table, a *peerstore.Announce, key []byte) (at int, ok bool) {
	said := table.StampOf(a)
	at = t.Find(key, s.seed)
	done := false
	if at < 0 {
		if !s.room() {
			return 0, false
		}
		at = t.Add(key, said, s.seed)
		s.peers(t).Add(1)
	} else {
		done = t.Seeder(at)
		at = t.Change(at, said, s.seed)
	}
	if a.Completed && a.Role == peerstore.Seeder && !done {
		w.completed++
	}
	if said&table.Pin != 0 {
		w.pin(key, a.TLS.Pin)
	} else if w.pins != nil {
		delete(w.pins, string(key))
	}
	return at, true
}

// leave takes a peer out.
func (s *Store) leave(part *shard, w *swarm, a *peerstore.Announce, key []byte) {
	t := w.family(len(key))
	if at := t.Find(key, s.seed); at >= 0 {
		s.drop(w, t, at)
	}
	if w.empty() {
		delete(part.swarms, a.InfoHash)
		s.swarms.Add(-1)
	}
}

// drop takes out the peer at a place.
func (s *Store) drop(w *swarm, t *table.Table, at int) {
	if w.pins != nil {
		delete(w.pins, string(t.Key(at)))
	}
	t.Remove(at, s.seed)
	s.peers(t).Add(-1)
}

func (s *Store) peers(t *table.Table) *atomic.Int64 {
	if t.Stride == peerstore.Size4+2 {
		return &s.peers4
	}
	return &s.peers6
}

// Scrape appends the totals of swarms. It never fails.
func (s *Store) Scrape(_ context.Context, hashes [][20]byte, dst []peerstore.Totals, _ time.Time) ([]peerstore.Totals, error) {
	for i := range hashes {
		var totals peerstore.Totals
		part := s.shard(&hashes[i])
		part.mu.Lock()
		if w := part.swarms[hashes[i]]; w != nil {
			w.totals(&totals)
		}
		part.mu.Unlock()
		dst = append(dst, totals)
	}
	return dst, nil
}

// Expire forgets peers whose time is over, a shard at a time. It never fails.
func (s *Store) Expire(ctx context.Context, now time.Time) error {
	minute := table.MinuteOf(now)
	for i := range s.shards {
		part := &s.shards[i]
		part.mu.Lock()
		for hash, w := range part.swarms {
			for _, t := range []*table.Table{&w.v4, &w.v6} {
				for at := t.Len() - 1; at >= 0; at-- {
					if t.Stamp(at).Age(minute) > s.ttl {
						s.drop(w, t, at)
					}
				}
			}
			if w.empty() {
				delete(part.swarms, hash)
				s.swarms.Add(-1)
			}
		}
		part.mu.Unlock()
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// Count tells how much is held. It never fails.
func (s *Store) Count(context.Context) (peerstore.Count, error) {
	return peerstore.Count{Swarms: int(s.swarms.Load()), Peers4: int(s.peers4.Load()), Peers6: int(s.peers6.Load())}, nil
}

// room reports whether one more peer may come.
func (s *Store) room() bool { return s.peers4.Load()+s.peers6.Load() < int64(s.cfg.MaxPeers) }
