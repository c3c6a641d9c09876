package storage

import (
	"errors"
	"fmt"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/swarm/internal/storage/content"
)

// Error is a failed operation on one file. Use errors.Is with
// [vfs.ErrNoSpace], [ErrReadOnly] and [ErrDevice] to tell what to do about it.
type Error = content.Error

var (
	// ErrReadOnly reports a target that takes no writes.
	ErrReadOnly = content.ErrReadOnly
	// ErrDevice reports a volume that fails (EIO and its like).
	ErrDevice = content.ErrDevice
	// ErrExists reports that something else lies under a name we need.
	ErrExists = content.ErrExists
	// ErrClosed reports the use of a closed store.
	ErrClosed = errors.New("the store is closed")
	// ErrRange reports a piece, an offset or a length outside the torrent.
	ErrRange = errors.New("outside the torrent")
)

// SpaceError reports that a volume has too little room. It matches
// [vfs.ErrNoSpace].
type SpaceError struct {
	Need    int64 // bytes still to be stored
	Free    int64 // bytes an ordinary user may write
	Reserve int64 // bytes that must stay free
}

func (e *SpaceError) Error() string {
	return fmt.Sprintf("%.1f MB are needed and %.1f MB are to stay free, but only %.1f MB are free",
		megabytes(e.Need), megabytes(e.Reserve), megabytes(e.Free))
}

// Is matches vfs.ErrNoSpace.
func (e *SpaceError) Is(target error) bool { return target == vfs.ErrNoSpace }

func (e *SpaceError) lacking() bool { return e.Need > 0 && e.Free-e.Need < e.Reserve }

func megabytes(n int64) float64 { return float64(n) / 1e6 }
