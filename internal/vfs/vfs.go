// Package vfs is the only place that touches the file system.
//
// An [FS] is rooted at a directory and never reaches outside it, whatever
// names and symbolic links it meets. [Dir] is the real one; package memfs keeps
// files in memory, can be crashed, and can be told to fail.
package vfs

import (
	"io"
	"io/fs"
	"time"
)

// FS is a directory tree. Names are slash-separated, relative, in the form
// [fs.ValidPath] accepts; "." is the root itself. Errors name the operation and
// the file ([fs.PathError]) and match [fs.ErrNotExist], [fs.ErrExist],
// [fs.ErrPermission], [ErrNoSpace] and [ErrReadOnly]. Implementations are safe
// for concurrent use.
type FS interface {
	// Open opens for reading.
	Open(name string) (File, error)
	// OpenFile opens with flags of package os (O_RDWR, O_CREATE, …) except
	// O_APPEND, which WriteAt cannot honour; missing parent directories are made
	// when O_CREATE is set.
	OpenFile(name string, flag int, perm fs.FileMode) (File, error)
	// Stat follows symbolic links, Lstat does not.
	Stat(name string) (fs.FileInfo, error)
	Lstat(name string) (fs.FileInfo, error)
	ReadDir(name string) ([]fs.DirEntry, error)
	Readlink(name string) (string, error)
	Symlink(oldname, newname string) error
	MkdirAll(name string, perm fs.FileMode) error
	Rename(oldname, newname string) error
	Remove(name string) error
	Chtimes(name string, atime, mtime time.Time) error
	// Free returns the bytes an ordinary user may still write to the volume.
	Free() (int64, error)
	Close() error
}

// Locker is what implementations offer beside FS to keep a second process out.
type Locker interface {
	// Lock takes an exclusive lock named by a file, which it makes if needed, and
	// does not wait: ErrLocked means that somebody has it. Closing gives it back,
	// and so does the end of the process.
	Lock(name string) (io.Closer, error)
}

// File is an open file. ReadAt and WriteAt are safe for concurrent use.
type File interface {
	ReadAt(p []byte, off int64) (int, error)
	WriteAt(p []byte, off int64) (int, error)
	// ReadVec fills the buffers in order from off, with one system call where
	// the platform has one. It returns io.ErrUnexpectedEOF if the file is
	// shorter.
	ReadVec(bufs [][]byte, off int64) (int, error)
	Truncate(size int64) error
	// Allocate reserves size bytes on the volume without changing content; it
	// extends the file to that size and never shrinks it. Where the platform
	// cannot reserve, it only extends.
	Allocate(size int64) error
	// Sync makes content and size durable; on a directory, the names in it.
	Sync() error
	Stat() (fs.FileInfo, error)
	Close() error
}
