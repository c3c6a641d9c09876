// Package sparse holds the bytes of one file in memory, page by page: what was
// never written takes no room.
package sparse

import (
	"io"
	"maps"
)

// PageSize is the unit in which bytes are held and counted.
const PageSize = 4096

type page [PageSize]byte

// File is content in memory. Its zero value is empty. It is not safe for
// concurrent use.
type File struct {
	size  int64
	pages map[int64]*page
}

// Size returns the length in bytes.
func (f *File) Size() int64 { return f.size }

// Pages returns how many pages are held.
func (f *File) Pages() int64 { return int64(len(f.pages)) }

// MissingPages returns how many pages a write of n bytes at off would add.
func (f *File) MissingPages(off int64, n int) int64 {
	if n == 0 {
		return 0
	}
	missing := int64(0)
	for i := off / PageSize; i <= (off+int64(n)-1)/PageSize; i++ {
		if f.pages[i] == nil {
			missing++
		}
	}
	return missing
}

// ReadAt reads as io.ReaderAt says.
func (f *File) ReadAt(p []byte, off int64) (int, error) {
	if off >= f.size {
		return 0, io.EOF
	}
	n := int(min(int64(len(p)), f.size-off))
	for done := 0; done < n; {
		at := off + int64(done)
		chunk := p[done:min(n, done+int(PageSize-at%PageSize))]
		if pg := f.pages[at/PageSize]; pg != nil {
			copy(chunk, pg[at%PageSize:])
		} else {
			clear(chunk)
		}
		done += len(chunk)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// WriteAt writes all of p and extends the file as needed.
func (f *File) WriteAt(p []byte, off int64) {
	if f.pages == nil {
		f.pages = make(map[int64]*page)
	}
	for len(p) > 0 {
		pg := f.pages[off/PageSize]
		if pg == nil {
			pg = new(page)
			f.pages[off/PageSize] = pg
		}
		n := copy(pg[off%PageSize:], p)
		p, off = p[n:], off+int64(n)
		f.size = max(f.size, off)
	}
}

// Truncate sets the length; what lies behind it is gone, what is new is zero.
func (f *File) Truncate(size int64) {
	if size < f.size {
		last := (size + PageSize - 1) / PageSize
		maps.DeleteFunc(f.pages, func(i int64, _ *page) bool { return i >= last })
		if pg := f.pages[size/PageSize]; pg != nil {
			clear(pg[size%PageSize:])
		}
	}
	f.size = size
}

// Clone returns an independent copy.
func (f *File) Clone() File {
	c := File{size: f.size, pages: make(map[int64]*page, len(f.pages))}
	for i, pg := range f.pages {
		cp := *pg
		c.pages[i] = &cp
	}
	return c
}
