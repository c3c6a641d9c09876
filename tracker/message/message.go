// Package message is what clients and trackers say to each other, as bytes: the
// URLs and dictionaries of HTTP trackers and the datagrams of UDP trackers.
//
// Nothing here does I/O. Whatever a tracker answers, what is kept of it is
// bounded, and what cannot be an answer is an error that matches [ErrMalformed].
//
// Supported: BEP 3 (announce), 7 (peers6), 15 (UDP), 23 (compact peers), 24
// (external ip), 31 (retry in), 41 (URL in UDP announces), 48 (scrape). What is
// said of BitTorrent over TLS is in no BEP yet: see [TLS].
package message

import (
	"errors"
	"fmt"
	"net/netip"
	"time"
)

// Bounds on what is kept of an answer.
const (
	MaxPeers = 300 // addresses; whoever sends a million means no good
	maxText  = 200 // bytes of what a tracker tells people
)

// ErrMalformed is returned for an answer that is none.
var ErrMalformed = errors.New("malformed answer of a tracker")

// Event is why a client announces itself. Its numbers are those of BEP 15, which
// has none for Paused.
type Event uint8

// The events.
const (
	None      Event = iota // the interval has passed
	Completed              // the last byte has come
	Started                // the first announce
	Stopped                // the last one
	Paused                 // any but the last of one that lacks some and wants nothing (BEP 21)
)

// String returns the event as HTTP trackers know it; "" for None.
func (e Event) String() string {
	if e > Paused {
		return ""
	}
	return [...]string{"", "completed", "started", "stopped", "paused"}[e]
}

// number returns the event as UDP trackers know it (BEP 15).
func (e Event) number() uint32 {
	if e == Paused {
		e = None
	}
	return uint32(e)
}

// Request is an announce.
type Request struct {
	InfoHash   [20]byte // of version 1, or of version 2 cut to 20 bytes (BEP 52)
	PeerID     [20]byte
	Port       uint16 // others reach us at
	Uploaded   int64  // bytes since Started
	Downloaded int64
	Left       int64 // bytes that are missing
	Event      Event
	Key        uint32 // tells a tracker that it is us, when our address changes
	NumWant    int    // addresses wanted
	TrackerID  string // as the tracker said before; HTTP only
	TLS        TLS    // what we say of BitTorrent over TLS; HTTP only
}

// Response is the answer to a Request.
type Response struct {
	Interval    time.Duration // until the next announce; 0 if not told
	MinInterval time.Duration // before which not to ask again; 0 if not told
	Seeders     int           // peers that have everything; -1 if not told
	Leechers    int           // the others; -1 if not told
	Peers       []netip.AddrPort
	// TLS has those of Peers that accept BitTorrent over TLS, with the pin of each
	// or the zero Pin; nil if the tracker told nothing of that.
	TLS       map[netip.AddrPort]Pin
	External  netip.Addr // how the tracker sees us (BEP 24); invalid if not told
	TrackerID string
	Warning   string
	// Sights are whom the tracker has seen us as, one of each family it was asked
	// over. They are noted by whoever asks.
	Sights []Sight
}

// Sight is an address of ours, and that of who sees us there.
type Sight struct{ By, Us netip.Addr }

// Totals is what a tracker says about a torrent when it is scraped (BEP 48).
type Totals struct {
	Seeders   int
	Completed int // downloads ever
	Leechers  int
}

// Failure is an error that a tracker tells.
type Failure struct {
	Reason  string        // as the tracker words it
	RetryIn time.Duration // when to ask again (BEP 31); 0 if not told
	Never   bool          // not to ask again (BEP 31)
}

func (f *Failure) Error() string { return fmt.Sprintf("the tracker refuses: %q", f.Reason) }

// malformed says what is wrong with an answer.
func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrMalformed, fmt.Sprintf(format, args...))
}

// seconds bounds a number of seconds that somebody else has chosen.
func seconds(n int64) time.Duration {
	const most = 365 * 24 * 3600
	return time.Duration(min(max(n, 0), most)) * time.Second
}

// count bounds a number of peers that somebody else has chosen.
func count(n int64) int { return int(min(max(n, 0), 1<<31-1)) }

// cut bounds a text.
func cut(b []byte) string { return string(b[:min(len(b), maxText)]) }

// keep adds an address if it can be one and there is room.
func keep(list []netip.AddrPort, ip netip.Addr, port uint16, tls *flags) []netip.AddrPort {
	ip = ip.Unmap()
	peer := netip.AddrPortFrom(ip, port)
	use := len(list) < MaxPeers && port != 0 && ip.IsValid() && !ip.IsUnspecified() && !ip.IsMulticast() && ip.Zone() == ""
	tls.next(peer, use)
	if !use {
		return list
	}
	return append(list, peer)
}

// compact reads addresses of size bytes, the port behind each (BEP 23, 7).
func compact(list []netip.AddrPort, b []byte, size int, tls *flags) ([]netip.AddrPort, error) {
	if len(b)%(size+2) != 0 {
		return list, malformed("%d bytes of peers, of %d each", len(b), size+2)
	}
	for ; len(b) > 0 && len(list) < MaxPeers; b = b[size+2:] {
		ip, _ := netip.AddrFromSlice(b[:size]) // 4 or 16 bytes
		list = keep(list, ip, uint16(b[size])<<8|uint16(b[size+1]), tls)
	}
	return list, nil
}
