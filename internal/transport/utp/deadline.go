package utp

import (
	"errors"
	"net"
	"time"
)

// SetDeadline implements net.Conn.
func (c *Conn) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.SetWriteDeadline(t))
}

// SetReadDeadline implements net.Conn.
func (c *Conn) SetReadDeadline(t time.Time) error { return c.setDeadline(&c.readers, t) }

// SetWriteDeadline implements net.Conn.
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.setDeadline(&c.writers, t) }

func (c *Conn) setDeadline(w *waiting, t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return opError("set", c, net.ErrClosed)
	}
	w.stopTimer()
	wait := t.Sub(c.sock.cfg.Clock.Now())
	w.expired = !t.IsZero() && wait <= 0
	if !t.IsZero() && wait > 0 {
		var timer *time.Timer
		timer = time.AfterFunc(wait, func() {
			c.mu.Lock()
			defer c.mu.Unlock()
			if w.timer == timer { // not replaced while it fired
				w.expired = true
				w.changed.Broadcast()
			}
		})
		w.timer = timer
	}
	w.changed.Broadcast()
	return nil
}

// stop wakes who waits, for good.
func (w *waiting) stop() {
	w.stopTimer()
	w.changed.Broadcast()
}

func (w *waiting) stopTimer() {
	if w.timer != nil {
		w.timer.Stop()
		w.timer = nil
	}
}
