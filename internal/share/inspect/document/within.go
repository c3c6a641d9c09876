package document

import (
	"bytes"
	"fmt"
	"io"

	"github.com/warren-p2p/warren/internal/share/inspect/trace"
)

// Inside looks into files of any format, and strips them, as package inspect does.
type Inside interface {
	Is(head []byte) bool // of how a file begins, 16 bytes: whether there is something to look at
	Look(l *trace.List, r io.ReaderAt, size int64, in *Within) error
	Strip(w io.Writer, r io.ReaderAt, size int64, in *Within) error
}

// Within is what lies within documents: it is looked into as files are, as long as all of
// it is not more than anybody wants.
type Within struct {
	inside     Inside
	deep       int
	read, most int64 // bytes
}

// NewWithin begins to look into one file.
func NewWithin(i Inside) *Within { return &Within{inside: i, most: maxUnpacked} }

// deepest is how many documents are looked at within each other.
const deepest = 3

// Look looks into a part, of which what is in a document in a document is a part as well.
func (in *Within) Look(l *trace.List, b []byte) error {
	if in.deep >= deepest {
		return fmt.Errorf("documents within each other: %w", trace.ErrTooLarge)
	}
	in.deep++
	defer func() { in.deep-- }()
	return in.inside.Look(l, bytes.NewReader(b), int64(len(b)), in)
}

// Unpacked counts bytes that were unpacked, and reports too many in all.
func (in *Within) Unpacked(n int) error {
	if in.read += int64(n); in.read > in.most {
		return fmt.Errorf("a document with more than %d bytes: %w", in.most, trace.ErrTooLarge)
	}
	return nil
}

// clean returns a part without what it tells, or as it is if nothing can be taken out.
func (in *Within) clean(b []byte) ([]byte, error) {
	var l trace.List
	_ = in.Look(&l, b) // what cannot be looked into stays, as was said
	if !trace.Removable(l.Found()) {
		return b, nil
	}
	in.deep++
	defer func() { in.deep-- }()
	var out bytes.Buffer
	err := in.inside.Strip(&out, bytes.NewReader(b), int64(len(b)), in)
	return out.Bytes(), err
}
