package main

import (
	"context"
	"errors"
	"strconv"

	"github.com/warren-p2p/warren/bench/internal/announces"
	"github.com/warren-p2p/warren/bench/internal/crowd"
	"github.com/warren-p2p/warren/bench/internal/handshake"
	"github.com/warren-p2p/warren/bench/internal/household"
	"github.com/warren-p2p/warren/bench/internal/process"
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

// residents are how many torrents a node has.
func residents() []int { return []int{1000, 10_000} }

func (b *bench) nodePart(ctx context.Context) error {
	dir := b.space.Join(crowd.Dir)
	for _, n := range residents() {
		if err := crowd.Make(b.space, crowd.Dir, crowd.Spec{Torrents: n, Pieces: crowdPieces, PieceLength: pieceLength}); err != nil {
			return err
		}
		b.log("filling a node with %d torrents", n)
		fill := process.Command{Args: []string{b.self, roleFill, dir, strconv.Itoa(n)}}
		if _, err := process.Run(ctx, fill, b.proc); err != nil {
			return err
		}
		r := household.Runner{Warren: b.warren, Dir: dir, Proc: b.proc, Settle: b.settle, Log: b.log}
		g, err := r.Group(ctx, n, b.reps)
		if err != nil {
			return err
		}
		g.Bytes, g.PieceLength = crowdPieces*pieceLength, pieceLength
		if err := errors.Join(b.keep(g), b.space.Clear(crowd.Dir)); err != nil {
			return err
		}
	}
	return nil
}

// handshakes is how many of each kind a repetition makes; findable is among how many
// torrents one is found.
const (
	handshakes = 500
	findable   = 100_000
)

func (b *bench) handshakePart(ctx context.Context) error {
	return b.kept(handshake.Group(ctx, handshake.Spec{Torrents: findable, Handshakes: handshakes}, b.reps, b.log))
}

func (b *bench) idlePart(ctx context.Context) error {
	return b.kept(b.crowdRunner().Idle(ctx, crowd.Spec{Pieces: crowdPieces, PieceLength: pieceLength}, idlePeers, b.reps))
}

func (b *bench) trackerPart(ctx context.Context) error {
	r := &announces.Runner{
		Space: b.space, Proc: b.proc, Self: []string{b.self, roleAnnounce}, Warren: b.warren, Chihaya: b.chihaya,
		Timeout: 4 * b.timeout, Log: b.log,
	}
	return b.kept(r.Group(ctx, b.reps))
}
