// Package heif finds what pictures in HEIF and AVIF tell beside the picture (ISO/IEC
// 23008-12 and 14496-12), and copies them without it, in as many bytes, so that nothing
// else moves.
package heif

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/warren-p2p/warren/internal/share/inspect/trace"
)

// ErrMalformed is what is not in the format that it begins with.
var ErrMalformed = errors.New("malformed picture")

// Bounds on what is said of the parts of a file.
const (
	maxMeta  = 16 << 20
	maxBoxes = 10_000
	maxRuns  = 100_000 // of bytes, in which items lie
)

// item is a part of a file that says something of the picture (ISO/IEC 23008-12, annex
// A): Exif, or XMP.
type item struct {
	xmp bool
	at  []extent
}

// extent is a run of bytes of the file.
type extent struct{ at, n int64 }

// erasure is a run of bytes that say something else in a copy: with, and then one byte as
// often as is needed.
type erasure struct {
	extent
	with []byte
	then filler
}

// Look notes what lies beside the picture; what the items say is not read here. The error
// says that a copy cannot be made without what is told.
func Look(l *trace.List, r io.ReadSeeker) error {
	_, _, err := erasures(l, r)
	return err
}

// Strip copies a file; the items that tell something say nothing in the copy. Which way is
// up is said by the picture itself, not in Exif (6.5.10).
func Strip(w io.Writer, r io.ReadSeeker) error {
	gone, end, err := erasures(new(trace.List), r)
	if err != nil {
		return err
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return err
	}
	at := int64(0)
	for _, e := range gone {
		if e.at < at {
			return fmt.Errorf("%w: HEIF items overlap", ErrMalformed)
		}
		if _, err := io.CopyN(w, r, e.at-at); err != nil {
			return err
		}
		if _, err := w.Write(e.with); err != nil {
			return err
		}
		if _, err := io.CopyN(w, e.then, e.n-int64(len(e.with))); err != nil {
			return err
		}
		if at, err = r.Seek(e.at+e.n, io.SeekStart); err != nil {
			return err
		}
	}
	_, err = io.CopyN(w, r, end-at)
	return err
}

// filler is a byte without end.
type filler byte

func (f filler) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(f)
	}
	return len(p), nil
}

// erasures returns what is to be erased of a file, in order, and where what belongs to it
// ends.
func erasures(l *trace.List, r io.ReadSeeker) (gone []erasure, end int64, err error) {
	boxes, end, err := boxesOf(l, r)
	if err != nil {
		return nil, 0, err
	}
	items, err := tellers(r, boxes)
	if err != nil {
		return nil, 0, err
	}
	for _, one := range items {
		nothing, then := emptyExif, filler(0)
		if one.xmp {
			nothing, then = emptyXMP, ' '
		}
		for i, e := range one.at {
			var with []byte
			if i == 0 && int64(len(nothing)) <= e.n {
				with = nothing
			}
			gone = append(gone, erasure{e, with, then})
		}
	}
	for _, b := range boxes {
		if !known[b.kind] {
			gone = append(gone, erasure{extent{b.at + 4, 4}, []byte("free"), 0}, erasure{extent{b.at + b.head, b.n - b.head}, nil, 0})
		}
	}
	slices.SortFunc(gone, func(x, y erasure) int { return int(min(1, max(-1, x.at-y.at))) })
	return gone, end, nil
}

// What items are that say nothing: Exif without a tag, behind the length of its header,
// and XMP without a property.
var (
	emptyExif = []byte("\x00\x00\x00\x06Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00")
	emptyXMP  = []byte(`<x:xmpmeta xmlns:x="adobe:ns:meta/"/>`)
)

// tellers finds the items that tell something.
func tellers(r io.ReadSeeker, boxes []box) ([]item, error) {
	meta, at, err := metaBox(r, boxes)
	if err != nil || meta == nil {
		return nil, err
	}
	c := &cursor{b: meta}
	c.take(4) // version and flags
	var kinds map[uint64]bool
	var places map[uint64][]extent
	base := int64(-1)
	for c.bad == nil && len(c.b) > 0 {
		start := at + int64(len(meta)-len(c.b))
		kind, body, head := c.box()
		switch kind {
		case "iinf":
			kinds, err = kindsOf(body)
		case "iloc":
			places, err = placesOf(body)
		case "idat":
			base = start + int64(head)
		}
		if err != nil {
			return nil, err
		}
	}
	return join(kinds, places, base, c.bad)
}

// join puts together which items there are and where they lie: negative places are in the
// box idat, which begins at base.
func join(kinds map[uint64]bool, places map[uint64][]extent, base int64, err error) ([]item, error) {
	var list []item
	for id, xmp := range kinds {
		one := item{xmp: xmp}
		if places[id] == nil {
			err = errors.Join(err, fmt.Errorf("%w: it is not known where Exif lies", errors.ErrUnsupported))
		}
		for _, e := range places[id] {
			if e.at < 0 {
				if base < 0 {
					err = errors.Join(err, fmt.Errorf("%w: HEIF without idat", ErrMalformed))
				}
				e.at = base + ^e.at
			}
			if e.n > maxMeta {
				err = errors.Join(err, fmt.Errorf("%w: Exif of %d bytes", ErrMalformed, e.n))
			}
			one.at = append(one.at, e)
		}
		list = append(list, one)
	}
	return list, err
}
