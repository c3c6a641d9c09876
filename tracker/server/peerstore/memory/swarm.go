package memory

import (
	"encoding/binary"
	"net/netip"

	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/server/peerstore"
	"github.com/warren-p2p/warren/tracker/server/peerstore/memory/internal/table"
)

// swarm is what is known of a torrent.
type swarm struct {
	v4, v6    table.Table
	completed uint32
	pins      map[string]message.Pin // by compact peer; nil while there is none
}

func newSwarm() *swarm {
	return &swarm{v4: table.New(peerstore.Size4), v6: table.New(peerstore.Size6)}
}

// pin keeps the pin of a peer.
func (w *swarm) pin(key []byte, pin message.Pin) {
	if w.pins == nil {
		w.pins = make(map[string]message.Pin)
	}
	w.pins[string(key)] = pin
}

func (w *swarm) empty() bool { return w.v4.Len() == 0 && w.v6.Len() == 0 }

func (w *swarm) family(size int) *table.Table {
	if size == peerstore.Size4 {
		return &w.v4
	}
	return &w.v6
}

func (w *swarm) totals(to *peerstore.Totals) {
	all, wants := w.v4.Len()+w.v6.Len(), w.v4.Wants+w.v6.Wants
	partial := w.v4.Partial + w.v6.Partial
	*to = peerstore.Totals{
		Seeders: all - wants - partial, Leechers: wants + partial, Partial: partial,
		Completed: int(w.completed),
	}
}

// compact appends a peer as others are told of it.
func compact(dst []byte, p netip.AddrPort) []byte {
	if ip := p.Addr(); ip.Is4() {
		b := ip.As4()
		dst = append(dst, b[:]...)
	} else {
		b := ip.As16()
		dst = append(dst, b[:]...)
	}
	return binary.BigEndian.AppendUint16(dst, p.Port())
}
