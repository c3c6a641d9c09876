package fetch

import "github.com/warren-p2p/warren/swarm/internal/piece"

// work is a piece in progress and who works on it.
type work struct {
	*piece.Piece
	workers []*Peer // guarded by Fetcher.mu
}
