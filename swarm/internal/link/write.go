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
	uploads  []peerwire.Request
	head     int // uploads before it are answered
	kick     chan struct{}
}

// spare bounds the memory a queue keeps after a burst of messages.
const spare = 4 << 10

func (q *queue) init() { q.kick = make(chan struct{}, 1) }

func (q *queue) wake() {
	select {
	case q.kick <- struct{}{}:
	default: // the writer has been told already
	}
}

// Send queues messages: add appends them to a buffer and returns it.
func (c *Conn) Send(add func(b []byte) []byte) {
	q := &c.out
	q.mu.Lock()
	q.messages = add(q.messages)
	q.mu.Unlock()
	q.wake()
}

// SendLazily queues messages that may wait for others to travel with, or for
// [Conn.Flush]: alone, a 9-byte have would make a record of its own size.
func (c *Conn) SendLazily(add func(b []byte) []byte) {
	q := &c.out
	q.mu.Lock()
	q.lazy = add(q.lazy)
	full := len(q.lazy) >= spare
	q.mu.Unlock()
	if full {
		q.wake()
	}
}

// Flush writes what was queued lazily.
func (c *Conn) Flush() {
	q := &c.out
	q.mu.Lock()
	waiting := len(q.lazy) > 0
	q.mu.Unlock()
	if waiting {
		q.wake()
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
	q.wake()
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
	q.wake()
}

// writeLoop writes what is queued until the connection ends.
func (c *Conn) writeLoop() error {
	var b batch
	for {
		c.collect(&b)
		if b.empty() {
			select {
			case <-c.out.kick:
				continue
			case <-c.done:
				return nil
			}
		}
		if err := c.writeBatch(&b); err != nil {
			return err
		}
	}
}

// batch is what goes out in one write. Its slices are reused.
type batch struct {
	messages []byte
	reqs     []peerwire.Request
	bufs     [][]byte
}

func (b *batch) empty() bool { return len(b.messages) == 0 && len(b.reqs) == 0 }

// collect takes the next batch from the queue: all messages, and as many
// requests as fit a frame and the rate limit.
func (c *Conn) collect(b *batch) {
	room := FrameSize - frameSlack
	if c.cfg.Up != nil {
		if rate := c.cfg.Up.Rate(); rate > 0 { // a tenth of a second at a time
			room = min(room, max(peerwire.BlockLen, int(rate/10)))
		}
	}
	q := &c.out
	q.mu.Lock()
	defer q.mu.Unlock()
	b.messages, q.messages = q.messages, b.messages[:0]
	b.messages = append(b.messages, q.lazy...)
	q.lazy = q.lazy[:0]
	if cap(q.messages) > spare {
		q.messages = nil
	}
	b.reqs = b.reqs[:0]
	for q.head < len(q.uploads) {
		req := q.uploads[q.head]
		need := int(req.Length) + peerwire.PieceHeaderLen
		if len(b.reqs) > 0 && need > room {
			break
		}
		b.reqs = append(b.reqs, req)
		room -= need
		q.head++
	}
}

// writeBatch reads the blocks asked for and writes everything at once.
func (c *Conn) writeBatch(b *batch) error {
	if len(b.reqs) == 0 {
		return c.write(b.messages)
	}
	frame := c.cfg.Frames.get()
	defer c.cfg.Frames.put(frame)
	out := append(*frame, b.messages...)
	payload := 0
	for rest := b.reqs; len(rest) > 0; {
		n := run(rest)
		var err error
		if out, err = c.appendBlocks(out, b, rest[:n]); err != nil {
			return err
		}
		for _, r := range rest[:n] {
			payload += int(r.Length)
		}
		rest = rest[n:]
	}
	if cap(out) <= 2*FrameSize { // keep growth that is worth keeping
		*frame = out
	}
	if c.cfg.Up != nil {
		if err := c.wait(c.cfg.Up.Reserve(payload, c.cfg.Clock.Now())); err != nil {
			return err
		}
	}
	if err := c.write(out); err != nil {
		return err
	}
	c.sent.Add(int64(payload))
	return nil
}

// run returns how many requests from the first on lie behind one another in
// the same piece, and can be read together.
func run(reqs []peerwire.Request) int {
	n := 1
	for n < len(reqs) && reqs[n].Index == reqs[0].Index && reqs[n].Begin == reqs[n-1].Begin+reqs[n-1].Length {
		n++
	}
	return n
}

// appendBlocks appends the piece messages for a run of requests.
func (c *Conn) appendBlocks(out []byte, b *batch, reqs []peerwire.Request) ([]byte, error) {
	start := len(out)
	total := 0
	for _, r := range reqs {
		total += peerwire.PieceHeaderLen + int(r.Length)
	}
	if cap(out)-start < total {
		out = append(make([]byte, 0, start+total), out...)
	}
	out = out[:start+total]
	b.bufs = b.bufs[:0]
	pos := start
	for _, r := range reqs {
		peerwire.PutPieceHeader(out[pos:], r.Index, r.Begin, int(r.Length))
		pos += peerwire.PieceHeaderLen
		b.bufs = append(b.bufs, out[pos:pos+int(r.Length)])
		pos += int(r.Length)
	}
	return out, c.cfg.Source.ReadVec(int(reqs[0].Index), int(reqs[0].Begin), b.bufs)
}

func (c *Conn) write(p []byte) error {
	if len(p) == 0 {
		return nil
	}
	c.writing.Store(c.cfg.Clock.Now().UnixNano())
	n, err := c.cfg.Conn.Write(p)
	c.writing.Store(0)
	c.wireOut.Add(int64(n))
	c.lastWrite.Store(c.cfg.Clock.Now().UnixNano())
	if c.cfg.Records && c.recordsOut.Add(int64(n+16383)/16384) >= c.maxRecords && err == nil {
		err = ErrRecords
	}
	return err
}
