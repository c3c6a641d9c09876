package resume

import (
	"encoding/binary"
	"fmt"
	"io/fs"
)

// Entry is what is kept about one file.
type Entry struct {
	Path      string // where it lies, if not under its own name
	Next      string // where a rename under way takes it
	Unwanted  bool
	InParts   bool // its bytes lie in the parts file
	Allocated bool // its space is reserved on the volume
	Present   bool // it existed when the session was closed, with:
	Size      int64
	ModTime   int64 // nanoseconds since 1970
}

const (
	entryUnwanted = 1 << iota
	entryInParts
	entryAllocated
	entryPresent
	entryPath
	entryNext
	entryKnown = 1<<iota - 1
)

func (e Entry) flags() byte {
	var b byte
	set := func(on bool, flag byte) {
		if on {
			b |= flag
		}
	}
	set(e.Unwanted, entryUnwanted)
	set(e.InParts, entryInParts)
	set(e.Allocated, entryAllocated)
	set(e.Present, entryPresent)
	set(e.Path != "", entryPath)
	set(e.Next != "", entryNext)
	return b
}

func (e Entry) append(b []byte) []byte {
	b = append(b, e.flags())
	if e.Path != "" {
		b = appendString(b, e.Path)
	}
	if e.Next != "" {
		b = appendString(b, e.Next)
	}
	if e.Present {
		b = binary.BigEndian.AppendUint64(b, uint64(e.Size))
		b = binary.BigEndian.AppendUint64(b, uint64(e.ModTime))
	}
	return b
}

func appendString(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(len(s))), s...)
}

// decodeEntries reads exactly n entries from all of b.
func decodeEntries(b []byte, n int) ([]Entry, error) {
	if n > len(b) { // an entry takes a byte at least
		return nil, fmt.Errorf("%w: table of files too short", ErrDamaged)
	}
	entries := make([]Entry, n)
	d := decoder{b: b}
	for i := range entries {
		entries[i] = d.entry()
	}
	if d.bad || len(d.b) != 0 {
		return nil, fmt.Errorf("%w: table of files", ErrDamaged)
	}
	return entries, nil
}

type decoder struct {
	b   []byte
	bad bool
}

func (d *decoder) take(n uint32) []byte {
	if d.bad || uint64(n) > uint64(len(d.b)) {
		d.bad = true
		return make([]byte, 8)
	}
	p := d.b[:n]
	d.b = d.b[n:]
	return p
}

func (d *decoder) entry() Entry {
	flags := d.take(1)[0]
	if flags&^byte(entryKnown) != 0 {
		d.bad = true
	}
	e := Entry{
		Unwanted:  flags&entryUnwanted != 0,
		InParts:   flags&entryInParts != 0,
		Allocated: flags&entryAllocated != 0,
		Present:   flags&entryPresent != 0,
	}
	if flags&entryPath != 0 {
		e.Path = d.path()
	}
	if flags&entryNext != 0 {
		e.Next = d.path()
	}
	if e.Present {
		e.Size = int64(binary.BigEndian.Uint64(d.take(8)))
		e.ModTime = int64(binary.BigEndian.Uint64(d.take(8)))
	}
	return e
}

func (d *decoder) path() string {
	s := string(d.take(binary.BigEndian.Uint32(d.take(4))))
	if !fs.ValidPath(s) || s == "." {
		d.bad = true
	}
	return s
}
