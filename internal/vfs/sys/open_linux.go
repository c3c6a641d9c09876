package sys

import (
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// OpenBeneath opens name below dir with one system call, openat2, in which the
// kernel itself sees to it that nothing leads outside. ok is false if the file
// was not opened: the kernel may lack the call, or os.Root has the better error.
func OpenBeneath(dir *os.File, name string, flag int, perm fs.FileMode) (f *os.File, ok bool) {
	c, err := dir.SyscallConn()
	if err != nil {
		return nil, false
	}
	how := unix.OpenHow{
		Flags:   uint64(flag) | unix.O_CLOEXEC | unix.O_LARGEFILE,
		Resolve: unix.RESOLVE_BENEATH | unix.RESOLVE_NO_MAGICLINKS,
	}
	if flag&os.O_CREATE != 0 {
		how.Mode = uint64(perm.Perm())
	}
	fd := -1
	if c.Control(func(at uintptr) { fd, err = unix.Openat2(int(at), name, &how) }) != nil || err != nil {
		return nil, false
	}
	return os.NewFile(uintptr(fd), filepath.Join(dir.Name(), name)), true
}
