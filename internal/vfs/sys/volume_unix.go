//go:build unix

package sys

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// NoWait is a flag of opening: whoever is at the other end of a pipe is not waited
// for.
const NoWait = unix.O_NONBLOCK

// Space returns the bytes an ordinary user may still write to the volume that holds
// the open directory f, and how many it has.
func Space(f *os.File) (free, total int64, err error) {
	var st unix.Statfs_t
	for {
		err := unix.Fstatfs(int(f.Fd()), &st)
		if err == nil {
			return int64(st.Bavail) * int64(st.Bsize), int64(st.Blocks) * int64(st.Bsize), nil
		}
		if !errors.Is(err, unix.EINTR) {
			return 0, 0, &os.PathError{Op: "statfs", Path: f.Name(), Err: err}
		}
	}
}

// Lock takes an exclusive lock on f without waiting; closing f gives it back.
func Lock(f *os.File) error {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return ErrLocked
	}
	return err
}

// SyncDir makes the names in the open directory f durable.
func SyncDir(f *os.File) error { return f.Sync() }

// IsNoSpace reports whether err says that a volume or a quota is full.
func IsNoSpace(err error) bool {
	return errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT)
}

// IsLeased reports whether err says that a file cannot be opened without waiting: a
// server of files has it for a client (F_SETLEASE of fcntl(2)).
func IsLeased(err error) bool { return errors.Is(err, unix.EAGAIN) }

// IsReadOnly reports whether err says that a volume is mounted read-only.
func IsReadOnly(err error) bool { return errors.Is(err, unix.EROFS) }
