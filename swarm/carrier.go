package swarm

import "github.com/warren-p2p/warren/internal/transport"

// Carrier says what connections with peers run over.
type Carrier = transport.Carrier

// The carriers. With both, TCP is tried first, and uTP (BEP 29) a moment later;
// the first that connects is taken.
const (
	TCPAndUTP = transport.TCPAndUTP
	TCPOnly   = transport.TCPOnly
	UTPOnly   = transport.UTPOnly
)
