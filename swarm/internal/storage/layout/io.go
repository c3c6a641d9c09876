package layout

import (
	"errors"
	"io"
	"io/fs"

	"github.com/warren-p2p/warren/metainfo/piecespace"
	"github.com/warren-p2p/warren/swarm/internal/storage/content"
)

// place is where a span lies.
func (l *Layout) place(piece int, sp piecespace.Span) (*content.File, int64) {
	f := &l.Files[sp.File]
	if f.Entry.InParts {
		return l.Parts, int64(piece)*l.info.PieceLength + int64(sp.PieceOff)
	}
	return f.File, sp.FileOff
}

// Write stores the bytes of a piece, one write for each file it touches.
func (l *Layout) Write(piece int, data []byte) error {
	var room [4]piecespace.Span
	for _, sp := range l.info.AppendSpans(room[:0], piece) {
		if l.info.Files[sp.File].Pad || sp.PieceOff >= len(data) {
			continue
		}
		f, off := l.place(piece, sp)
		if err := f.WriteAt(data[sp.PieceOff:sp.PieceOff+sp.Len], off); err != nil {
			return err
		}
	}
	return nil
}

// ReadVec fills the buffers, size bytes together, with those of a piece from
// begin on; padding reads as zeros.
func (l *Layout) ReadVec(piece, begin, size int, bufs [][]byte) error {
	var room [4]piecespace.Span
	end := begin + size
	for _, sp := range l.info.AppendSpans(room[:0], piece) {
		from, to := max(begin, sp.PieceOff), min(end, sp.PieceOff+sp.Len)
		if from >= to {
			continue
		}
		vec := bufs
		if to-from < size {
			vec, bufs = split(bufs, to-from)
		}
		if l.info.Files[sp.File].Pad {
			for _, b := range vec {
				clear(b)
			}
			continue
		}
		f, off := l.place(piece, sp)
		if err := f.ReadVec(vec, off+int64(from-sp.PieceOff)); err != nil {
			return err
		}
	}
	return nil
}

// split cuts the first n bytes off a list of buffers, which it leaves as it
// is.
func split(bufs [][]byte, n int) (head, tail [][]byte) {
	for i, b := range bufs {
		if n < len(b) {
			head = append(head, b[:n:n])
			tail = append([][]byte{b[n:]}, bufs[i+1:]...)
			return head, tail
		}
		head = append(head, b)
		if n -= len(b); n == 0 {
			return head, bufs[i+1:]
		}
	}
	return head, nil
}

// MarkDirty makes the next Sync sync the files of a piece although nothing was
// written to them.
func (l *Layout) MarkDirty(piece int) {
	var room [4]piecespace.Span
	for _, sp := range l.info.AppendSpans(room[:0], piece) {
		if f, _ := l.place(piece, sp); f != nil {
			f.MarkDirty()
		}
	}
}

// Sync makes what was written durable, but for names. It returns the files for
// which that failed: what was written to them since the last Sync is lost.
func (l *Layout) Sync() (failed []*content.File, err error) {
	sync := func(f *content.File) {
		if e := f.Sync(); e != nil {
			failed = append(failed, f)
			err = errors.Join(err, e)
		}
	}
	for i := range l.Files {
		if l.Files[i].File != nil {
			sync(l.Files[i].File)
		}
	}
	sync(l.Parts)
	return failed, err
}

// FromParts copies the bytes of a file that belong to the pieces that are there
// out of the parts file, makes them durable, and lets the file have them from
// now on. What may be there is copied if it is.
func (l *Layout) FromParts(file int, has, may func(piece int) bool) error {
	f := &l.Files[file]
	first, end := l.info.FilePieces(file)
	for p := first; p < end; p++ {
		if !has(p) && !may(p) {
			continue
		}
		err := l.pieceFromParts(file, p)
		absent := errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, fs.ErrNotExist)
		if err != nil && (has(p) || !absent) {
			return err
		}
	}
	if err := errors.Join(f.Sync(), l.Tree.SyncNames()); err != nil {
		return err
	}
	f.Entry.InParts = false
	return nil
}

func (l *Layout) pieceFromParts(file, piece int) error {
	for _, sp := range l.info.AppendSpans(nil, piece) {
		if sp.File != file {
			continue
		}
		buf := make([]byte, sp.Len)
		parts, off := l.place(piece, sp)
		if err := parts.ReadVec([][]byte{buf}, off); err != nil {
			return err
		}
		if err := l.Files[file].WriteAt(buf, sp.FileOff); err != nil {
			return err
		}
	}
	return nil
}

// DropParts removes the parts file if nothing is kept in it any more.
func (l *Layout) DropParts() error {
	for i := range l.Files {
		if l.Files[i].Entry.InParts {
			return nil
		}
	}
	return l.Parts.Remove(true)
}
