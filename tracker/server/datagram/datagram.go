// Package datagram answers the datagrams of BEP 15 and 41, one by one, and does no
// I/O: what came in, from where and when is given, what goes out is returned.
//
// Nothing is kept of who has asked for a connection id. It is a keyed hash of the
// address and of which two minutes these are, and is good in these and the next
// ones; so a flood of connects takes no memory, and trackers that have the same key
// know each other's ids.
//
// Who has not shown an id of its own gets no more bytes than it has sent, and most
// of what cannot be a request gets none: addresses in datagrams are easily forged.
package datagram

import (
	"context"
	"encoding/binary"
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/server"
	"github.com/warren-p2p/warren/tracker/server/peerstore"
	"github.com/warren-p2p/warren/tracker/server/request"
)

// Window is for how long one connection id is given; it is taken for another one.
const Window = 2 * time.Minute

// MaxSize is how large an answer is at most: it fits into a packet everywhere.
const MaxSize = 1400

// Sizes of answers, in bytes.
const (
	sizeHead     = 8
	sizeAnnounce = 20
	maxReason    = 200
)

// Answers answers datagrams. It is used by one goroutine; there may be several of
// one tracker.
type Answers struct {
	tracker *server.Tracker
	key     [16]byte
	q       request.Query
	reply   server.Reply
	caller  server.Caller
	hashes  [][20]byte
	totals  []peerstore.Totals
}

// New returns what answers for a tracker. Whoever knows the key can announce under
// addresses that are not his.
func New(t *server.Tracker, key [16]byte) *Answers {
	return &Answers{tracker: t, key: key, caller: server.Caller{Over: server.UDP}}
}

// connection returns the connection id of an address in a window.
func (a *Answers) connection(from netip.Addr, window uint64) uint64 {
	b := from.As16()
	return siphash(a.key, binary.LittleEndian.Uint64(b[:]), binary.LittleEndian.Uint64(b[8:]), window)
}

func windowOf(now time.Time) uint64 { return uint64(now.Unix()) / uint64(Window/time.Second) }

// Answer appends the answer to a datagram to dst; nothing if there is none to give.
func (a *Answers) Answer(ctx context.Context, b []byte, from netip.Addr, now time.Time, dst []byte) []byte {
	h, err := request.Begin(b)
	if err != nil {
		a.tracker.Ignored()
		return dst
	}
	window := windowOf(now)
	if h.Action == request.ActionConnect {
		a.tracker.Connected()
		return binary.BigEndian.AppendUint64(head(dst, request.ActionConnect, h.Transaction), a.connection(from, window))
	}
	if h.Connection != a.connection(from, window) && h.Connection != a.connection(from, window-1) {
		a.tracker.Ignored()
		// Shorter than any announce or scrape, and clients ask for a new one at once.
		return append(head(dst, request.ActionError, h.Transaction), "connection id"...)
	}
	a.caller.Addr, a.caller.Now = from, now
	if h.Action == request.ActionScrape {
		return a.scrape(ctx, b, h, dst)
	}
	return a.announce(ctx, b, h, dst)
}

func (a *Answers) announce(ctx context.Context, b []byte, h request.Head, dst []byte) []byte {
	if err := request.AnnounceDatagram(b, &a.q); err != nil {
		return refusal(dst, h, a.tracker.Malformed(err))
	}
	size := peerstore.Size4
	if a.caller.Addr.Is6() {
		size = peerstore.Size6
		if a.q.NumWant > (MaxSize-sizeAnnounce)/size {
			a.q.NumWant = (MaxSize - sizeAnnounce) / size
		}
	}
	if f := a.tracker.Announce(ctx, &a.caller, &a.q, &a.reply); f != nil {
		return refusal(dst, h, f)
	}
	dst = head(dst, request.ActionAnnounce, h.Transaction)
	dst = binary.BigEndian.AppendUint32(dst, uint32(a.reply.Interval/time.Second))
	dst = binary.BigEndian.AppendUint32(dst, uint32(a.reply.Leechers))
	dst = binary.BigEndian.AppendUint32(dst, uint32(a.reply.Seeders))
	room := (MaxSize - sizeAnnounce) / size * size
	return append(dst, a.reply.Peers[:min(len(a.reply.Peers), room)]...)
}

func (a *Answers) scrape(ctx context.Context, b []byte, h request.Head, dst []byte) []byte {
	a.hashes = request.HashesDatagram(b, a.hashes[:0])
	var f *message.Failure
	a.totals, f = a.tracker.Scrape(ctx, &a.caller, "", a.hashes, a.totals[:0])
	if f != nil {
		return refusal(dst, h, f)
	}
	dst = head(dst, request.ActionScrape, h.Transaction)
	for i := range a.totals {
		t := &a.totals[i]
		for _, n := range [...]int{t.Seeders, t.Completed, t.Leechers} {
			dst = binary.BigEndian.AppendUint32(dst, uint32(n))
		}
	}
	return dst
}

// refusal appends why somebody is refused; BEP 31 has no place in a datagram.
func refusal(dst []byte, h request.Head, f *message.Failure) []byte {
	return append(head(dst, request.ActionError, h.Transaction), f.Reason[:min(len(f.Reason), maxReason)]...)
}

func head(dst []byte, action request.Action, transaction uint32) []byte {
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(dst, uint32(action)), transaction)
}
