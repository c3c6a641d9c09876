package storage_test

import (
	"os"
	"path/filepath"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The benchmarks behind docs/adr/0003-page-cache.md: one pwrite per 512 KiB
// piece into a file whose space is reserved, and reading back what was just
// written, as seeding does. Run them on the volume that is to be judged by
// setting TMPDIR.
const (
	benchPiece = 512 << 10
	benchFile  = 256 << 20
)

// aligned returns a piece at a page boundary, as O_DIRECT demands.
func aligned() []byte {
	b := make([]byte, benchPiece+4096)
	off := 4096 - int(uintptr(unsafe.Pointer(&b[0]))%4096)
	b = b[off : off+benchPiece]
	for i := range b {
		b[i] = byte(i * i >> 8)
	}
	return b
}

func benchWrite(b *testing.B, flags int, sync, readBack bool) {
	f, err := os.OpenFile(filepath.Join(b.TempDir(), "content"), os.O_RDWR|os.O_CREATE|flags, 0o600)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	if err := unix.Fallocate(int(f.Fd()), 0, 0, benchFile); err != nil {
		b.Fatal(err)
	}
	piece := aligned()
	b.SetBytes(benchFile)
	rounds, before := 0, cpuSeconds(b)
	for b.Loop() {
		rounds++
		for off := int64(0); off < benchFile; off += benchPiece {
			if _, err := f.WriteAt(piece, off); err != nil {
				b.Fatal(err)
			}
			if readBack {
				if _, err := f.ReadAt(piece, off); err != nil {
					b.Fatal(err)
				}
			}
		}
		if sync {
			if err := f.Sync(); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric((cpuSeconds(b)-before)/float64(rounds)*(1<<30)/benchFile, "cpu-s/GiB")
}

// cpuSeconds is the processor time of this process, in user space and in the
// kernel on its behalf; writing back from the page cache is not in it.
func cpuSeconds(b *testing.B) float64 {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

func BenchmarkPageCache(b *testing.B)         { benchWrite(b, 0, false, false) }
func BenchmarkPageCacheSync(b *testing.B)     { benchWrite(b, 0, true, false) }
func BenchmarkPageCacheReadBack(b *testing.B) { benchWrite(b, 0, true, true) }
func BenchmarkDirect(b *testing.B)            { benchWrite(b, unix.O_DIRECT, true, false) }
func BenchmarkDirectReadBack(b *testing.B)    { benchWrite(b, unix.O_DIRECT, true, true) }
