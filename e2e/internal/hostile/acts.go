//go:build linux

package hostile

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/peerwire/extension"
)

// claim is what a peer says that has everything and sends it to anybody.
func claim() []byte { return peerwire.AppendUnchoke(peerwire.AppendHaveAll(nil)) }

// wish is what a peer says that wants something.
func wish() []byte { return peerwire.AppendInterested(peerwire.AppendHaveNone(nil)) }

// Lie answers every request with other bytes.
func Lie(w *Wire) {
	for ok := w.Say(claim()); ok; {
		var payload []byte
		if payload, ok = w.Until(peerwire.IDRequest); !ok {
			return
		}
		r, err := peerwire.ParseRequest(payload)
		if err != nil {
			return
		}
		ok = w.Say(block(r))
	}
}

// block is a piece message of zeros.
func block(r peerwire.Request) []byte {
	b := make([]byte, peerwire.PieceHeaderLen+int(r.Length))
	peerwire.PutPieceHeader(b, r.Index, r.Begin, int(r.Length))
	return b
}

// Withhold takes requests and sends nothing.
func Withhold(w *Wire) {
	w.Say(claim())
	w.Listen()
}

// WithholdAndChoke does the same, but chokes every now and then.
func WithholdAndChoke(w *Wire) {
	go func() {
		for w.Say(claim()) {
			time.Sleep(8 * time.Second)
			if !w.Say(peerwire.AppendChoke(nil), peerwire.AppendUnchoke(nil)) {
				return
			}
		}
	}()
	w.Listen()
}

// HangUp resets the connection in the middle of the first block.
func HangUp(w *Wire) {
	w.Say(claim())
	payload, ok := w.Until(peerwire.IDRequest)
	r, err := peerwire.ParseRequest(payload)
	if !ok || err != nil {
		return
	}
	w.Say(block(r)[:8000])
	time.Sleep(100 * time.Millisecond)
	_ = w.Conn.SetLinger(0)
}

// Hush says nothing more.
func Hush(w *Wire) { w.Listen() }

// Garble sends a message of a length that it cannot have.
func Garble(w *Wire) {
	wrong := [][]byte{
		{0, 0, 0, 6, byte(peerwire.IDHave), 0, 0, 0, 0, 0},
		{0, 0, 0, 2, byte(peerwire.IDChoke), 0},
		{0, 0, 0, 14, byte(peerwire.IDRequest), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0},
		{0xff, 0xff, 0xff, 0xff, byte(peerwire.IDPiece)},
		{0x7f, 0xff, 0xff, 0xff, byte(peerwire.IDExtended)},
		{0, 0, 0, 2, byte(peerwire.IDBitfield), 0xff},
	}
	w.Say(peerwire.AppendHaveNone(nil), wrong[rand.IntN(len(wrong))])
	w.Listen()
}

// Inflate sends a bitfield of a gigabyte, as far as it is read.
func Inflate(w *Wire) {
	head := binary.BigEndian.AppendUint32(nil, 1<<30)
	ok := w.Say(append(head, byte(peerwire.IDBitfield)))
	for part := make([]byte, 1<<20); ok; {
		ok = w.Say(part)
	}
}

// Flood asks for the same few blocks as fast as it can and takes the answers.
func Flood(w *Wire) {
	go w.Listen()
	w.Say(wish())
	flood(w)
}

// FloodChoked asks without being unchoked, which a peer is not that wants nothing.
func FloodChoked(w *Wire) {
	go w.Listen()
	w.Say(peerwire.AppendHaveNone(nil))
	flood(w)
}

func flood(w *Wire) {
	var many []byte
	for i := range uint32(1000) {
		many = peerwire.AppendRequest(many, peerwire.Request{Index: i % 4, Length: peerwire.BlockLen})
	}
	for w.Say(many) {
	}
}

// NeverRead asks for much, and does not read it.
func NeverRead(w *Wire) {
	w.Say(wish())
	if _, ok := w.Until(peerwire.IDUnchoke); !ok {
		return
	}
	pieces := uint32(w.Torrent.Info.NumPieces())
	for i := range uint32(1000) {
		if !w.Say(peerwire.AppendRequest(nil, peerwire.Request{Index: i % pieces, Length: peerwire.BlockLen})) {
			return
		}
	}
	// Whether the other end is there shows in a write.
	for w.Say(peerwire.AppendKeepalive(nil)) {
		time.Sleep(200 * time.Millisecond)
	}
}

// Gossip tells of a thousand peers in each of a thousand messages (BEP 11).
func Gossip(w *Wire) {
	go w.Listen()
	hello := extension.Handshake{M: map[string]byte{extension.NamePex: 1}}
	ok := w.Say(peerwire.AppendHaveNone(nil), peerwire.AppendExtended(nil, 0, hello.Append(nil)))
	for ok {
		var p extension.Pex
		for range 1000 {
			p.Added = append(p.Added, extension.PexPeer{Addr: Somewhere()})
		}
		ok = w.Say(peerwire.AppendExtended(nil, 1, p.Append(nil)))
	}
}

// Somewhere is an address of this machine where nobody is.
func Somewhere() netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 1 + byte(rand.IntN(200)), byte(rand.IntN(256)), byte(rand.IntN(256))}), uint16(1+rand.IntN(1000)))
}
