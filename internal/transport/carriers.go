package transport

import (
	"net"

	"github.com/warren-p2p/warren/internal/transport/carrier"
	"github.com/warren-p2p/warren/internal/transport/opening"
)

// Carrier says what connections run over.
type Carrier = carrier.Choice

// The carriers. With both, TCP has a head start and the first that connects is
// taken.
const (
	TCPAndUTP = carrier.TCPAndUTP
	TCPOnly   = carrier.TCPOnly
	UTPOnly   = carrier.UTPOnly
)

// Conn is a connection in clear, some bytes of which may have been looked at.
type Conn = opening.Conn

// Opener opens connections to peers.
type Opener = carrier.Opener

// Over tells what a connection runs over: "tcp" or "utp".
func Over(c net.Conn) string { return carrier.Over(c) }

// Opener returns what dials over the carriers of the port.
func (p *Port) Opener() Opener { return p.ports.Opener() }

// Addr returns the address the port listens on, as one of TCP.
func (p *Port) Addr() net.Addr { return p.ports.Addr() }

// Others returns the part of the UDP port that belongs to the DHT (BEP 5), of one
// family of addresses; nil if there is no uTP.
func (p *Port) Others(v6 bool) net.PacketConn { return p.ports.Others(v6) }
