// Package sys holds the calls to the operating system that package os does
// not offer: free space, file locks, reserving blocks, scattered reads.
//
// Each concern has one function; files with a GOOS in their name fill it in.
package sys

import (
	"errors"
	"io"
)

// ErrLocked reports that another open file holds the lock.
var ErrLocked = errors.New("locked by another process")

// ReadEach fills bufs in order from off, one read per buffer. It returns
// io.ErrUnexpectedEOF if there is less.
func ReadEach(f io.ReaderAt, bufs [][]byte, off int64) (int, error) {
	total := 0
	for _, b := range bufs {
		n, err := f.ReadAt(b, off+int64(total))
		total += n
		if n < len(b) {
			return total, shortRead(err)
		}
	}
	return total, nil
}

// shortRead turns the end of a file into io.ErrUnexpectedEOF.
func shortRead(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
