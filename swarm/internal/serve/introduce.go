package serve

import "github.com/warren-p2p/warren/peerwire"

// Introduction returns the message that tells a peer at first which of n pieces
// there are, in as few bytes as it understands: fast is as for [New]. It is empty
// if silence says the same. An empty set may be nil.
func Introduction(have peerwire.Bitfield, n int, fast bool) []byte {
	empty := have.Count() == 0
	switch {
	case fast && have.Full(n):
		return peerwire.AppendHaveAll(nil)
	case fast && empty:
		return peerwire.AppendHaveNone(nil)
	case empty:
		return nil
	}
	return peerwire.AppendBitfield(nil, have)
}
