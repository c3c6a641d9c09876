// Package pathname decides which file names a torrent may carry: those that
// mean one file below the torrent's directory, the same one on every system.
//
// Names come from strangers. What is refused is refused everywhere, not only
// where it does harm, so that a torrent means the same tree on each peer.
package pathname

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// The reasons a name is refused, found with errors.Is.
var (
	ErrEmpty     = errors.New("name is empty")
	ErrTraversal = errors.New("name leads out of its directory")
	ErrAbsolute  = errors.New("name is absolute or contains a separator")
	ErrReserved  = errors.New("name is reserved for a device")
	ErrNUL       = errors.New("name contains a NUL byte")
	ErrEncoding  = errors.New("not UTF-8")
	ErrTooLong   = errors.New("name is too long")
	ErrDuplicate = errors.New("file appears twice")
	ErrCollision = errors.New("names differ only in case or Unicode form")
	ErrSymlink   = errors.New("symbolic link leaves the torrent")
	ErrOverlap   = errors.New("a file lies where another path needs a directory")
)

const (
	maxComponent = 255  // NAME_MAX of the usual file systems
	maxPath      = 4096 // PATH_MAX of Linux
	maxDepth     = 128
)

// Check reports why name cannot be one component of a path.
func Check(name string) error {
	switch {
	case name == "":
		return ErrEmpty
	case len(name) > maxComponent:
		return ErrTooLong
	case strings.IndexByte(name, 0) >= 0:
		return ErrNUL
	case strings.ContainsAny(name, `/\`), hasDrive(name):
		return ErrAbsolute
	case strings.Trim(name, ". ") == "":
		// Windows drops trailing dots and spaces: ".. " is "..".
		return ErrTraversal
	case !utf8.ValidString(name):
		return ErrEncoding
	case isDevice(name):
		return ErrReserved
	}
	return nil
}

// CheckPath reports why components cannot be a path below a directory.
func CheckPath(components []string) error {
	if len(components) == 0 {
		return ErrEmpty
	}
	if len(components) > maxDepth {
		return ErrTooLong
	}
	total := 0
	for _, c := range components {
		if err := Check(c); err != nil {
			return err
		}
		total += len(c) + 1
	}
	if total > maxPath {
		return ErrTooLong
	}
	return nil
}

// hasDrive reports whether Windows would read a drive letter.
func hasDrive(name string) bool {
	return len(name) >= 2 && name[1] == ':' && (name[0]|0x20) >= 'a' && (name[0]|0x20) <= 'z'
}

// isDevice reports whether name is a DOS device. With an extension it is an
// ordinary name on current systems (source trees do contain aux.c), and
// package os refuses it where it is not.
func isDevice(name string) bool {
	name = strings.ToUpper(strings.TrimRight(name, ". "))
	switch name {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$":
		return true
	}
	rest, ok := strings.CutPrefix(name, "COM")
	if !ok {
		rest, ok = strings.CutPrefix(name, "LPT")
	}
	if !ok {
		return false
	}
	switch rest {
	case "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "¹", "²", "³":
		return true
	}
	return false
}
