package transport

import (
	"container/list"
	"net"
	"sync"
)

// visitors are the connections in the hands of the HTTP server. When there are
// too many the oldest is closed: a peer is among them for one round trip only,
// whoever stays long is a visitor that holds a connection open.
type visitors struct {
	most int

	mu     sync.Mutex
	order  *list.List
	at     map[net.Conn]*list.Element
	closed bool
	gone   sync.Cond
}

func newVisitors(most int) *visitors {
	v := &visitors{most: most, order: list.New(), at: map[net.Conn]*list.Element{}}
	v.gone.L = &v.mu
	return v
}

// add reports false if the port is closing.
func (v *visitors) add(c net.Conn) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed {
		return false
	}
	if v.order.Len() >= v.most {
		oldest := v.order.Front()
		v.drop(oldest)
		hangUp(oldest.Value.(net.Conn))
	}
	v.at[c] = v.order.PushBack(c)
	return true
}

func (v *visitors) remove(c net.Conn) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if e := v.at[c]; e != nil {
		v.drop(e)
	}
}

func (v *visitors) drop(e *list.Element) {
	v.order.Remove(e)
	delete(v.at, e.Value.(net.Conn))
	v.gone.Broadcast()
}

// count returns how many there are.
func (v *visitors) count() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.order.Len()
}

// close refuses new ones, hangs up on the others and waits until the HTTP
// server has noticed.
func (v *visitors) close() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.closed = true
	for c := range v.at {
		hangUp(c)
	}
	for v.order.Len() > 0 {
		v.gone.Wait()
	}
}

// hangUp closes the socket below TLS: closing TLS could wait for the other
// side to read an alert.
func hangUp(c net.Conn) {
	if t, ok := c.(interface{ NetConn() net.Conn }); ok {
		c = t.NetConn()
	}
	c.Close()
}
