// Package krpc reads and writes the messages of the mainline DHT: queries,
// replies and errors (BEP 5), for both families of addresses (BEP 32), with the
// address the other end sees (BEP 42) and the mark of nodes that do not answer
// (BEP 43).
//
// [Parse] takes what any stranger may send. What it returns is bounded and whole:
// ids are 20 bytes long, addresses are of one family and have a port, a query
// has the arguments its method needs. What a message may have and this node has
// no use for is left out, so that a message that is parsed and encoded again is
// clean.
package krpc

import (
	"errors"
	"fmt"
	"net/netip"
)

// Bounds of a message.
const (
	MaxSize   = 2048 // bytes of a packet; what is sent fits into 1500
	maxT      = 32   // bytes of a transaction id; two to eight are usual
	maxMethod = 32   // bytes of a method's name
	maxToken  = 128  // bytes of a token
	maxNodes  = 16   // contacts of one family that are kept; eight are usual
	maxValues = 100  // peers that are kept
)

// The methods of BEP 5.
const (
	Ping         = "ping"
	FindNode     = "find_node"
	GetPeers     = "get_peers"
	AnnouncePeer = "announce_peer"
)

// Kind is what a message is.
type Kind byte

// The kinds, as key y has them.
const (
	Query Kind = 'q'
	Reply Kind = 'r'
	Error Kind = 'e'
)

// Codes of errors (BEP 5).
const (
	CodeServer   = 202
	CodeProtocol = 203
	CodeMethod   = 204
)

// ID is the id of a node, or an info-hash.
type ID [20]byte

// Contact is a node and where it is.
type Contact struct {
	ID   ID
	Addr netip.AddrPort
}

// Message is a message. Fields that its kind does not have are zero.
type Message struct {
	Kind Kind
	T    string // names the transaction
	From ID     // the sender; errors have none

	// Of a query.
	Method    string
	Target    ID // info_hash of get_peers and announce_peer, target of others
	HasTarget bool
	Want4     bool // asks for nodes of IPv4; by default those of the packet's family
	Want6     bool
	Port      uint16 // of announce_peer
	Implied   bool   // the port is that of the packet
	ReadOnly  bool   // the sender answers no queries

	Token string // of announce_peer, and of replies to get_peers

	// Of a reply.
	Nodes  []Contact        // of both families
	Values []netip.AddrPort // peers; nil if none are known
	You    netip.AddrPort   // as whom the sender sees us (BEP 42), if it says so

	Code int64 // of an error
}

// The reasons a packet is refused, found with errors.Is.
var (
	ErrSize   = errors.New("too long")
	ErrLength = errors.New("has another length")
	ErrType   = errors.New("is missing or of another type")
	ErrValue  = errors.New("has a value that cannot be")
)

// FieldError says what of a message is wrong.
type FieldError struct {
	Field  string
	Reason error
}

func (e *FieldError) Error() string { return fmt.Sprintf("krpc: %s %v", e.Field, e.Reason) }

// Unwrap returns the reason.
func (e *FieldError) Unwrap() error { return e.Reason }

// Closer compares the distances of two ids to a target: negative if a is closer.
func Closer(target, a, b ID) int {
	for i := range target {
		if x, y := a[i]^target[i], b[i]^target[i]; x != y {
			return int(x) - int(y)
		}
	}
	return 0
}
