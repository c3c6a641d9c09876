package program

import (
	"bufio"
	"errors"
	"io"
	"reflect"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/warren-p2p/warren/internal/vfs"
)

// Unmap lets go of the pages of the program, which are those of its file: what
// is needed of them is mapped again as it is read, from the cache of the system unless
// that has had better use for the room (madvise(2), MADV_DONTNEED). It is a saving, so
// whoever has no /proc goes without.
func Unmap() {
	maps := ownMaps()
	here := reflect.ValueOf(Unmap).Pointer()
	for _, text := range maps {
		if here < text.from || here >= text.to {
			continue
		}
		for _, m := range maps {
			if m.file == text.file && !m.writable {
				_, _, _ = unix.Syscall(unix.SYS_MADVISE, m.from, m.to-m.from, unix.MADV_DONTNEED)
			}
		}
	}
}

// mapping is a part of the address space that shows a file.
type mapping struct {
	from, to uintptr
	writable bool
	file     string
}

// ownMaps reads /proc/self/maps (proc_pid_maps(5)).
func ownMaps() (maps []mapping) {
	dir, err := vfs.OpenDir("/proc/self")
	if err != nil {
		return nil
	}
	defer dir.Close()
	f, err := dir.Open("maps")
	if err != nil {
		return nil
	}
	defer f.Close()
	lines := bufio.NewScanner(io.NewSectionReader(f, 0, 1<<30))
	for lines.Scan() {
		if m, err := parseMapping(lines.Text()); err == nil {
			maps = append(maps, m)
		}
	}
	return maps
}

var errNoFile = errors.New("no mapping of a file")

// parseMapping reads a line: FROM-TO PERMISSIONS OFFSET DEVICE INODE PATH.
func parseMapping(line string) (m mapping, err error) {
	fields := strings.Fields(line)
	if len(fields) != 6 || fields[4] == "0" {
		return m, errNoFile
	}
	from, to, _ := strings.Cut(fields[0], "-")
	a, err := strconv.ParseUint(from, 16, 64)
	if err != nil {
		return m, err
	}
	b, err := strconv.ParseUint(to, 16, 64)
	if err != nil {
		return m, err
	}
	return mapping{from: uintptr(a), to: uintptr(b), writable: strings.Contains(fields[1], "w"), file: fields[5]}, nil
}
