//go:build unix

package bench

import (
	"runtime"
	"syscall"
)

// peakOf returns the largest resident size of an ended process in bytes
// (getrusage(2)).
func peakOf(sysUsage any) int64 {
	r, ok := sysUsage.(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" { // bytes there, KiB elsewhere
		return int64(r.Maxrss)
	}
	return int64(r.Maxrss) << 10
}
