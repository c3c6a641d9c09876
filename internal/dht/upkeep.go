package dht

import (
	"context"
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/internal/dht/engine"
	"github.com/warren-p2p/warren/internal/dht/krpc"
)

// tick does what is due now and then. One goroutine calls it.
func (h *half) tick() {
	e := h.current()
	if e == nil {
		return
	}
	h.join(e)
	h.look(e)
	h.mu.Lock()
	self, ok := h.gate.Self()
	h.mu.Unlock()
	if !ok || self == h.self {
		return
	}
	h.n.cfg.Log.Info("others see this DHT node under another address than before")
	if err := h.rebind(self); err != nil {
		h.n.cfg.Log.Warn("the DHT stops", "err", err)
	}
}

// few is how many nodes are too few to rely on the upkeep of the engine, which
// looks once a minute; eager is for how long.
const (
	few   = 8
	eager = time.Minute
)

// join looks for other nodes while none is known, and in the beginning while few
// are.
func (h *half) join(e *engine.Engine) {
	start := e.Contacts()
	switch {
	case len(start) == 0:
		start = h.starts.get()
	case len(start) >= few || h.n.cfg.Clock.Now().Sub(h.began) >= eager:
		return
	}
	if len(start) > 0 {
		ctx, cancel := context.WithTimeout(h.n.ctx, maxDuration)
		defer cancel()
		e.Join(ctx, start)
	}
}

// rebind gives the node an id that is bound to its address (BEP 42), unless the
// one it has is. The engine has one id all its life, so it is replaced.
func (h *half) rebind(self netip.Addr) error {
	h.mu.Lock()
	h.self = self
	e := h.engine
	h.mu.Unlock()
	if e == nil || engine.Bound(e.ID(), self) {
		return nil
	}
	h.starts.set(e.Contacts())
	h.stop()
	return h.start(krpc.ID{})
}

// stop ends the engine, if there is one.
func (h *half) stop() {
	h.mu.Lock()
	e := h.engine
	h.engine, h.shut = nil, true
	h.mu.Unlock()
	if e != nil {
		e.Close(h.flush())
	}
}

// flush returns what ends the queries under way.
func (h *half) flush() []engine.Packet {
	h.mu.Lock()
	defer h.mu.Unlock()
	data, from := h.gate.Flush()
	list := make([]engine.Packet, len(data))
	for i := range data {
		list[i] = engine.Packet{Data: data[i], From: from[i]}
	}
	return list
}

// close ends the half; the node's context is done.
func (h *half) close() error {
	h.stop()
	err := h.conn.Close()
	h.wg.Wait()
	return err
}
