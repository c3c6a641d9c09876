package layout

import (
	"bytes"
	"errors"
	"io"

	"github.com/warren-p2p/warren/swarm/internal/storage/content"
)

// RemoveBlank deletes the files for which space was reserved and into which nothing was
// written: held says which hold pieces. Others may have put a file under such a name, so
// that all of it is read, up to the first byte that is not zero: space that is only
// reserved is read as fast as memory.
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

// blank reports whether all of a file is zero.
func (l *Layout) blank(i int) (blank bool, err error) {
	h, err := l.Files[i].OpenFile(false)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	const chunk = 256 << 10
	buf, zeros := make([]byte, chunk), make([]byte, chunk)
	for at := int64(0); ; at += chunk {
		n, err := h.ReadAt(buf, at)
		if !bytes.Equal(buf[:n], zeros[:n]) {
			return false, nil
		}
		if errors.Is(err, io.EOF) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
	}
}
