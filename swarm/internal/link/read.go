package link

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/warren-p2p/warren/peerwire"
)

// readLoop parses messages until the connection ends.
func (c *Conn) readLoop() error {
	var reqs []peerwire.Request
	for {
		if len(reqs) > 0 && !c.r.hasRequest() {
			// About to wait, or to turn to something else: what was asked so far
			// can be answered, and a cancel or a choke finds it in the queue.
			if err := c.handOn(reqs); err != nil {
				return err
			}
			reqs = reqs[:0]
		}
		h, err := c.r.need(4)
		if err != nil {
			return err
		}
		n := binary.BigEndian.Uint32(h)
		if n == 0 { // keep-alive
			c.r.skip(4)
			c.touch()
			continue
		}
		if h, err = c.r.need(5); err != nil {
			return err
		}
		id := peerwire.ID(h[4])
		c.r.skip(5)
		if err := peerwire.CheckLength(id, n, int(c.numPieces.Load())); err != nil {
			return err
		}
		switch id {
		case peerwire.IDPiece:
			err = c.readBlock(int(n) - 9)
		case peerwire.IDRequest:
			reqs, err = c.readRequest(reqs)
		default:
			err = c.readMessage(id, int(n)-1)
		}
		if err != nil {
			return err
		}
	}
}

// touch notes that the peer is alive.
func (c *Conn) touch() time.Time {
	now := c.cfg.Clock.Now()
	c.lastRead.Store(now.UnixNano())
	return now
}

// readBlock reads the rest of a piece message with n bytes of payload.
func (c *Conn) readBlock(n int) error {
	if err := c.readPayload(n); err != nil {
		return err
	}
	if c.cfg.Down == nil {
		c.touch()
		return nil
	}
	return c.hold(n)
}

// hold waits until the limiter lets n bytes that were read count.
func (c *Conn) hold(n int) error {
	down := c.cfg.Down
	for {
		now := c.touch()
		if down.Rate() == 0 {
			return nil
		}
		changed := down.Changed()
		d := down.Reserve(n, now)
		if d <= 0 {
			return nil
		}
		c.lastRead.Store(now.Add(d).UnixNano()) // until then the silence is ours
		again, err := c.wait(d, changed)
		if !again {
			return err
		}
		down.Return(n, c.cfg.Clock.Now())
	}
}

func (c *Conn) readPayload(n int) error {
	h, err := c.r.need(8)
	if err != nil {
		return err
	}
	index, begin, err := peerwire.ParsePiece(h)
	if err != nil {
		return err
	}
	c.r.skip(8)
	dst := c.cfg.Handler.Block(index, begin, n)
	c.landing.Store(c.cfg.Clock.Now().UnixNano())
	if dst == nil {
		err = c.r.discard(n)
	} else {
		err = c.r.full(dst[:n])
	}
	// The choker thanks for what helps, not for what is sent. Counted before the
	// handler knows: it may be the last block, and then somebody looks.
	if dst != nil && err == nil {
		c.received.Add(int64(n))
	}
	if err != nil && !errors.Is(err, ErrRecords) {
		err = fmt.Errorf("%w: %w", ErrCut, err)
	}
	c.landing.Store(0) // what the handler waits for now is not the peer
	c.cfg.Handler.BlockDone(err == nil)
	return err
}

// maxBatch bounds how many requests are collected before they are handed on.
const maxBatch = 256

func (c *Conn) readRequest(reqs []peerwire.Request) ([]peerwire.Request, error) {
	p, err := c.r.need(12)
	if err != nil {
		return reqs, err
	}
	req, err := peerwire.ParseRequest(p)
	if err != nil {
		return reqs, err
	}
	c.r.skip(12)
	reqs = append(reqs, req)
	if len(reqs) < maxBatch {
		return reqs, nil
	}
	return reqs[:0], c.handOn(reqs)
}

func (c *Conn) handOn(reqs []peerwire.Request) error {
	c.touch()
	if err := c.cfg.Handler.Requests(reqs); err != nil {
		return err
	}
	return c.out.waitRoom(c)
}

func (c *Conn) readMessage(id peerwire.ID, n int) error {
	p, err := c.r.need(n)
	if err != nil {
		return err
	}
	c.r.skip(n)
	c.touch()
	err = c.cfg.Handler.Message(id, p)
	c.r.shrink()
	if err != nil {
		return err
	}
	return c.out.waitRoom(c)
}
