package swarm

import (
	"github.com/warren-p2p/warren/swarm/internal/content"
	"github.com/warren-p2p/warren/swarm/internal/dossier"
	"github.com/warren-p2p/warren/swarm/internal/picker"
	"github.com/warren-p2p/warren/swarm/internal/torrent"
)

// FileInfo is how a file of a torrent stands.
type FileInfo = content.File

// PieceInfo is how a piece stands, and how many of the connected peers have it.
type PieceInfo = picker.Status

// The states of a piece.
const (
	PieceMissing    = picker.Missing
	PieceInProgress = picker.InProgress
	PieceWriting    = picker.Writing
	PieceVerified   = picker.Verified
)

// Awake reports whether the torrent runs; one that sleeps does not change.
func (t *Torrent) Awake() bool { return t.life.Peek(func(*torrent.Torrent) {}) }

// Moves reports whether anything may change that nobody has asked for: not so with a
// torrent that sleeps, or that was stopped or has failed, but that its rates still fall.
func (t *Torrent) Moves() (moves bool) {
	t.life.Peek(func(run *torrent.Torrent) { moves = !run.Still() })
	return moves
}

// Files returns how the files stand, in the order of metainfo.Info.Files. A torrent
// that sleeps is woken. The error may be [ErrUnknown].
func (t *Torrent) Files() (list []FileInfo, err error) {
	err = t.life.Use(func(run *torrent.Torrent) error {
		if !run.Known() {
			return ErrUnknown
		}
		list = run.Content.Files()
		return nil
	})
	return list, t.failed("list the files of", err)
}

// Pieces returns how the pieces stand; nil while the torrent sleeps, for then all are
// verified, and as long as nothing is known of them.
func (t *Torrent) Pieces() (list []PieceInfo) {
	t.life.Peek(func(run *torrent.Torrent) { list = dossier.Pieces(run) })
	return list
}
