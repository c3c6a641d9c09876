package bencode

import "iter"

// Kind says which of the four bencoded types a Value has.
type Kind uint8

// The kinds. Invalid is the kind of the zero Value.
const (
	Invalid Kind = iota
	Int
	String
	List
	Dict
)

// Value is a view of one validated value in the bytes given to Parse. The zero
// Value stands for one that is absent: its Kind is Invalid, its accessors
// answer false, and it has no elements. Chains such as v.Get("a").Get("b")
// therefore need one check, at their end.
//
// An iteration passes over each byte below the value at most once, so a walk of
// a whole tree passes over each byte at most once per level, and there are at
// most MaxDepth levels.
type Value struct{ raw []byte }

// Kind returns the type of v.
func (v Value) Kind() Kind {
	if len(v.raw) == 0 {
		return Invalid
	}
	switch v.raw[0] {
	case 'i':
		return Int
	case 'l':
		return List
	case 'd':
		return Dict
	}
	return String
}

// Raw returns the encoding of v exactly as it was parsed, nil when absent.
func (v Value) Raw() []byte { return v.raw }

// Int returns the integer v holds; false if v is not an integer.
func (v Value) Int() (int64, bool) {
	if v.Kind() != Int {
		return 0, false
	}
	digits := v.raw[1 : len(v.raw)-1]
	negative := digits[0] == '-'
	if negative {
		digits = digits[1:]
	}
	// Unsigned, because the magnitude of the smallest int64 is not an int64.
	var n uint64
	for _, c := range digits {
		n = n*10 + uint64(c-'0')
	}
	if negative {
		n = -n
	}
	return int64(n), true
}

// Bytes returns the content of a string without copying it; false if v is not
// a string.
func (v Value) Bytes() ([]byte, bool) {
	if v.Kind() != String {
		return nil, false
	}
	begin, end := span(v.raw, 0)
	return v.raw[begin:end:end], true
}

// Text returns a copy of the content of a string, whatever its bytes: it need
// not be UTF-8. It returns false if v is not a string.
func (v Value) Text() (string, bool) {
	b, ok := v.Bytes()
	return string(b), ok
}

// Len returns the number of bytes of a string, of elements of a list, or of
// keys of a dictionary. It counts by walking; for other kinds it is 0.
func (v Value) Len() int {
	n := 0
	switch v.Kind() {
	case String:
		b, _ := v.Bytes()
		n = len(b)
	case List:
		for range v.All() {
			n++
		}
	case Dict:
		for range v.pairs() {
			n++
		}
	}
	return n
}

// All yields the elements of a list in order, and nothing for other kinds.
func (v Value) All() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if v.Kind() != List {
			return
		}
		for i := 1; v.raw[i] != 'e'; {
			end := skip(v.raw, i)
			if !yield(Value{v.raw[i:end:end]}) {
				return
			}
			i = end
		}
	}
}

// Dict yields the keys and values of a dictionary in the order they were
// written, and nothing for other kinds. Keys need not be UTF-8.
func (v Value) Dict() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		for key, value := range v.pairs() {
			if !yield(string(key), value) {
				return
			}
		}
	}
}

// Get returns the value of key in a dictionary, or the zero Value. It scans
// from the front: to read several keys of a large dictionary, use Dict once.
func (v Value) Get(key string) Value {
	for k, value := range v.pairs() {
		if string(k) == key {
			return value
		}
	}
	return Value{}
}

func (v Value) pairs() iter.Seq2[[]byte, Value] {
	return func(yield func([]byte, Value) bool) {
		if v.Kind() != Dict {
			return
		}
		for i := 1; v.raw[i] != 'e'; {
			begin, mid := span(v.raw, i)
			end := skip(v.raw, mid)
			if !yield(v.raw[begin:mid], Value{v.raw[mid:end:end]}) {
				return
			}
			i = end
		}
	}
}

// span returns where the content of the valid string at b[i] begins and ends.
func span(b []byte, i int) (begin, end int) {
	n := 0
	for ; b[i] != ':'; i++ {
		n = n*10 + int(b[i]-'0')
	}
	return i + 1, i + 1 + n
}

// skip returns the offset behind the valid value at b[i].
func skip(b []byte, i int) int {
	for depth := 0; ; {
		switch b[i] {
		case 'i':
			for b[i] != 'e' {
				i++
			}
			i++
		case 'l', 'd':
			depth++
			i++
		case 'e':
			depth--
			i++
		default:
			_, i = span(b, i)
		}
		if depth == 0 {
			return i
		}
	}
}
