package hasher

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/warren-p2p/warren/internal/lanes"
	"github.com/warren-p2p/warren/internal/vfs"
)

// ErrShort reports a file that ends before the bytes it should have.
var ErrShort = errors.New("file is shorter than expected")

// maxOpen is one file for each piece of a row and the one after.
const maxOpen = lanes.Width + 1

// openFiles are the files a worker has open, the one used last at the end.
type openFiles struct {
	plan *Plan
	open []openFile
}

type openFile struct {
	index int
	file  vfs.File // nil if it could not be opened
	err   error    // of opening or reading it, which is not tried again
}

// read fills buf with the bytes of a file at off.
func (s *openFiles) read(index int, buf []byte, off int64) error {
	f, err := s.get(index)
	if err != nil {
		return err
	}
	if f.err != nil {
		return f.err
	}
	if n, err := f.file.ReadAt(buf, off); n < len(buf) {
		if err == nil || errors.Is(err, io.EOF) {
			err = ErrShort
		}
		f.err = fmt.Errorf("read %s at %d: %w", s.plan.Files[index].Name, off, err)
	}
	return f.err
}

// get returns an open file, which may take the place of another. The error is
// that of ending the work on the other.
func (s *openFiles) get(index int) (*openFile, error) {
	for i, f := range slices.Backward(s.open) {
		if f.index == index {
			if i < len(s.open)-1 {
				s.open = append(slices.Delete(s.open, i, i+1), f)
			}
			return &s.open[len(s.open)-1], nil
		}
	}
	if len(s.open) == maxOpen {
		oldest := s.open[0]
		s.open = slices.Delete(s.open, 0, 1)
		if err := s.end(oldest); err != nil {
			return nil, err
		}
	}
	f, err := s.plan.FS.Open(s.plan.Files[index].Name)
	s.open = append(s.open, openFile{index, f, err})
	return &s.open[len(s.open)-1], nil
}

// end does the work that is left when a file was read.
func (s *openFiles) end(f openFile) error {
	if f.file == nil {
		return nil
	}
	defer f.file.Close()
	if s.plan.Read == nil || f.err != nil {
		return nil
	}
	if err := s.plan.Read(f.index, f.file); err != nil {
		return s.plan.Failed(f.index, err)
	}
	return nil
}

// finish ends the work on all files.
func (s *openFiles) finish() error {
	for len(s.open) > 0 {
		f := s.open[0]
		s.open = s.open[1:]
		if err := s.end(f); err != nil {
			return err
		}
	}
	return nil
}

func (s *openFiles) close() {
	for _, f := range s.open {
		if f.file != nil {
			_ = f.file.Close() // only read from
		}
	}
	s.open = nil
}
