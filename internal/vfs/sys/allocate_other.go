//go:build !linux

package sys

import "os"

// Allocate extends f to size bytes; this platform has no portable way to
// reserve them. It never shrinks f.
func Allocate(f *os.File, size int64) error { return extend(f, size) }
