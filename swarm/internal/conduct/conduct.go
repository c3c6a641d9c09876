// Package conduct judges peers by how their connections end, and keeps those out
// for a while who did what no honest peer does.
//
// Wrong content is not its business: whoever sends that is banned for a day. What
// is judged here may have an innocent reason, and others may come from the same
// address: it costs a minute, and more only if it goes on. Nothing here reads a
// clock.
package conduct

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/hosts"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/link"
	"github.com/warren-p2p/warren/swarm/internal/pulse"
)

// ErrBreach ends a connection with a peer that breaks the protocol or floods us.
var ErrBreach = errors.New("peer breaks the rules")

// Breach marks an error as the fault of the peer, unless it is one of those that
// are nobody's, or nil.
func Breach(err error, nobodys ...error) error {
	if err == nil || slices.ContainsFunc(nobodys, func(n error) bool { return errors.Is(err, n) }) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrBreach, err)
}

// Weights of what a peer did. One offence is enough to be kept out.
const (
	none    = 0
	doubt   = 1 // it happens to honest peers, and not again and again
	offence = 3
)

// readMuch is how much a peer has taken of us that reads, in bytes: more than the
// buffers of both ends hold for one that does not.
const readMuch = 8 << 20

// weigh judges how a connection ended with which so many bytes of content came, and
// so many went.
func weigh(err error, received, sent int64) int {
	wire := new(peerwire.Error)
	switch {
	case errors.Is(err, ErrBreach), errors.As(err, &wire), errors.Is(err, pulse.ErrMute):
		return offence
	case errors.Is(err, pulse.ErrStuck) && sent >= readMuch:
		return doubt // its line is down, or ours
	case errors.Is(err, pulse.ErrVain), errors.Is(err, pulse.ErrStuck), errors.Is(err, pulse.ErrDrip):
		if received > 0 { // it has been of use; its line may be bad
			return doubt
		}
		return offence
	case errors.Is(err, link.ErrCut):
		return doubt
	}
	return none
}

// For how long a host is kept out the first time, and at most; and after what
// time without an offence nothing is held against it any more.
const (
	first   = time.Minute
	longest = time.Hour
	forget  = time.Hour
)

// maxHosts bounds how many hosts are remembered.
const maxHosts = 4096

// Book remembers the hosts that misbehaved, for all torrents of a session. It is
// safe for concurrent use.
type Book struct {
	mu    sync.Mutex
	hosts map[netip.Prefix]record
}

type record struct {
	weight int // since it was kept out last
	times  int // that it was kept out
	last   time.Time
	until  time.Time
}

// NewBook returns an empty book.
func NewBook() *Book { return &Book{hosts: make(map[netip.Prefix]record)} }

// Note enters how the connection with a peer at an address ended, with which so
// many bytes of content came and went. It reports whether the peer is to be left alone for
// a while. Who comes from this machine is not kept out: that may be everybody.
func (b *Book) Note(a netip.Addr, err error, received, sent int64, now time.Time) (out bool) {
	weight := weigh(err, received, sent)
	if weight == none || hosts.Ours(a) {
		return weight >= offence
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	host := hosts.Host(a)
	r := b.hosts[host]
	if now.Sub(r.last) >= forget && !now.Before(r.until) {
		r = record{}
	}
	r.last = now
	if r.weight += weight; r.weight >= offence {
		out = true
		r.weight, r.until = 0, now.Add(min(first<<min(r.times, 6), longest))
		r.times++
	}
	if _, known := b.hosts[host]; !known && len(b.hosts) >= maxHosts {
		b.drop()
	}
	b.hosts[host] = r
	return out
}

// drop forgets the host that was noted longest ago.
func (b *Book) drop() {
	var oldest netip.Prefix
	for host, r := range b.hosts {
		if !oldest.IsValid() || r.last.Before(b.hosts[oldest].last) {
			oldest = host
		}
	}
	delete(b.hosts, oldest)
}

// Out reports whether nobody is let in from an address now.
func (b *Book) Out(a netip.Addr, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return now.Before(b.hosts[hosts.Host(a)].until)
}
