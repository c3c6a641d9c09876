package heif

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/warren-p2p/warren/internal/share/inspect/trace"
)

// box is one of the file itself (ISO/IEC 14496-12, 4.2).
type box struct {
	kind        string
	at, head, n int64 // where it begins, and its bytes without and with what is in it
}

// known are the boxes of the file that pictures are made of; others are of programs, such
// as films beside the picture and who has signed it.
var known = map[string]bool{
	"ftyp": true, "styp": true, "meta": true, "mdat": true, "idat": true, "imda": true, "moov": true, "moof": true, "mfra": true, "sidx": true,
	"free": true, "skip": true, "wide": true, "pdin": true, "meco": true, "etyp": true,
}

// boxesOf returns the boxes of a file and where they end: what follows is none, and part
// of no picture. What does not belong to one is noted.
func boxesOf(l *trace.List, r io.ReadSeeker) (list []box, end int64, err error) {
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, 0, err
	}
	for end < size {
		b, err := boxAt(r, end, size)
		if err != nil {
			return nil, 0, err
		}
		if b.kind == "" {
			l.Add(trace.Thumbnail, "behind the picture", fmt.Sprintf("%d bytes, perhaps another picture or a film", size-end))
			return list, end, nil
		}
		if list = append(list, b); len(list) > maxBoxes {
			return nil, 0, fmt.Errorf("%w: HEIF with more than %d boxes", ErrMalformed, maxBoxes)
		}
		if !known[b.kind] {
			l.Add(trace.Comment, "box "+b.kind, fmt.Sprintf("%d bytes that are no part of the picture", b.n))
		}
		end += b.n
	}
	return list, end, nil
}

// boxAt reads the head of a box; its kind is "" if there is none.
func boxAt(r io.ReadSeeker, at, size int64) (b box, err error) {
	var head [16]byte
	if _, err := r.Seek(at, io.SeekStart); err != nil {
		return b, err
	}
	n, err := io.ReadFull(r, head[:])
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return b, err
	}
	b = box{string(head[4:8]), at, 8, int64(binary.BigEndian.Uint32(head[:]))}
	switch {
	case n < 8:
		return box{}, nil
	case b.n == 1:
		b.head, b.n = 16, int64(binary.BigEndian.Uint64(head[8:]))
	case b.n == 0: // to the end, as mdat may
		b.n = size - at
	}
	if b.n >= b.head && b.n <= size-at {
		return b, nil
	}
	if known[b.kind] {
		return b, fmt.Errorf("%w: HEIF box %s of %d bytes", ErrMalformed, b.kind, b.n)
	}
	return box{}, nil
}

// metaBox returns the body of the box meta of a file and where it begins; nil if there is
// none.
func metaBox(r io.ReadSeeker, boxes []box) (body []byte, at int64, err error) {
	for _, b := range boxes {
		if b.kind != "meta" {
			continue
		}
		if b.n > maxMeta {
			return nil, 0, fmt.Errorf("%w: HEIF meta of %d bytes", ErrMalformed, b.n)
		}
		body, at = make([]byte, b.n-b.head), b.at+b.head
		if _, err := r.Seek(at, io.SeekStart); err != nil {
			return nil, 0, err
		}
		if _, err := io.ReadFull(r, body); err != nil {
			return nil, 0, fmt.Errorf("%w: HEIF meta: %w", ErrMalformed, err)
		}
		return body, at, nil
	}
	return nil, 0, nil
}
