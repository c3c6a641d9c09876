package record

import (
	"encoding/binary"
	"fmt"
	"io"
	"time"
)

// Alerts of RFC 8446, section 6.
const (
	alertWarning = 1
	alertFatal   = 2

	alertCloseNotify       = 0
	alertUnexpectedMessage = 10
	alertBadRecordMAC      = 20
	alertUserCanceled      = 90
)

// Handshake messages that may come after the handshake (RFC 8446, section 4.6).
const (
	newSessionTicket = 4
	keyUpdate        = 24
)

// handshake follows handshake messages across records.
type handshake struct {
	head [4]byte
	got  int
	skip int // bytes of a ticket still to come
}

// control acts on a record that carries no data. It returns io.EOF when the
// peer ends the connection in order.
func (c *Conn) control(contentType byte, content []byte) error {
	switch contentType {
	case typeApplicationData: // empty ones hide the rhythm of others
		return nil
	case typeHandshake:
		return c.handshake(content)
	case typeAlert:
		switch {
		case len(content) != 2:
			return fmt.Errorf("%w: alert of %d bytes", ErrRecord, len(content))
		case content[1] == alertCloseNotify:
			return io.EOF
		case content[1] == alertUserCanceled:
			return nil
		}
		return fmt.Errorf("%w: number %d", ErrAlert, content[1])
	}
	return fmt.Errorf("%w: content of type %d", ErrRecord, contentType)
}

// handshake passes over tickets, which a connection made for peers has no use
// for, and changes keys when asked to.
func (c *Conn) handshake(p []byte) error {
	h := &c.in.hs
	if len(p) == 0 {
		return fmt.Errorf("%w: empty handshake record", ErrRecord)
	}
	for len(p) > 0 {
		if h.skip > 0 {
			n := min(h.skip, len(p))
			h.skip -= n
			p = p[n:]
			continue
		}
		n := copy(h.head[h.got:], p)
		h.got += n
		if p = p[n:]; h.got < len(h.head) {
			break
		}
		h.got = 0
		length := int(binary.BigEndian.Uint32(h.head[:]) & 0xffffff)
		switch {
		case h.head[0] == newSessionTicket:
			h.skip = length
		case h.head[0] == keyUpdate && length == 1 && len(p) == 1:
			// It must be the last of its record: what follows has other keys.
			return c.updateKeys(p[0] == 1)
		default:
			return fmt.Errorf("%w: handshake message %d of %d bytes", ErrRecord, h.head[0], length)
		}
	}
	return nil
}

// updateKeys changes the keys of what the peer sends, and ours if it asks
// (RFC 8446, section 4.6.3).
func (c *Conn) updateKeys(answer bool) error {
	next, err := c.in.half.next()
	if err != nil {
		return err
	}
	c.in.half, c.in.asked = next, false
	if answer {
		c.out.owed.Store(true)
		return c.settle()
	}
	return nil
}

// settle sends the change of keys that the peer has asked for, unless a write is
// under way: then the next one does. Reading must not wait for writing, or two ends
// of a connection could wait for each other.
func (c *Conn) settle() error {
	if !c.out.mu.TryLock() {
		return nil
	}
	defer c.out.mu.Unlock()
	if !c.out.owed.Swap(false) {
		return nil
	}
	return c.changeKeys(false)
}

// askForKeys asks the peer, once, to change keys that it has used often.
func (c *Conn) askForKeys() error {
	if c.in.asked || !c.out.mu.TryLock() {
		return nil
	}
	defer c.out.mu.Unlock()
	c.in.asked = true
	return c.changeKeys(true)
}

// fail tells the peer why reading ends, if it can be told at once.
func (c *Conn) fail(err error) {
	w := &c.out
	if !w.mu.TryLock() {
		return
	}
	defer w.mu.Unlock()
	alert := byte(alertUnexpectedMessage)
	if err == ErrAuthentication {
		alert = alertBadRecordMAC
	}
	c.lastWords(alertFatal, alert)
	w.err = err
}

// lastWords sends an alert to a peer that may be gone or not be reading. The
// caller holds the lock.
func (c *Conn) lastWords(level, description byte) {
	giveUp := time.AfterFunc(closeTimeout, func() { c.raw.Close() })
	defer giveUp.Stop()
	_ = c.writeRecord(typeAlert, []byte{level, description})
}
