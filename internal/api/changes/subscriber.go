package changes

import (
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/api/torrent"
	"github.com/warren-p2p/warren/internal/library"
)

const (
	period  = time.Second // between two deltas
	backlog = 8           // deltas that a subscriber may be behind before it is dropped
)

// news is a delta on its way to all subscribers, encoded once for each set of fields
// that somebody has asked for.
type news struct {
	feed  *Feed
	delta library.Delta

	mu   sync.Mutex
	text map[string][]byte
}

func (n *news) encode(fields torrent.Fields) ([]byte, error) {
	key := fields.Key()
	n.mu.Lock()
	defer n.mu.Unlock()
	if text, ok := n.text[key]; ok {
		return text, nil
	}
	text, err := n.feed.encode(n.delta, fields, false)
	if err == nil {
		n.text[key] = text
	}
	return text, err
}

// subscriber is a client that listens.
type subscriber struct {
	news chan *news // closed when it is dropped
}

// subscribe adds a subscriber, who gets what changes from now on. ok is false if the
// feed is closed.
func (f *Feed) subscribe() (s *subscriber, cancel func(), ok bool) {
	now := f.lib.Refresh()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil, nil, false
	}
	if len(f.subs) == 0 {
		f.sent = now
	}
	s = &subscriber{make(chan *news, backlog)}
	f.subs[s] = struct{}{}
	return s, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.subs, s)
	}, true
}

// tell sends what has changed to all subscribers. Those that are too far behind are
// dropped: they can ask from where they are.
func (f *Feed) tell() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.subs) == 0 {
		return
	}
	d := f.lib.Since(f.sent)
	if d.Revision == f.sent {
		return
	}
	f.sent = d.Revision
	n := &news{feed: f, delta: d, text: make(map[string][]byte)}
	for s := range f.subs {
		select {
		case s.news <- n:
		default:
			close(s.news)
			delete(f.subs, s)
		}
	}
}

func (f *Feed) dropAll() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.subs {
		close(s.news)
		delete(f.subs, s)
	}
}

// Listeners returns how many clients listen.
func (f *Feed) Listeners() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.subs)
}
