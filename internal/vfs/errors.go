package vfs

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"github.com/warren-p2p/warren/internal/vfs/sys"
)

var (
	// ErrNoSpace reports that a volume is full. Errors that stand for ENOSPC or
	// EDQUOT match it with errors.Is.
	ErrNoSpace = errors.New("no space left on the volume")
	// ErrReadOnly reports that a volume takes no writes (EROFS). What matches it
	// matches fs.ErrPermission too.
	ErrReadOnly = fmt.Errorf("read-only volume: %w", fs.ErrPermission)
	// ErrNotDir reports that a directory was meant, and something else is there (ENOTDIR).
	ErrNotDir = errors.New("not a directory")
	// ErrLocked reports that another holder has the lock.
	ErrLocked = sys.ErrLocked
)

// kindError is an error of the system that also matches one of the above. Its
// text stays the system's: operation, name, reason.
type kindError struct{ kind, err error }

func (e *kindError) Error() string   { return e.err.Error() }
func (e *kindError) Unwrap() []error { return []error{e.kind, e.err} }

// Classify makes an error of the system match the sentinels of this package; its
// text stays. Implementations of FS and fault injection need it.
func Classify(err error) error {
	switch {
	case err == nil:
		return nil
	case sys.IsNoSpace(err):
		return &kindError{ErrNoSpace, err}
	case errors.Is(err, syscall.ENOTDIR):
		return &kindError{ErrNotDir, err}
	case sys.IsReadOnly(err):
		return &kindError{ErrReadOnly, err}
	}
	return err
}

func pathError(op, name string, err error) error {
	return &fs.PathError{Op: op, Path: name, Err: err}
}
