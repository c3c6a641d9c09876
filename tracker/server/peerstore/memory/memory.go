// Package memory is a peer store in the memory of a process, for a million peers
// in tens of megabytes and a hundred thousand announces a second and more.
//
// A peer is the bytes that others are told of it, and two for when it was heard of
// and what it said: 8 bytes over IPv4 and 20 over IPv6, in one slice for each swarm
// and family, so that the garbage collector sees no peers. Those that want something
// stand in front of those that do not, which is all the order there is. A small
// swarm is searched from end to end, as that touches a dozen cache lines; a larger
// one has an index.
//
// What was measured before this was chosen: a map for each swarm costs 60 to 100
// bytes a peer and most of the time of an announce is spent walking it.
package memory

import (
	"context"
	"encoding/binary"
	"hash/maphash"
	"math/rand/v2"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/server/peerstore"
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

// swarm is what is known of a torrent.
type swarm struct {
	v4, v6    table
	completed uint32
	pins      map[string]message.Pin // by compact peer; nil while there is none
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
	t := w.table(len(key))
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
func (s *Store) enter(w *swarm, t *table, a *peerstore.Announce, key []byte) (at int, ok bool) {
	said := stampOf(a)
	at = t.find(key, s.seed)
	done := false
	if at < 0 {
		if !s.room() {
			return 0, false
		}
		at = t.add(key, said, s.seed)
		s.peers(t).Add(1)
	} else {
		done = t.seeder(at)
		at = t.change(at, said, s.seed)
	}
	if a.Completed && a.Role == peerstore.Seeder && !done {
		w.completed++
	}
	if said&stampPin != 0 {
		w.pin(key, a.TLS.Pin)
	} else if w.pins != nil {
		delete(w.pins, string(key))
	}
	return at, true
}

// leave takes a peer out.
func (s *Store) leave(part *shard, w *swarm, a *peerstore.Announce, key []byte) {
	t := w.table(len(key))
	if at := t.find(key, s.seed); at >= 0 {
		s.drop(w, t, at)
	}
	if w.empty() {
		delete(part.swarms, a.InfoHash)
		s.swarms.Add(-1)
	}
}

// drop takes out the peer at a place.
func (s *Store) drop(w *swarm, t *table, at int) {
	if w.pins != nil {
		delete(w.pins, string(t.key(at)))
	}
	t.remove(at, s.seed)
	s.peers(t).Add(-1)
}

func (s *Store) peers(t *table) *atomic.Int64 {
	if t.stride == peerstore.Size4+2 {
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
	minute := minuteOf(now)
	for i := range s.shards {
		part := &s.shards[i]
		part.mu.Lock()
		for hash, w := range part.swarms {
			for _, t := range []*table{&w.v4, &w.v6} {
				for at := t.len() - 1; at >= 0; at-- {
					if t.stamp(at).age(minute) > s.ttl {
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

func newSwarm() *swarm {
	return &swarm{v4: table{stride: peerstore.Size4 + 2}, v6: table{stride: peerstore.Size6 + 2}}
}

// pin keeps the pin of a peer.
func (w *swarm) pin(key []byte, pin message.Pin) {
	if w.pins == nil {
		w.pins = make(map[string]message.Pin)
	}
	w.pins[string(key)] = pin
}

func (w *swarm) empty() bool { return w.v4.len() == 0 && w.v6.len() == 0 }

func (w *swarm) table(size int) *table {
	if size == peerstore.Size4 {
		return &w.v4
	}
	return &w.v6
}

func (w *swarm) totals(to *peerstore.Totals) {
	all, wants := w.v4.len()+w.v6.len(), w.v4.wants+w.v6.wants
	partial := w.v4.partial + w.v6.partial
	*to = peerstore.Totals{
		Seeders: all - wants - partial, Leechers: wants + partial, Partial: partial,
		Completed: int(w.completed),
	}
}

// compact appends a peer as others are told of it.
func compact(dst []byte, p netip.AddrPort) []byte {
	if ip := p.Addr(); ip.Is4() {
		b := ip.As4()
		dst = append(dst, b[:]...)
	} else {
		b := ip.As16()
		dst = append(dst, b[:]...)
	}
	return binary.BigEndian.AppendUint16(dst, p.Port())
}
