package main

import (
	"context"

	"github.com/warren-p2p/warren/bench/internal/crowd"
	"github.com/warren-p2p/warren/bench/internal/handshake"
)

// What the parts torrents and idle are about: torrents of a GiB, and what of
// them a repetition waits for.
const (
	crowdPieces = 2048
	idlePeers   = 200
)

func (b *bench) crowdRunner() *crowd.Runner {
	return &crowd.Runner{
		Space: b.space, Proc: b.proc, Self: b.self, Python: []string{b.python, b.crowd},
		Roles:  crowd.Roles{Prepare: rolePrepare, Serve: roleServe, Node: roleNode, Peers: rolePeers},
		Settle: b.settle, Timeout: b.timeout, Log: b.log,
	}
}

func (b *bench) torrentsPart(ctx context.Context) error {
	g, err := b.crowdRunner().Group(ctx, crowd.Spec{Torrents: b.torrents, Pieces: crowdPieces, PieceLength: pieceLength}, b.reps)
	if err != nil {
		return err
	}
	if err := b.space.Clear(crowd.Dir); err != nil {
		return err
	}
	return b.keep(g)
}

// handshakes is how many of each kind a repetition makes; findable is among how many
// torrents one is found.
const (
	handshakes = 500
	findable   = 100_000
)

func (b *bench) handshakePart(ctx context.Context) error {
	g, err := handshake.Group(ctx, handshake.Spec{Torrents: findable, Handshakes: handshakes}, b.reps, b.log)
	if err != nil {
		return err
	}
	return b.keep(g)
}

func (b *bench) idlePart(ctx context.Context) error {
	g, err := b.crowdRunner().Idle(ctx, crowd.Spec{Pieces: crowdPieces, PieceLength: pieceLength}, idlePeers, b.reps)
	if err != nil {
		return err
	}
	return b.keep(g)
}
