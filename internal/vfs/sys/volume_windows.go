package sys

import (
	"errors"
	"math"
	"os"

	"golang.org/x/sys/windows"
)

// NoWait is a flag of opening that has no use here.
const NoWait = 0

// Space returns the bytes an ordinary user may still write to the volume that holds
// the open directory f, and how many it has.
func Space(f *os.File) (free, total int64, err error) {
	name, err := windows.UTF16PtrFromString(f.Name())
	if err != nil {
		return 0, 0, &os.PathError{Op: "free space", Path: f.Name(), Err: err}
	}
	var left, all uint64
	if err := windows.GetDiskFreeSpaceEx(name, &left, &all, nil); err != nil {
		return 0, 0, &os.PathError{Op: "free space", Path: f.Name(), Err: err}
	}
	return int64(min(left, math.MaxInt64)), int64(min(all, math.MaxInt64)), nil
}

// Lock takes an exclusive lock on f without waiting; closing f gives it back.
func Lock(f *os.File) error {
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	err := windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, new(windows.Overlapped))
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return ErrLocked
	}
	return err
}

// SyncDir does nothing: NTFS journals names and refuses to flush a directory.
func SyncDir(*os.File) error { return nil }

// IsNoSpace reports whether err says that a volume or a quota is full.
func IsNoSpace(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) ||
		errors.Is(err, windows.ERROR_HANDLE_DISK_FULL) ||
		errors.Is(err, windows.ERROR_DISK_QUOTA_EXCEEDED)
}

// IsLeased reports what there is not here: a file that cannot be opened without
// waiting.
func IsLeased(error) bool { return false }

// IsReadOnly reports whether err says that a volume is write-protected.
func IsReadOnly(err error) bool { return errors.Is(err, windows.ERROR_WRITE_PROTECT) }
