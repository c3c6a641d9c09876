// Package changes tells clients of the API what has changed about torrents: on
// request, and as a stream of events (Server-Sent Events, as in the HTML standard) for
// any number of them.
//
// Every change has a number, higher than all before, also than those before the node
// was started anew: who has seen number R asks for what came after R, and gets
// everything if that is not known any more.
package changes

import (
	"encoding/json"
	"strconv"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/api/torrent"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/library"
)

// Library is what changes are seen in.
type Library interface {
	All() []*library.Torrent
	Refresh() library.Revision
	Since(library.Revision) library.Delta
	Subscribe() (<-chan struct{}, func())
	Totals() library.Totals
}

// Delta is what has changed.
type Delta struct {
	Revision int64             `json:"revision" doc:"To ask from next time."`
	Full     bool              `json:"full,omitempty" doc:"Whether what was asked from is not known any more: then all torrents are in changed, and others are gone."`
	Changed  []torrent.Torrent `json:"changed,omitempty" nullable:"false" doc:"Torrents that are new or stand differently, as they stand now."`
	Removed  []int64           `json:"removed,omitempty" nullable:"false" doc:"Ids of torrents that are gone."`
	Groups   bool              `json:"groups,omitempty" doc:"Whether categories or labels have changed."`
	Totals   *Totals           `json:"totals,omitempty" doc:"All torrents together, if something has changed."`
}

// Totals is all torrents together.
type Totals struct {
	Torrents     int            `json:"torrents" required:"false" doc:"How many there are."`
	States       map[string]int `json:"states" required:"false" doc:"How many there are in each state."`
	DownRate     int64          `json:"down_rate" required:"false" doc:"Bytes a second."`
	UpRate       int64          `json:"up_rate" required:"false" doc:"Bytes a second."`
	Received     int64          `json:"received" required:"false" doc:"Bytes of content since the node was started."`
	Sent         int64          `json:"sent" required:"false" doc:"Bytes of content since the node was started."`
	EverReceived int64          `json:"ever_received" required:"false" doc:"The same of all time, of torrents that are there."`
	EverSent     int64          `json:"ever_sent" required:"false" doc:"The same of all time, of torrents that are there."`
	Peers        int            `json:"peers" required:"false" doc:"Connected peers."`
	Size         int64          `json:"size" required:"false" doc:"Bytes of content."`
	Left         int64          `json:"left" required:"false" doc:"Bytes that are wanted and missing."`
}

// TotalsOf shows all torrents together.
func TotalsOf(t library.Totals) *Totals {
	s := &Totals{
		Torrents: t.Torrents, States: make(map[string]int), DownRate: t.DownRate, UpRate: t.UpRate, Received: t.Received, Sent: t.Sent,
		EverReceived: t.EverReceived, EverSent: t.EverSent, Peers: t.Peers, Size: t.Size, Left: t.Left,
	}
	for state, n := range t.States {
		s.States[torrent.State(state)] = n
	}
	return s
}

// Feed is the changes of a library. Its methods are safe for concurrent use.
type Feed struct {
	lib   Library
	clock clock.Clock
	base  int64 // added to the revisions of the library
	end   chan struct{}
	done  chan struct{}

	mu     sync.Mutex
	subs   map[*subscriber]struct{}
	newest library.Revision // as it was looked
	looked time.Time
	sent   library.Revision // what subscribers were told of; of no meaning without any
	closed bool
}

// perSecond is more changes than there are in a second: with it, and the time at which
// the node was started, numbers go up from one start to the next.
const perSecond = 1_000_000

// Open begins to follow a library. [Feed.Close] ends it, before the library closes.
func Open(lib Library, c clock.Clock) *Feed {
	f := &Feed{
		lib: lib, clock: c, base: c.Now().Unix() * perSecond,
		end: make(chan struct{}), done: make(chan struct{}), subs: make(map[*subscriber]struct{}),
	}
	go f.follow()
	return f
}

// Close ends all streams, and waits for the goroutine of the feed.
func (f *Feed) Close() {
	f.mu.Lock()
	if !f.closed {
		f.closed = true
		close(f.end)
	}
	f.mu.Unlock()
	<-f.done
}

// Base returns what is added to revisions of the library.
func (f *Feed) Base() int64 { return f.base }

// Revision returns the newest revision that was seen, as clients know it: somebody who
// lists twenty pages does not have all torrents looked at twenty times.
func (f *Feed) Revision() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := f.clock.Now(); now.Sub(f.looked) >= period {
		f.newest, f.looked = f.lib.Refresh(), now
	}
	return f.base + int64(f.newest)
}

// Since returns what has changed after a revision, with some properties of torrents,
// as JSON. Nothing is {"revision":R}.
func (f *Feed) Since(revision int64, fields torrent.Fields) ([]byte, error) {
	f.Revision()
	return f.encode(f.since(revision), fields, false)
}

// since translates a revision of a client; one that cannot be is before everything.
func (f *Feed) since(revision int64) library.Delta {
	return f.lib.Since(library.Revision(max(0, revision-f.base)))
}

// encode returns a delta as JSON; totals are in it if torrents are, or if they are wanted.
func (f *Feed) encode(d library.Delta, fields torrent.Fields, wanted bool) (b []byte, err error) {
	b = strconv.AppendInt([]byte(`{"revision":`), f.base+int64(d.Revision), 10)
	if d.Full {
		b = append(b, `,"full":true`...)
	}
	if len(d.Changed) > 0 || d.Full {
		list := make([]torrent.Torrent, len(d.Changed))
		for i, t := range d.Changed {
			v := t.View()
			list[i] = torrent.Of(&v, f.base)
		}
		if b, err = fields.AppendList(append(b, `,"changed":`...), list); err != nil {
			return nil, err
		}
	}
	for i, gone := range d.Removed {
		if i == 0 {
			b = append(b, `,"removed":[`...)
		}
		b = append(strconv.AppendInt(b, gone.ID, 10), ',')
	}
	if len(d.Removed) > 0 {
		b[len(b)-1] = ']'
	}
	if d.Groups {
		b = append(b, `,"groups":true`...)
	}
	if wanted || len(d.Changed)+len(d.Removed) > 0 || d.Full {
		totals, err := json.Marshal(TotalsOf(f.lib.Totals()))
		if err != nil {
			return nil, err
		}
		b = append(append(b, `,"totals":`...), totals...)
	}
	return append(b, '}'), nil
}

// follow tells subscribers what has changed, once a second at most.
func (f *Feed) follow() {
	defer close(f.done)
	changed, cancel := f.lib.Subscribe()
	defer cancel()
	defer f.dropAll()
	for {
		select {
		case <-f.end:
			return
		case <-changed:
		}
		f.tell()
		select {
		case <-f.end:
			return
		case <-time.After(period):
		}
	}
}
