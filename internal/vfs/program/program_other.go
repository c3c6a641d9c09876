//go:build !linux

package program

// Unmap does something on Linux alone.
func Unmap() {}
