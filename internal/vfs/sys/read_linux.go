package sys

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// maxVec is the longest vector unix.Preadv passes without allocating.
const maxVec = 8

// ReadVec fills bufs in order from off. It returns io.ErrUnexpectedEOF if the
// file is shorter. The caller keeps f open until it returns.
func ReadVec(f *os.File, bufs [][]byte, off int64) (int, error) {
	fd := int(f.Fd())
	total := 0
	for len(bufs) > 0 {
		batch := bufs[:min(len(bufs), maxVec)]
		bufs = bufs[len(batch):]
		want := 0
		for _, b := range batch {
			want += len(b)
		}
		n, err := unix.Preadv(fd, batch, off+int64(total))
		if err != nil && !errors.Is(err, unix.EINTR) {
			return total, &os.PathError{Op: "preadv", Path: f.Name(), Err: err}
		}
		if n < want { // interrupted, or the end: plain reads tell which
			n, err = ReadEach(f, batch, off+int64(total))
			if err != nil {
				return total + n, err
			}
		}
		total += n
	}
	return total, nil
}
