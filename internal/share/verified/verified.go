// Package verified reads a file of a share from the disk, and returns nothing but what
// was shared: each piece is hashed before a byte of it is returned (BEP 52). A file that
// was changed since, that another one has taken the place of, or that is a link to
// something else now, ends with an error.
//
// It holds one block and the hashes of one piece in memory, whatever the size of pieces.
package verified

import (
	"errors"
	"fmt"
	"io"

	"github.com/warren-p2p/warren/internal/merkle"
)

// ErrChanged reports that what lies on the disk is not what was shared.
var ErrChanged = errors.New("the file is not what it was when it was shared")

// Content is what is read.
type Content struct {
	From        io.ReaderAt
	Size        int64 // bytes
	PieceLength int64 // bytes
	Root        merkle.Hash
	Layer       []byte // the piece layer, 32 bytes for each piece; empty for a file of one piece
}

// Reader is a file that is read. It implements [io.ReadSeeker]; one goroutine at a time
// uses it.
type Reader struct {
	c     Content
	at    int64
	piece int64         // whose hashes are in leaves, -1 for none
	leaf  []merkle.Hash // of its blocks
	block int64         // of the file, which is in buf, -1 for none
	buf   []byte
}

// New returns a reader at the beginning of a file.
func New(c Content) *Reader { return &Reader{c: c, piece: -1, block: -1} }

// Probe reports whether the piece at a place is what was shared. The error matches
// ErrChanged, or is that of reading.
func (r *Reader) Probe(at int64) error {
	if at < 0 || at >= r.c.Size {
		return nil
	}
	return r.load(at)
}

// Seek implements [io.Seeker].
func (r *Reader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.c.Size
	}
	if offset < 0 {
		return r.at, errors.New("seek before the beginning of a file")
	}
	r.at = offset
	return offset, nil
}

// Read implements [io.Reader].
func (r *Reader) Read(p []byte) (int, error) {
	if r.at >= r.c.Size {
		return 0, io.EOF
	}
	if len(p) == 0 {
		return 0, nil
	}
	if err := r.load(r.at); err != nil {
		return 0, err
	}
	n := copy(p, r.buf[r.at%merkle.BlockLen:])
	r.at += int64(n)
	return n, nil
}

// load has the block at a place in buf, verified.
func (r *Reader) load(at int64) error {
	piece, block := at/r.c.PieceLength, at/merkle.BlockLen
	if block == r.block {
		return nil
	}
	r.block = -1 // buf is overwritten
	if piece != r.piece {
		if err := r.verify(piece); err != nil {
			return err
		}
	}
	if err := r.read(block); err != nil {
		return err
	}
	// It may have been changed between the two looks at it.
	var one [1]merkle.Hash
	if merkle.AppendLeaves(one[:0], r.buf)[0] != r.leaf[block-piece*(r.c.PieceLength/merkle.BlockLen)] {
		return ErrChanged
	}
	r.block = block
	return nil
}

// verify reads a piece, and keeps the hashes of its blocks if they lead to what was
// shared.
func (r *Reader) verify(piece int64) error {
	r.piece, r.leaf = -1, r.leaf[:0]
	end := min((piece+1)*r.c.PieceLength, r.c.Size)
	for at := piece * r.c.PieceLength; at < end; at += merkle.BlockLen {
		if err := r.read(at / merkle.BlockLen); err != nil {
			return err
		}
		r.leaf = merkle.AppendLeaves(r.leaf, r.buf)
	}
	got, want := merkle.Root(r.leaf, 0), r.c.Root
	if r.c.Size > r.c.PieceLength {
		if int64(len(r.c.Layer)) < (piece+1)*int64(len(want)) {
			return fmt.Errorf("piece %d has no hash", piece)
		}
		copy(want[:], r.c.Layer[piece*int64(len(want)):])
		got = merkle.RootAt(r.leaf, 0, merkle.Layers(r.c.PieceLength/merkle.BlockLen))
	}
	if got != want {
		return ErrChanged
	}
	r.piece = piece
	return nil
}

// read reads a block into buf. One that is not there any more is a change.
func (r *Reader) read(block int64) error {
	at := block * merkle.BlockLen
	if r.buf == nil {
		r.buf = make([]byte, merkle.BlockLen)
	}
	r.buf = r.buf[:min(merkle.BlockLen, r.c.Size-at)]
	n, err := r.c.From.ReadAt(r.buf, at)
	switch {
	case n == len(r.buf):
		return nil
	case errors.Is(err, io.EOF):
		return ErrChanged
	}
	return err
}
