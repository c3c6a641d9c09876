// Package procfs reads what Linux tells about running processes: processor
// time, memory, bytes received, and what machine this is (proc(5)).
//
// The parsers are pure functions of file text. [FS] reads the files below the
// root it is given.
package procfs

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/warren-p2p/warren/internal/vfs"
)

// FS is a mounted /proc.
type FS struct{ Root vfs.FS }

// Open opens the /proc of this machine.
func Open() (FS, error) {
	d, err := vfs.OpenDir("/proc")
	if err != nil {
		return FS{}, fmt.Errorf("open /proc: %w", err)
	}
	return FS{Root: d}, nil
}

// Close releases the directory.
func (f FS) Close() error { return f.Root.Close() }

// Stat returns the processor time used by a process so far and its state
// letter: 'Z' is a process that has ended and was not waited for.
func (f FS) Stat(pid int) (Stat, error) {
	b, err := f.read(fmt.Sprintf("%d/stat", pid))
	if err != nil {
		return Stat{}, err
	}
	return ParseStat(b)
}

// Memory returns the memory of a process.
func (f FS) Memory(pid int) (Memory, error) {
	b, err := f.read(fmt.Sprintf("%d/status", pid))
	if err != nil {
		return Memory{}, err
	}
	return ParseStatus(b)
}

// Descriptors returns how many files a process has open.
func (f FS) Descriptors(pid int) (int, error) {
	list, err := f.Root.ReadDir(fmt.Sprintf("%d/fd", pid))
	if err != nil {
		return 0, fmt.Errorf("count open files: %w", err)
	}
	return len(list), nil
}

// Received returns the bytes one interface has received, as seen from the
// network namespace of a process.
func (f FS) Received(pid int, ifname string) (int64, error) {
	b, err := f.read(fmt.Sprintf("%d/net/dev", pid))
	if err != nil {
		return 0, err
	}
	return ParseNetDev(b, ifname)
}

// Busy returns the time all processors together have spent not idle.
func (f FS) Busy() (time.Duration, error) {
	b, err := f.read("stat")
	if err != nil {
		return 0, err
	}
	return ParseBusy(b)
}

// Available returns the bytes of memory that can be had without swapping.
func (f FS) Available() (int64, error) {
	b, err := f.read("meminfo")
	if err != nil {
		return 0, err
	}
	return field(b, "MemAvailable:")
}

// Machine describes the processor, the memory and the kernel.
func (f FS) Machine() (Machine, error) {
	cpu, err1 := f.read("cpuinfo")
	mem, err2 := f.read("meminfo")
	rel, err3 := f.read("sys/kernel/osrelease")
	if err := errors.Join(err1, err2, err3); err != nil {
		return Machine{}, err
	}
	return ParseMachine(cpu, mem, rel)
}

// read reads a whole file: the sizes /proc reports are zero, so the end of
// file decides.
func (f FS) read(name string) ([]byte, error) {
	file, err := f.Root.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read /proc/%s: %w", name, err)
	}
	defer file.Close()
	buf := make([]byte, 16<<10)
	n, err := file.ReadAt(buf, 0)
	for err == nil {
		buf = append(buf, make([]byte, len(buf))...)
		var m int
		m, err = file.ReadAt(buf[n:], int64(n))
		n += m
	}
	if !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read /proc/%s: %w", name, err)
	}
	return buf[:n], nil
}
