package layout

import (
	"errors"
	"io"

	"github.com/warren-p2p/warren/swarm/internal/storage/content"
)

// look is how much is read of each end of a piece to find out whether it was written.
const look = 4 << 10

// RemoveBlank deletes the files for which space was reserved and into which nothing was
// written: held says which hold pieces. Others may have put a file under such a name, so
// that it is looked at: where pieces begin and end, everything is zero.
func (l *Layout) RemoveBlank(held func(file int) bool) (err error) {
	for i := range l.Files {
		f := &l.Files[i]
		if f.File == nil || f.State() != content.Partial || !f.Allocated.Load() || held(i) {
			continue
		}
		blank, failed := l.blank(i)
		if blank && failed == nil {
			failed = f.Remove(false)
		}
		err = errors.Join(err, failed)
	}
	return err
}

func (l *Layout) blank(i int) (blank bool, err error) {
	h, err := l.Files[i].OpenFile(false)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	mf, buf := &l.info.Files[i], make([]byte, look)
	first, end := l.info.FilePieces(i)
	for p := first; p < end; p++ {
		from := max(int64(p)*l.info.PieceLength-mf.Offset, 0)
		to := min(int64(p+1)*l.info.PieceLength-mf.Offset, mf.Length)
		for _, at := range []int64{from, max(to-look, from)} {
			n, err := h.ReadAt(buf, at)
			if err != nil && !errors.Is(err, io.EOF) {
				return false, err
			}
			for _, b := range buf[:n] {
				if b != 0 {
					return false, nil
				}
			}
		}
	}
	return true, nil
}
