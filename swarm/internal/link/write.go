package link

import (
	"time"

	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/link/frame"
)

// writer writes what is queued. Its fields belong to the writer goroutine.
type writer struct {
	c     *Conn
	b     batch
	tail  frame.Tail // waits for more to fill a record
	room  int        // for blocks in one write, less on a slow connection
	grant int        // bytes that the limiter was asked for
	due   time.Time  // when they may be sent
	// changed is closed when what the limiter said no longer holds.
	changed <-chan struct{}
}

// batch is what goes out in one write. Its slices are reused.
type batch struct {
	messages []byte
	reqs     []peerwire.Request
	bufs     [][]byte
}

func (b *batch) empty() bool { return len(b.messages) == 0 && len(b.reqs) == 0 }

// loop writes what is queued until the connection ends.
func (w *writer) loop() error {
	for {
		wait := w.collect()
		if w.b.empty() && (w.tail.Empty() || 0 < wait && wait <= tailWait) {
			if !w.idle(wait) {
				return nil
			}
			continue
		}
		if err := w.flush(); err != nil {
			return err
		}
	}
}

// tailWait is how long the end of a block may wait for the next one, which the
// limiter lets pass later.
const tailWait = 2 * time.Second

// idle waits for something to write, or until the limiter lets blocks pass. It
// reports false when the connection has ended.
func (w *writer) idle(wait time.Duration) bool {
	var due <-chan time.Time
	if wait > 0 {
		t := time.NewTimer(wait)
		defer t.Stop()
		due = t.C
	}
	select {
	case <-w.c.out.kick:
		return true
	case <-due:
		return true
	case <-w.changed:
		w.c.cfg.Up.Return(w.grant, w.c.cfg.Clock.Now())
		w.grant, w.due, w.changed = 0, time.Time{}, nil
		return true
	case <-w.c.done:
		return false
	}
}

// collect takes the next batch from the queue: all messages, and as many
// requests as fit a frame and the rate limit. Requests stay in the queue, where
// a choke finds them, until the limiter lets their answers pass; meanwhile
// messages do not wait. It returns for how long blocks have to.
func (w *writer) collect() (wait time.Duration) {
	c := w.c
	if c.cfg.Up == nil || c.cfg.Up.Rate() <= 0 {
		w.due, w.grant, w.changed = time.Time{}, 0, nil
		c.out.take(&w.b, max(w.room, c.out.next(w.room)))
		return 0
	}
	now := c.cfg.Clock.Now()
	// A tenth of a second at a time.
	room := min(w.room, max(frame.Block, int(min(c.cfg.Up.Rate()/10, frame.Room))))
	if need := c.out.next(room); need > w.grant {
		if w.changed == nil {
			w.changed = c.cfg.Up.Changed()
		}
		w.due = now.Add(max(w.due.Sub(now), c.cfg.Up.Reserve(need-w.grant, now)))
		w.grant = need
	}
	if wait = w.due.Sub(now); wait > 0 && w.grant > 0 {
		c.out.take(&w.b, 0)
		return wait
	}
	w.grant -= c.out.take(&w.b, w.grant)
	w.changed = nil
	return 0
}

// flush reads the blocks asked for and writes everything at once.
func (w *writer) flush() error {
	b, c := &w.b, w.c
	if len(b.reqs) == 0 && w.tail.Empty() {
		_, err := c.write(b.messages)
		return err
	}
	buf := c.cfg.Frames.Get()
	defer c.cfg.Frames.Put(buf)
	out := append(w.tail.Take(*buf), b.messages...)
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
	if cap(out) <= 2*frame.Size { // keep growth that is worth keeping
		*buf = out
	}
	if c.cfg.Records && len(b.reqs) > 0 && c.Pending() > 0 {
		out = w.tail.Keep(out)
	}
	took, err := c.write(out)
	if err != nil {
		return err
	}
	c.sent.Add(int64(payload))
	w.pace(len(out), took)
	return nil
}

// slowWrite is how long a write may take. While it lasts no request of ours
// goes out, and the owner cannot tell a slow peer from one that does not read.
const slowWrite = time.Second

// pace adapts the size of writes to how long one of n bytes took.
func (w *writer) pace(n int, took time.Duration) {
	switch {
	case took > slowWrite:
		w.room = max(frame.Block, min(w.room, int(int64(n)*int64(slowWrite)/int64(took))))
	case took < slowWrite/4:
		w.room = min(2*w.room, frame.Room)
	}
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

// write makes one write, and tells how long it took.
func (c *Conn) write(p []byte) (took time.Duration, err error) {
	start := c.cfg.Clock.Now()
	c.writing.Store(start.UnixNano())
	n, err := c.cfg.Conn.Write(p)
	end := c.cfg.Clock.Now()
	c.writing.Store(0)
	c.wireOut.Add(int64(n))
	c.lastWrite.Store(end.UnixNano())
	if c.cfg.Records && c.recordsOut.Add(int64(n+16383)/16384) >= c.cfg.MaxRecords && err == nil {
		err = ErrRecords
	}
	return end.Sub(start), err
}
