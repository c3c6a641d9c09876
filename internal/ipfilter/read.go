package ipfilter

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/netip"
)

// Bounds on what is read.
const (
	maxRanges = 4 << 20   // in all lists of a Builder
	maxBytes  = 512 << 20 // of one list, unpacked
	maxLine   = 4 << 10   // bytes
)

// Errors of Read.
var (
	ErrNoList  = errors.New("not a list of addresses")
	ErrTooMany = errors.New("too many ranges")
	ErrTooLong = errors.New("too long")
)

// Builder makes a [List] of one or more lists. The zero Builder is empty.
type Builder struct {
	v4 []span[uint32]
	v6 []span[wide]
}

// Read adds a list. Lines that are not understood are skipped and counted, as
// every such list has some; if there are others only, the error matches
// [ErrNoList].
func (b *Builder) Read(r io.Reader) (skipped int, err error) {
	in := bufio.NewReaderSize(r, maxLine)
	if magic, _ := in.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(in)
		if err != nil {
			return 0, fmt.Errorf("unpack: %w", err)
		}
		in = bufio.NewReaderSize(z, maxLine)
	}
	limited := &io.LimitedReader{R: in, N: maxBytes}
	lines := bufio.NewScanner(limited)
	lines.Buffer(make([]byte, 0, maxLine), maxLine)
	before := len(b.v4) + len(b.v6)
	said := false // something on a line
	for lines.Scan() {
		line := bytes.TrimSpace(lines.Bytes())
		if comment(line) {
			continue
		}
		said = true
		if !b.add(line) {
			skipped++
		}
		if len(b.v4)+len(b.v6) > maxRanges {
			return skipped, fmt.Errorf("%w: more than %d", ErrTooMany, maxRanges)
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong) && len(b.v4)+len(b.v6) == before:
		return skipped, fmt.Errorf("%w: a line of more than %d bytes", ErrNoList, maxLine)
	case err != nil:
		return skipped, fmt.Errorf("read list: %w", err)
	case limited.N == 0:
		return skipped, fmt.Errorf("%w: more than %d MiB", ErrTooLong, maxBytes>>20)
	case said && skipped > 0 && len(b.v4)+len(b.v6) == before:
		return skipped, fmt.Errorf("%w: none of %d lines names one", ErrNoList, skipped)
	}
	return skipped, nil
}

// List returns what was read. The builder is empty afterwards.
func (b *Builder) List() *List {
	l := &List{
		v4: merge(b.v4, cmp.Compare[uint32], func(a uint32) (uint32, bool) { return a + 1, a+1 != 0 }),
		v6: merge(b.v6, wide.compare, wide.next),
	}
	*b = Builder{}
	return l
}

func (b *Builder) add(line []byte) bool {
	first, last, blocks, ok := parse(string(line))
	if !ok {
		return false
	}
	if !blocks {
		return true
	}
	if first.Is4() {
		b.v4 = append(b.v4, span[uint32]{number4(first), number4(last)})
	} else {
		b.v6 = append(b.v6, span[wide]{number6(first), number6(last)})
	}
	return true
}

// ordered reports whether two addresses are the ends of a range.
func ordered(first, last netip.Addr) bool {
	return first.IsValid() && last.IsValid() && first.BitLen() == last.BitLen() && first.Compare(last) <= 0
}
