package greeting

import (
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/swarm/internal/conns"
)

// Allows reports whether a policy lets a connection of this kind be.
func Allows(p conns.Policy, k transport.Kind) bool {
	switch p {
	case conns.Require:
		return k == transport.TLS
	case conns.Off:
		return k != transport.TLS
	default:
		return true
	}
}

// Kinds returns how peers may connect to us.
func Kinds(p conns.Policy) []transport.Kind {
	switch p {
	case conns.Require:
		return []transport.Kind{transport.TLS}
	case conns.Off:
		return []transport.Kind{transport.MSE}
	default:
		return []transport.Kind{transport.TLS, transport.MSE}
	}
}
