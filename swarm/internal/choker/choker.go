// Package choker decides whom a torrent uploads to.
//
// While downloading it is tit for tat (BEP 3): every 10 s the regular slots go to
// the interested peers that sent us the most over the last 20 s, and every 30 s
// an optimistic slot goes to another one, so that better partners are found and
// newcomers get a start. A peer that has left our requests unanswered for a
// minute (snubbed) keeps no regular slot.
//
// While seeding, half of the slots stay with the peers that take data fastest,
// and the other half go round among those who have waited longest.
//
// Without a limit of the upload the number of slots follows what is uploaded, so
// that each is worth having and the line is full.
//
// Every peer has a weight, through which standing from elsewhere (friendship,
// reputation, relay credit) multiplies what it earns here.
//
// A Choker does nothing by itself: the caller passes time, randomness and the
// state of all peers, and sends the choke and unchoke messages it is told to. The
// same calls with the same seed give the same changes.
package choker

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"
)

// The periods of choking (BEP 3).
const (
	RateWindow       = 20 * time.Second // over which rates are measured
	RechokePeriod    = 10 * time.Second
	OptimisticPeriod = 30 * time.Second
	SnubTime         = 60 * time.Second // without a block asked for
)

// An ID is the caller's handle for a connection.
type ID = int32

// PeerState is what the choker needs to know of one connection.
type PeerState struct {
	ID         ID
	Interested bool      // it wants pieces of us
	Connected  time.Time // when the connection came up
	Downloaded int64     // payload bytes received from it since then
	Uploaded   int64     // payload bytes sent to it since then

	// AwaitingSince is how long we have waited for a block in vain: the later of
	// its last block and our first unanswered request. Zero if nothing is asked.
	AwaitingSince time.Time

	// Weight multiplies what the peer earns: 1 is neutral, 0 or less gets nothing
	// at all.
	Weight float64
}

// A Change is a choke or unchoke message to send (BEP 3).
type Change struct {
	ID      ID
	Unchoke bool
}

// Config sets how many peers are unchoked.
type Config struct {
	Slots       int   // regular and optimistic together; 0 chooses by UploadLimit, or by what is uploaded
	UploadLimit int64 // bytes per second, 0 for none; only used to choose Slots
}

// A Choker holds the upload slots of one torrent.
type Choker struct {
	cfg     Config
	rng     *rand.Rand
	seeding bool
	rechoke time.Time // the last time slots were given anew
	rotated time.Time // the last time optimistic slots were
	peers   map[ID]*peer
	search  search
	calls   uint64 // of Rechoke, to tell who is gone
}

// New returns a choker with no peers. Optimistic slots are drawn with rng.
func New(cfg Config, rng *rand.Rand) *Choker {
	return &Choker{cfg: cfg, rng: rng, peers: make(map[ID]*peer)}
}

// Configure changes the number of slots, from the next Rechoke on.
func (c *Choker) Configure(cfg Config) { c.cfg = cfg }

// SetSeeding says whether we are done downloading. The slots are given anew at
// the next Rechoke.
func (c *Choker) SetSeeding(on bool) {
	if c.seeding != on {
		c.seeding, c.rechoke, c.rotated = on, time.Time{}, time.Time{}
	}
}

// Unchoked reports whether id has a slot.
func (c *Choker) Unchoked(id ID) bool {
	p, ok := c.peers[id]
	return ok && p.slot != none
}

// Optimistic reports whether id has an optimistic slot.
func (c *Choker) Optimistic(id ID) bool {
	p, ok := c.peers[id]
	return ok && p.slot == optimistic
}

// Rechoke takes the state of all connected peers and returns the changes, in
// order of ID. A peer not in states is gone. Every 10 s the slots are given anew;
// a call in between, when a peer has come, gone or changed its interest, frees
// the slots of those who need none and fills free ones, and takes no slot from
// anybody else.
func (c *Choker) Rechoke(now time.Time, states []PeerState) []Change {
	c.update(now, states)
	full := c.rechoke.IsZero() || now.Sub(c.rechoke) >= RechokePeriod
	peers := make([]*peer, 0, len(c.peers))
	for _, p := range c.peers {
		p.was, p.slot = p.slot, none
		if p.eligible() {
			peers = append(peers, p)
		}
	}
	slices.SortFunc(peers, func(a, b *peer) int { return cmp.Compare(a.ID, b.ID) })
	if full {
		c.rechoke = now
		c.search.adapt(uploadRate(peers), len(peers) > c.Slots())
	}
	switch {
	case !full:
		c.keep(peers)
		c.fillFree(now, peers)
	case c.seeding:
		c.seed(now, peers)
	default:
		c.reciprocate(now, peers)
	}
	return c.changes(now)
}

// changes notes who has gained or lost a slot.
func (c *Choker) changes(now time.Time) []Change {
	var out []Change
	for id, p := range c.peers {
		is := p.slot != none
		if is == (p.was != none) {
			continue
		}
		p.since = now
		p.served = p.served || is
		out = append(out, Change{ID: id, Unchoke: is})
	}
	slices.SortFunc(out, func(a, b Change) int { return cmp.Compare(a.ID, b.ID) })
	return out
}
