// Package stream is one end of a uTP connection (BEP 29) without I/O: packets,
// bytes to write and the time go in, packets and bytes to read come out.
//
//	in:  Handle (a packet came), Write, Read, Close, Tick (time has passed)
//	out: Emit until it has nothing, then Deadline says when to Tick
//
// Losses are found as in RACK (RFC 8985): by packets that arrived although they
// were sent later. How much is on its way decides package ledbat. Nothing is
// held back to fill packets (no Nagle).
//
// A Stream belongs to one goroutine at a time.
package stream

import (
	"errors"
	"time"

	"github.com/warren-p2p/warren/internal/transport/utp/buffer"
	"github.com/warren-p2p/warren/internal/transport/utp/inbox"
	"github.com/warren-p2p/warren/internal/transport/utp/ledbat"
	"github.com/warren-p2p/warren/internal/transport/utp/mtu"
	"github.com/warren-p2p/warren/internal/transport/utp/packet"
)

// Why a stream ended.
var (
	ErrRefused = errors.New("utp: connection refused")
	ErrReset   = errors.New("utp: connection reset by peer")
	ErrTimeout = errors.New("utp: peer does not answer")
	ErrClosed  = errors.New("utp: connection closed")
)

// Config is what streams have in common. All fields are required but Probes
// and Budget.
type Config struct {
	Epoch   time.Time      // the zero of timestamps
	Packet  int            // bytes of a datagram, to begin with
	Probes  []int          // larger ones to try, ascending
	Receive int            // most bytes held for the reader
	Flight  int            // most bytes on their way
	Budget  *buffer.Budget // of all streams
}

// DefaultPacket is how long datagrams are before longer ones were tried: 1400
// bytes with the headers of IPv4, 1420 with those of IPv6, which tunnels take.
const DefaultPacket = 1372

type state uint8

const (
	dialing  state = iota // SYN sent
	accepted              // SYN received, and nothing yet that shows that the peer is where it says
	open
	dead
)

// Stream is one end of a connection.
type Stream struct {
	cfg            Config
	recvID, sendID uint16
	state          state
	err            error
	reset          bool // a RESET is due

	// Sending.
	first, una, next uint16 // numbers: the first ever, the oldest on its way, the next
	flight           flight
	pipe             int // payload on its way, as far as known
	unacked          int // payload neither acknowledged nor given up
	unsent           buffer.Chunks
	closing, fin     bool // Close was called; FIN was sent
	window           int  // what the peer has room for
	cc               *ledbat.Control
	loss             loss
	mtu              mtu.Search
	timers           timers

	// Receiving.
	in   *inbox.Inbox
	diff uint32 // how long the last packet took
	held int    // bytes counted in Budget
}

// Dial begins a connection: id is of the packets that we receive, seq the first
// sequence number; both are to be chosen at random.
func Dial(cfg Config, id, seq uint16, now time.Time) *Stream {
	s := newStream(cfg, id, id+1, seq)
	s.state = dialing
	s.window = cfg.Packet
	p := s.flight.push(s.next)
	*p = sent{typ: packet.Syn, lost: true}
	s.loss.queue = append(s.loss.queue, s.next)
	s.next++
	s.timers.arm(s, now)
	return s
}

// Accept answers a SYN; seq is to be chosen at random.
func Accept(cfg Config, syn packet.Header, seq uint16, now time.Time) *Stream {
	s := newStream(cfg, syn.ConnID+1, syn.ConnID, seq)
	s.state = accepted
	s.in.Start(syn.Seq)
	s.in.Hurry()
	s.window = int(syn.Window)
	s.stamp(syn, now)
	return s
}

func newStream(cfg Config, recvID, sendID, seq uint16) *Stream {
	s := &Stream{cfg: cfg, recvID: recvID, sendID: sendID, first: seq, una: seq, next: seq}
	s.cc = ledbat.New(cfg.Packet, cfg.Flight)
	s.loss.top, s.loss.below = seq-1, seq
	s.mtu = mtu.New(cfg.Packet, cfg.Probes)
	s.in = inbox.New(cfg.Receive, cfg.Budget)
	return s
}

// RecvID returns the connection id of packets that are for this stream.
func (s *Stream) RecvID() uint16 { return s.recvID }

// SendID returns the connection id of packets that it sends, but for a SYN.
func (s *Stream) SendID() uint16 { return s.sendID }

// Open reports whether both ends are known to be there.
func (s *Stream) Open() bool { return s.state == open }

// Dead reports whether there is nothing more to do. A last RESET may be due.
func (s *Stream) Dead() bool { return s.state == dead }

// Err returns why the stream died, nil while it lives.
func (s *Stream) Err() error { return s.err }

// Held returns how many bytes it holds: received, unsent, and on their way.
func (s *Stream) Held() int { return s.in.Bytes() + s.unsent.Len() + s.unacked }

// Write takes bytes to be sent and returns how many there was room for.
func (s *Stream) Write(p []byte) int {
	if s.closing || s.state == dead {
		return 0
	}
	most := unsentMost
	if s.cfg.Budget.Over() {
		most = unsentLeast
	}
	n := min(len(p), max(0, most-s.unsent.Len()))
	s.unsent.Write(p[:n])
	s.account()
	return n
}

// Bytes that wait to be sent, besides those on their way; and while memory is
// short.
const (
	unsentMost  = 512 << 10
	unsentLeast = 32 << 10
)

// Writable reports whether Write has room for a good part of what it holds.
func (s *Stream) Writable() bool {
	return s.unsent.Len() <= unsentMost/2 && (s.unsent.Len() < unsentLeast/2 || !s.cfg.Budget.Over())
}

// Read returns bytes that came.
func (s *Stream) Read(p []byte) int {
	n := s.in.Read(p)
	s.account()
	if s.state == open && s.in.Reopened(s.mtu.Size()) {
		s.in.Hurry()
	}
	return n
}

// Readable reports whether Read has something.
func (s *Stream) Readable() bool { return s.in.Readable() }

// EOF reports whether the peer has said all it had to say.
func (s *Stream) EOF() bool { return s.in.EOF() }

// Close sends what is left and then FIN. What still comes is thrown away.
func (s *Stream) Close() {
	s.closing = true
	s.in.Mute()
	s.account()
	if s.state == accepted {
		s.die(ErrClosed, true)
	}
}

// Abort ends the stream at once with a RESET.
func (s *Stream) Abort(err error) { s.die(err, true) }

// Drop ends the stream at once, and the peer is not told.
func (s *Stream) Drop(err error) { s.die(err, false) }

func (s *Stream) die(err error, reset bool) {
	if s.state == dead {
		return
	}
	s.state, s.err, s.reset = dead, err, reset
	s.unsent, s.flight, s.loss = buffer.Chunks{}, flight{}, loss{}
	s.pipe, s.unacked, s.una = 0, 0, s.next
	s.in.Discard()
	s.account()
}

// account keeps the budget of all streams.
func (s *Stream) account() {
	if n := s.Held(); n != s.held {
		s.cfg.Budget.Add(n - s.held)
		s.held = n
	}
}

// Release gives up what is still to be read.
func (s *Stream) Release() {
	s.in.Clear()
	s.account()
}

// AckDue reports whether the peer is to hear at once of what came or was read.
func (s *Stream) AckDue() bool {
	due, _ := s.in.Due()
	return due && s.state == open
}
