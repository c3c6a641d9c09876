// Package datagram is one request to a UDP tracker (BEP 15), without I/O: it
// says what to send and until when to wait, and takes what comes.
//
// Every datagram that is sent has a transaction id of its own, so that nobody who
// does not see them can answer. A connection id is kept for a minute and used by
// all requests to the same address ([Connections]).
package datagram

import (
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/warren-p2p/warren/tracker/message"
)

// ErrNoAnswer is returned when nothing came for as long as one waits.
var ErrNoAnswer = errors.New("no answer")

// Times of BEP 15.
const (
	firstWait = 15 * time.Second // doubles with every datagram that is lost
	keepID    = time.Minute      // how long a connection id is good
	maxTries  = 8                // more would wait for hours
)

// maxConnections bounds the ids that are kept.
const maxConnections = 512

// Connections keeps connection ids. It is safe for concurrent use.
type Connections struct {
	mu  sync.Mutex
	ids map[netip.AddrPort]connection
}

type connection struct {
	id    uint64
	until time.Time
}

// NewConnections returns an empty store.
func NewConnections() *Connections { return &Connections{ids: map[netip.AddrPort]connection{}} }

// Len returns how many ids are kept.
func (c *Connections) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.ids)
}

func (c *Connections) get(at netip.AddrPort, now time.Time) (uint64, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.ids[at]
	return k.id, ok && now.Before(k.until)
}

func (c *Connections) put(at netip.AddrPort, id uint64, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for a, k := range c.ids {
		if len(c.ids) >= maxConnections || !now.Before(k.until) {
			delete(c.ids, a)
		}
	}
	c.ids[at] = connection{id, now.Add(keepID)}
}

// drop forgets an id that the tracker does not take any more.
func (c *Connections) drop(at netip.AddrPort, id uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ids[at].id == id {
		delete(c.ids, at)
	}
}

// Config says what is asked, and of whom.
type Config struct {
	To          netip.AddrPort
	Connections *Connections
	Tries       int // datagrams without an answer to give up after; at most 8
	// Rand gives transaction ids. They must not be guessed.
	Rand func() uint32
	// Append appends the request.
	Append func(dst []byte, connection uint64, transaction uint32) []byte
}

// Exchange is a request under way. One goroutine has it.
type Exchange struct {
	cfg        Config
	tries      int
	connecting bool
	cached     bool // the connection id was there before
	renewed    bool // it was dropped once
	id         uint64
	sent       uint32 // the transaction id of the datagram that waits for an answer
	due        time.Time
}

// New returns a request that has sent nothing.
func New(cfg Config) *Exchange {
	cfg.Tries = min(max(cfg.Tries, 1), maxTries)
	return &Exchange{cfg: cfg}
}

// Next returns the datagram to send now, if there is one, and when to call it
// again unless [Exchange.Receive] has something before. The error is
// [ErrNoAnswer].
func (x *Exchange) Next(now time.Time) (send []byte, again time.Time, err error) {
	if now.Before(x.due) {
		return nil, x.due, nil
	}
	if x.tries == x.cfg.Tries {
		return nil, time.Time{}, fmt.Errorf("%w to %d datagrams", ErrNoAnswer, x.tries)
	}
	x.due = now.Add(firstWait << x.tries)
	x.tries++
	x.sent = x.cfg.Rand()
	id, ok := x.cfg.Connections.get(x.cfg.To, now)
	if x.connecting = !ok; x.connecting {
		return message.AppendConnect(nil, x.sent), x.due, nil
	}
	x.cached = id != x.id
	x.id = id
	return x.cfg.Append(nil, id, x.sent), x.due, nil
}

// Receive takes a datagram that came from the tracker's address. It returns the
// answer once it is there; a tracker's error is one too. After that, and if
// another datagram is to be sent, again is true: call Next.
func (x *Exchange) Receive(b []byte, now time.Time) (answer []byte, again bool) {
	if id, ok := message.Transaction(b); !ok || x.tries == 0 || id != x.sent {
		return nil, false
	}
	if x.connecting {
		id, err := message.ParseConnectUDP(b)
		switch {
		case errors.Is(err, message.ErrMalformed):
			return nil, false
		case err != nil:
			return b, false
		}
		x.cfg.Connections.put(x.cfg.To, id, now)
		x.id = id
		x.tries, x.due = 0, now
		return nil, true
	}
	if _, err := message.ParseConnectUDP(b); x.cached && !x.renewed && !errors.Is(err, message.ErrMalformed) && err != nil {
		// It may be the id that it does not like: it has started anew.
		x.cfg.Connections.drop(x.cfg.To, x.id)
		x.tries, x.due, x.renewed = 0, now, true
		return nil, true
	}
	return b, false
}
