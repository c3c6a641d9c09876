package content

import (
	"errors"
	"io"
	"io/fs"

	"github.com/warren-p2p/warren/internal/vfs"
)

var (
	// ErrReadOnly reports that the place takes no writes: a read-only volume,
	// or no permission.
	ErrReadOnly = errors.New("the target cannot be written to")
	// ErrDevice reports that the volume failed (EIO and its like).
	ErrDevice = errors.New("the volume failed")
	// ErrExists reports that something else lies under a name we need.
	ErrExists = errors.New("something else has this name")
)

// Error is a failed operation on one file. It matches [ErrReadOnly] and
// [ErrDevice] as well as what it wraps, such as [vfs.ErrNoSpace].
type Error struct {
	Op   string // read, write, allocate, sync, close, rename, …
	File string // path below the content folder
	Err  error
}

func (e *Error) Error() string { return e.Op + " " + e.File + ": " + e.Err.Error() }

func (e *Error) Unwrap() error { return e.Err }

// Is sorts the error into a kind.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrReadOnly:
		return e.Op != "read" && errors.Is(e.Err, fs.ErrPermission)
	case ErrDevice:
		for _, known := range []error{
			vfs.ErrNoSpace, fs.ErrPermission, fs.ErrNotExist, fs.ErrExist, fs.ErrInvalid, fs.ErrClosed,
			ErrExists, io.EOF, io.ErrUnexpectedEOF,
		} {
			if errors.Is(e.Err, known) {
				return false
			}
		}
		return true
	}
	return false
}
