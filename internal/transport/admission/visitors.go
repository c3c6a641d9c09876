package admission

import (
	"container/list"
	"net"
	"sync"
)

// Visitors are the connections in the hands of the HTTP server. When there are
// too many the oldest is closed: a peer is among them for one round trip only,
// whoever stays long is a visitor that holds a connection open.
type Visitors struct {
	most int

	mu     sync.Mutex
	order  *list.List
	at     map[net.Conn]*list.Element
	closed bool
	gone   sync.Cond
}

// NewVisitors returns a set that keeps so many at most.
func NewVisitors(most int) *Visitors {
	v := &Visitors{most: most, order: list.New(), at: map[net.Conn]*list.Element{}}
	v.gone.L = &v.mu
	return v
}

// Add takes a connection in. It reports false if the port is closing.
func (v *Visitors) Add(c net.Conn) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed {
		return false
	}
	if v.order.Len() >= v.most {
		oldest := v.order.Front()
		v.drop(oldest)
		HangUp(oldest.Value.(net.Conn))
	}
	v.at[c] = v.order.PushBack(c)
	return true
}

// Remove forgets a connection that ended or turned out to be a peer.
func (v *Visitors) Remove(c net.Conn) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if e := v.at[c]; e != nil {
		v.drop(e)
	}
}

func (v *Visitors) drop(e *list.Element) {
	v.order.Remove(e)
	delete(v.at, e.Value.(net.Conn))
	v.gone.Broadcast()
}

// Count returns how many there are.
func (v *Visitors) Count() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.order.Len()
}

// Close refuses new ones, hangs up on the others and waits until the HTTP
// server has noticed.
func (v *Visitors) Close() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.closed = true
	for c := range v.at {
		HangUp(c)
	}
	for v.order.Len() > 0 {
		v.gone.Wait()
	}
}

// HangUp closes the socket below TLS: closing TLS could wait for the other
// side to read an alert.
func HangUp(c net.Conn) {
	if t, ok := c.(interface{ NetConn() net.Conn }); ok {
		c = t.NetConn()
	}
	c.Close()
}
