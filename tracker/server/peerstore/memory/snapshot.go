package memory

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/server/peerstore"
	"github.com/warren-p2p/warren/tracker/server/peerstore/memory/internal/table"
)

// A snapshot is, with integers big endian:
//
//	"warren tracker peers\n"   21 bytes
//	version                    1 byte, 1
//	time                       8 bytes, seconds since 1970
//	for each swarm: 1, info-hash 20, completed 4, peers over IPv4 4, over IPv6 4,
//	  pins 4, the peers of both families as they lie in memory, and for each pin
//	  6 or 18 as a byte, the compact peer and 32 bytes
//	0
//	SHA-256 of all before
const (
	magic   = "warren tracker peers\n"
	version = 1
)

// ErrSnapshot is matched by the errors of a snapshot that is damaged.
var ErrSnapshot = errors.New("damaged snapshot of a tracker's peers")

// VersionError reports a snapshot of a later version of the program.
type VersionError int

func (e VersionError) Error() string {
	return fmt.Sprintf("snapshot of a tracker's peers of version %d, and %d is what is known here", int(e), version)
}

// Save writes all peers. Announces go on meanwhile: a swarm is as it was at one
// moment, and two may be of different ones.
func (s *Store) Save(to io.Writer, now time.Time) error {
	sum := sha256.New()
	w := bufio.NewWriterSize(io.MultiWriter(to, sum), 1<<16)
	_, _ = w.WriteString(magic) // bufio keeps the first error for Flush
	_ = w.WriteByte(version)
	_, _ = w.Write(binary.BigEndian.AppendUint64(nil, uint64(now.Unix())))
	var block []byte
	for i := range s.shards {
		part := &s.shards[i]
		part.mu.Lock()
		block = block[:0]
		for hash, swarm := range part.swarms {
			block = swarm.append(append(append(block, 1), hash[:]...))
		}
		part.mu.Unlock()
		if _, err := w.Write(block); err != nil {
			return fmt.Errorf("save peers: %w", err)
		}
	}
	_ = w.WriteByte(0)
	if err := w.Flush(); err != nil {
		return fmt.Errorf("save peers: %w", err)
	}
	if _, err := to.Write(sum.Sum(nil)); err != nil {
		return fmt.Errorf("save peers: %w", err)
	}
	return nil
}

func (w *swarm) append(b []byte) []byte {
	for _, n := range []int{int(w.completed), w.v4.Len(), w.v6.Len(), len(w.pins)} {
		b = binary.BigEndian.AppendUint32(b, uint32(n))
	}
	b = append(append(b, w.v4.Peers...), w.v6.Peers...)
	for key, pin := range w.pins {
		b = append(append(append(b, byte(len(key))), key...), pin[:]...)
	}
	return b
}

// Load adds the peers of a snapshot whose time is not over. The error matches
// [ErrSnapshot] or is a [VersionError]; nothing was added then.
func (s *Store) Load(b []byte, now time.Time) error {
	saved, swarms, err := open(b)
	if err != nil {
		return fmt.Errorf("load peers: %w", err)
	}
	if now.Before(saved) || now.Sub(saved) > s.cfg.TTL {
		return nil // all of them are too old, or the clock is not to be trusted
	}
	r := &reader{rest: swarms}
	for r.rest[0] == 1 { // open has read it once
		w, _ := r.swarm()
		s.restore(&w, table.MinuteOf(now))
	}
	return nil
}

// open checks a snapshot, every bit of it, and returns when it was made, and the
// swarms with the 0 behind them.
func open(b []byte) (saved time.Time, swarms []byte, err error) {
	rest, ok := bytes.CutPrefix(b, []byte(magic))
	switch {
	case !ok || len(rest) < 1+8+1+sha256.Size:
		return saved, nil, ErrSnapshot
	case rest[0] > version:
		return saved, nil, VersionError(rest[0])
	case rest[0] != version || checksum(sha256.New(), b[:len(b)-sha256.Size]) != string(b[len(b)-sha256.Size:]):
		return saved, nil, ErrSnapshot
	}
	saved = time.Unix(int64(binary.BigEndian.Uint64(rest[1:])), 0)
	swarms = rest[9 : len(rest)-sha256.Size]
	r := &reader{rest: swarms}
	for len(r.rest) > 0 && r.rest[0] == 1 {
		if _, ok := r.swarm(); !ok {
			return saved, nil, ErrSnapshot
		}
	}
	if !bytes.Equal(r.rest, []byte{0}) {
		return saved, nil, ErrSnapshot
	}
	return saved, swarms, nil
}

func checksum(h hash.Hash, b []byte) string {
	h.Write(b)
	return string(h.Sum(nil))
}

// saved is a swarm of a snapshot.
type saved struct {
	hash      [20]byte
	completed uint32
	v4, v6    []byte
	pins      map[string]message.Pin
}

type reader struct{ rest []byte }

// take returns the next n bytes, or nil if there are fewer.
func (r *reader) take(n uint64) []byte {
	if uint64(len(r.rest)) < n {
		r.rest = nil
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

// swarm reads a swarm and the 1 before it.
func (r *reader) swarm() (w saved, ok bool) {
	head := r.take(1 + 20 + 4*4)
	if head == nil {
		return w, false
	}
	w.hash = [20]byte(head[1:])
	n := func(i int) uint64 { return uint64(binary.BigEndian.Uint32(head[21+4*i:])) }
	w.completed = uint32(n(0))
	if w.v4 = r.take(n(1) * (peerstore.Size4 + 2)); w.v4 == nil {
		return w, false
	}
	if w.v6 = r.take(n(2) * (peerstore.Size6 + 2)); w.v6 == nil {
		return w, false
	}
	for range n(3) {
		size := r.take(1)
		if size == nil || size[0] != peerstore.Size4 && size[0] != peerstore.Size6 {
			return w, false
		}
		entry := r.take(uint64(size[0]) + 32)
		if entry == nil {
			return w, false
		}
		if w.pins == nil {
			w.pins = make(map[string]message.Pin)
		}
		w.pins[string(entry[:size[0]])] = message.Pin(entry[size[0]:])
	}
	return w, true
}

// restore adds the peers of a swarm that are not too old and not there already.
func (s *Store) restore(from *saved, minute uint16) {
	part := s.shard(&from.hash)
	part.mu.Lock()
	defer part.mu.Unlock()
	w := part.swarms[from.hash]
	if w == nil {
		if s.swarms.Load() >= int64(s.cfg.MaxSwarms) {
			return
		}
		w = newSwarm()
		part.swarms[from.hash] = w
		s.swarms.Add(1)
	}
	w.completed = max(w.completed, from.completed)
	for _, family := range []struct {
		t     *table.Table
		peers []byte
	}{{&w.v4, from.v4}, {&w.v6, from.v6}} {
		t := family.t
		for rest := family.peers; len(rest) > 0; rest = rest[t.Stride:] {
			key, said := rest[:t.Stride-2], table.Stamp(binary.BigEndian.Uint16(rest[t.Stride-2:]))
			if said.Age(minute) > s.ttl || t.Find(key, s.seed) >= 0 || !s.room() {
				continue
			}
			s.revive(w, t, key, said, from.pins)
		}
	}
	if w.empty() {
		delete(part.swarms, from.hash)
		s.swarms.Add(-1)
	}
}

// revive adds a peer as it was.
func (s *Store) revive(w *swarm, t *table.Table, key []byte, said table.Stamp, pins map[string]message.Pin) {
	pin, ok := pins[string(key)]
	if said&table.Pin != 0 && !ok {
		said &^= table.Pin
	}
	if said&table.Seeder != 0 {
		said &^= table.Partial
	}
	if said&table.Pin != 0 {
		w.pin(key, pin)
	}
	t.Add(key, said, s.seed)
	s.peers(t).Add(1)
}
