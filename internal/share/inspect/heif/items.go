package heif

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// cursor reads what a box has, from its beginning; bad is that it has too little.
type cursor struct {
	b   []byte
	bad error
}

func (c *cursor) take(n int) []byte {
	if n < 0 || n > len(c.b) {
		c.bad, c.b = fmt.Errorf("%w: a HEIF box is cut off", ErrMalformed), nil
		return make([]byte, max(0, min(n, 8)))
	}
	b := c.b[:n]
	c.b = c.b[n:]
	return b
}

// number reads one of n bytes: 0, 2, 4 or 8.
func (c *cursor) number(n int) uint64 {
	switch b := c.take(n); n {
	case 0:
		return 0
	case 2:
		return uint64(binary.BigEndian.Uint16(b))
	case 4:
		return uint64(binary.BigEndian.Uint32(b))
	case 8:
		return binary.BigEndian.Uint64(b)
	}
	c.bad = fmt.Errorf("%w: a HEIF number of %d bytes", ErrMalformed, n)
	return 0
}

// box reads one, and returns how long its head is.
func (c *cursor) box() (kind string, body []byte, head int) {
	size, name, head := c.number(4), string(c.take(4)), 8
	switch size {
	case 1:
		size, head = c.number(8), 16
	case 0:
		size = uint64(len(c.b) + head)
	}
	if size < uint64(head) || size > maxMeta {
		size = maxMeta + 1 // which is more than there is
	}
	return name, c.take(int(size) - head), head
}

// kindsOf reads which items tell something (ISO/IEC 14496-12, 8.11.6): true for XMP,
// false for Exif.
func kindsOf(body []byte) (map[uint64]bool, error) {
	c := &cursor{b: body}
	count := 2
	if c.take(4)[0] > 0 {
		count = 4
	}
	kinds := map[uint64]bool{}
	for n := c.number(count); n > 0 && c.bad == nil; n-- {
		kind, entry, _ := c.box()
		e := &cursor{b: entry}
		version := e.take(4)[0]
		if kind != "infe" || version < 2 {
			continue
		}
		id := e.number(map[bool]int{false: 2, true: 4}[version > 2])
		e.take(2)
		switch what := string(e.take(4)); what {
		case "Exif":
			kinds[id] = false
		case "mime":
			_, rest, _ := bytes.Cut(e.b, []byte{0}) // behind its name
			if bytes.HasPrefix(rest, []byte("application/rdf+xml")) {
				kinds[id] = true
			}
		}
		if e.bad != nil {
			return nil, e.bad
		}
	}
	return kinds, c.bad
}

// placesOf reads where items lie (8.11.3). What lies in the box idat has the complement
// of its place there.
func placesOf(body []byte) (map[uint64][]extent, error) {
	c := &cursor{b: body}
	version := c.take(4)[0]
	sizes := c.take(2)
	offset, length, base, index := int(sizes[0]>>4), int(sizes[0]&15), int(sizes[1]>>4), 0
	if version > 0 {
		index = int(sizes[1] & 15)
	}
	wide := map[bool]int{false: 2, true: 4}[version > 1]
	places, runs := map[uint64][]extent{}, 0
	for n := c.number(wide); n > 0 && c.bad == nil; n-- {
		id, way := c.number(wide), uint64(0)
		if version > 0 {
			way = c.number(2) & 15
		}
		elsewhere := c.number(2)
		from := c.number(base)
		var list []extent
		for m := c.number(2); m > 0 && c.bad == nil; m-- {
			if runs++; runs > maxRuns { // they may take no bytes at all
				return nil, fmt.Errorf("%w: HEIF items in more than %d parts", ErrMalformed, maxRuns)
			}
			c.number(index)
			e := extent{int64(from + c.number(offset)), int64(c.number(length))}
			if e.at < 0 || e.n < 0 {
				return nil, fmt.Errorf("%w: a HEIF item of %d bytes", ErrMalformed, e.n)
			}
			if way == 1 {
				e.at = ^e.at
			}
			list = append(list, e)
		}
		if way <= 1 && elsewhere == 0 {
			places[id] = list
		}
	}
	return places, c.bad
}
