package link

import (
	"sync"

	"github.com/warren-p2p/warren/peerwire"
)

// queue is what waits to be written: small messages in order, messages that
// may wait for company, and requests of the peer to be answered.
type queue struct {
	mu       sync.Mutex
	messages []byte
	lazy     []byte
	flush    bool // the lazy ones have waited enough
	aged     bool // they were there at the last Flush
	uploads  []peerwire.Request
	head     int           // uploads before it are answered
	kick     chan struct{} // there is something to write
	room     chan struct{} // something was taken out
}

// spare bounds the memory a queue keeps after a burst of messages.
const spare = 4 << 10

// maxBacklog is how many bytes of messages may wait before nothing more is read
// of the peer: it makes us answer and does not read the answers. An answer may
// exceed it; the next question then waits.
const maxBacklog = 256 << 10

func (q *queue) init() { q.kick, q.room = make(chan struct{}, 1), make(chan struct{}, 1) }

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // it has been told already
	}
}

// waitRoom waits while too much is queued. The reader calls it.
func (q *queue) waitRoom(c *Conn) error {
	for {
		q.mu.Lock()
		full := len(q.messages) > maxBacklog
		q.mu.Unlock()
		if !full {
			return nil
		}
		select {
		case <-q.room:
		case <-c.done:
			return c.reason
		}
	}
}

// Send queues messages: add appends them to a buffer and returns it.
func (c *Conn) Send(add func(b []byte) []byte) {
	q := &c.out
	q.mu.Lock()
	q.messages = add(q.messages)
	q.mu.Unlock()
	signal(q.kick)
}

// SendLazily queues messages that may wait for others to travel with, or for
// [Conn.Flush]: alone, a 9-byte have would make a record of its own size.
func (c *Conn) SendLazily(add func(b []byte) []byte) {
	q := &c.out
	q.mu.Lock()
	q.lazy = add(q.lazy)
	full := len(q.lazy) >= spare
	q.flush = q.flush || full
	q.mu.Unlock()
	if full {
		signal(q.kick)
	}
}

// Flush writes what was queued lazily before the last Flush: what came since may
// soon have company.
func (c *Conn) Flush() {
	q := &c.out
	q.mu.Lock()
	q.flush = q.flush || q.aged
	q.aged = len(q.lazy) > 0
	late := q.flush
	q.mu.Unlock()
	if late {
		signal(q.kick)
	}
}

// Upload queues requests to be answered from the source. It returns how many
// are waiting now.
func (c *Conn) Upload(reqs []peerwire.Request) int {
	q := &c.out
	q.mu.Lock()
	if q.head > 0 && q.head == len(q.uploads) {
		q.uploads, q.head = q.uploads[:0], 0
	} else if q.head > 1024 {
		q.uploads = q.uploads[:copy(q.uploads, q.uploads[q.head:])]
		q.head = 0
	}
	q.uploads = append(q.uploads, reqs...)
	n := len(q.uploads) - q.head
	q.mu.Unlock()
	signal(q.kick)
	return n
}

// Pending returns how many requests wait for an answer.
func (c *Conn) Pending() int {
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	return len(c.out.uploads) - c.out.head
}

// CancelUpload takes back one request; it reports whether it was still there.
func (c *Conn) CancelUpload(req peerwire.Request) bool {
	q := &c.out
	q.mu.Lock()
	defer q.mu.Unlock()
	for i := q.head; i < len(q.uploads); i++ {
		if q.uploads[i] == req {
			q.uploads = append(q.uploads[:i], q.uploads[i+1:]...)
			return true
		}
	}
	return false
}

// DropUploads takes back all requests and queues what add appends for them
// (a choke, and rejects if the peer knows them) in the same step, so that no
// block follows the choke.
func (c *Conn) DropUploads(add func(b []byte, dropped []peerwire.Request) []byte) {
	q := &c.out
	q.mu.Lock()
	q.messages = add(q.messages, q.uploads[q.head:])
	q.uploads, q.head = q.uploads[:0], 0
	q.mu.Unlock()
	signal(q.kick)
}

// next returns how many bytes the answers take that fit limit, headers
// included. One is always counted.
func (q *queue) next(limit int) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := 0
	for _, r := range q.uploads[q.head:] {
		need := int(r.Length) + peerwire.PieceHeaderLen
		if n > 0 && n+need > limit {
			break
		}
		n += need
	}
	return n
}

// take moves what is to be written next to b: all messages, and the requests
// whose answers fit limit. It returns how many bytes these take.
func (q *queue) take(b *batch, limit int) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	b.messages, q.messages = q.messages, b.messages[:0]
	if cap(q.messages) > spare {
		q.messages = nil
	}
	b.reqs = b.reqs[:0]
	n := 0
	for q.head < len(q.uploads) {
		req := q.uploads[q.head]
		need := int(req.Length) + peerwire.PieceHeaderLen
		if n+need > limit {
			break
		}
		b.reqs = append(b.reqs, req)
		n += need
		q.head++
	}
	if q.flush || !b.empty() {
		b.messages = append(b.messages, q.lazy...)
		q.lazy, q.flush, q.aged = q.lazy[:0], false, false
	}
	signal(q.room)
	return n
}
