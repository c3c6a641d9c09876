//go:build !linux

package sys

import "os"

// ReadVec fills bufs in order from off. It returns io.ErrUnexpectedEOF if the
// file is shorter. The caller keeps f open until it returns.
func ReadVec(f *os.File, bufs [][]byte, off int64) (int, error) {
	return ReadEach(f, bufs, off)
}
