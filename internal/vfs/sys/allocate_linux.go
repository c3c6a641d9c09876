package sys

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// Allocate reserves size bytes for f and extends it to that size. File
// systems that cannot reserve extend it only. It never shrinks f.
func Allocate(f *os.File, size int64) error {
	if size == 0 {
		return nil
	}
	for {
		err := unix.Fallocate(int(f.Fd()), 0, 0, size)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, unix.EINTR):
			continue
		case errors.Is(err, unix.EOPNOTSUPP), errors.Is(err, unix.ENOSYS):
			return extend(f, size)
		}
		return &os.PathError{Op: "fallocate", Path: f.Name(), Err: err}
	}
}
