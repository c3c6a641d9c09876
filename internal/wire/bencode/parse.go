package bencode

import (
	"bytes"
	"math"
	"slices"
)

// parser validates. Each method takes the offset of a value's first byte and
// returns the offset behind its last.
type parser struct {
	b      []byte
	strict bool
}

func (p *parser) value(i, depth int) (int, error) {
	if i >= len(p.b) {
		return 0, &Error{i, ErrTruncated}
	}
	switch c := p.b[i]; {
	case c == 'i':
		return p.integer(i)
	case isDigit(c):
		_, end, err := p.str(i)
		return end, err
	case c != 'l' && c != 'd':
		return 0, &Error{i, ErrSyntax}
	case depth == MaxDepth:
		return 0, &Error{i, ErrDepth}
	case c == 'l':
		return p.list(i, depth+1)
	default:
		return p.dict(i, depth+1)
	}
}

func (p *parser) integer(i int) (int, error) {
	i++
	limit := uint64(math.MaxInt64)
	negative := i < len(p.b) && p.b[i] == '-'
	if negative {
		limit++
		i++
	}
	first := i
	var n uint64
	for ; i < len(p.b) && isDigit(p.b[i]); i++ {
		if i > first && p.b[first] == '0' {
			return 0, &Error{first, ErrLeadingZero}
		}
		d := uint64(p.b[i] - '0')
		if n > (limit-d)/10 {
			return 0, &Error{first, ErrRange}
		}
		n = n*10 + d
	}
	switch {
	case i == len(p.b):
		return 0, &Error{i, ErrTruncated}
	case p.b[i] != 'e' || i == first:
		return 0, &Error{i, ErrSyntax}
	case negative && n == 0:
		return 0, &Error{first, ErrNegativeZero}
	}
	return i + 1, nil
}

// str also returns where the content begins, behind the colon.
func (p *parser) str(i int) (begin, end int, err error) {
	first := i
	// A length beyond the input is refused while it is read, so it can
	// neither overflow nor make anyone allocate.
	var n int64
	for ; i < len(p.b) && isDigit(p.b[i]); i++ {
		if i > first && p.b[first] == '0' {
			return 0, 0, &Error{first, ErrLeadingZero}
		}
		n = n*10 + int64(p.b[i]-'0')
		if n > int64(len(p.b)) {
			return 0, 0, &Error{first, ErrLength}
		}
	}
	switch {
	case i == len(p.b):
		return 0, 0, &Error{i, ErrTruncated}
	case p.b[i] != ':':
		return 0, 0, &Error{i, ErrSyntax}
	}
	i++
	if n > int64(len(p.b)-i) {
		return 0, 0, &Error{first, ErrLength}
	}
	return i, i + int(n), nil
}

func (p *parser) list(i, depth int) (int, error) {
	i++
	for i < len(p.b) && p.b[i] != 'e' {
		end, err := p.value(i, depth)
		if err != nil {
			return 0, err
		}
		i = end
	}
	if i >= len(p.b) {
		return 0, &Error{i, ErrTruncated}
	}
	return i + 1, nil
}

func (p *parser) dict(start, depth int) (int, error) {
	i := start + 1
	var last []byte
	first, sorted := true, true
	for i < len(p.b) && p.b[i] != 'e' {
		if !isDigit(p.b[i]) {
			return 0, &Error{i, ErrKeyType}
		}
		begin, end, err := p.str(i)
		if err != nil {
			return 0, err
		}
		key := p.b[begin:end]
		if !first {
			switch order := bytes.Compare(last, key); {
			case order == 0:
				return 0, &Error{i, ErrDuplicateKey}
			case order > 0 && p.strict:
				return 0, &Error{i, ErrKeyOrder}
			case order > 0:
				sorted = false
			}
		}
		first, last = false, key
		if i, err = p.value(end, depth); err != nil {
			return 0, err
		}
	}
	if i >= len(p.b) {
		return 0, &Error{i, ErrTruncated}
	}
	if !sorted {
		if err := p.unique(start); err != nil {
			return 0, err
		}
	}
	return i + 1, nil
}

// unique looks for equal keys in an unsorted dictionary that is otherwise
// valid. Comparing neighbours, as dict does, finds them only in sorted ones.
func (p *parser) unique(start int) error {
	var keys [][]byte
	for i := start + 1; p.b[i] != 'e'; {
		begin, end := span(p.b, i)
		keys = append(keys, p.b[begin:end])
		i = skip(p.b, end)
	}
	slices.SortFunc(keys, bytes.Compare)
	for i := 1; i < len(keys); i++ {
		if bytes.Equal(keys[i-1], keys[i]) {
			return &Error{start, ErrDuplicateKey}
		}
	}
	return nil
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
