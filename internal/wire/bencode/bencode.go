// Package bencode reads and writes bencoding (BEP 3): integers, byte strings,
// lists and dictionaries.
//
// Reading is validation followed by views. Parse checks a whole buffer once and
// returns a Value, which is a span of that buffer; walking it afterwards cannot
// fail and copies nothing. The spans are the bytes as they arrived, so an
// info-hash is taken over Value.Raw and never over something encoded anew.
//
// Parse accepts canonical bencoding and nothing else: every accepted input is
// the only encoding of its value. ParseLenient is for peer wire dictionaries,
// which clients write with unsorted keys and with data behind them.
//
// Nothing is allocated in proportion to a length that the input only claims.
package bencode

import (
	"errors"
	"fmt"
)

// MaxDepth is how many lists and dictionaries may be open at once.
const MaxDepth = 64

// The reasons an input is refused, found with errors.Is.
var (
	ErrTruncated    = errors.New("input ends inside a value")
	ErrSyntax       = errors.New("unexpected byte")
	ErrLeadingZero  = errors.New("number has a leading zero")
	ErrNegativeZero = errors.New("integer is minus zero")
	ErrRange        = errors.New("integer does not fit in 64 bits")
	ErrLength       = errors.New("string is longer than the input")
	ErrKeyType      = errors.New("dictionary key is not a string")
	ErrKeyOrder     = errors.New("dictionary keys are not sorted")
	ErrDuplicateKey = errors.New("dictionary key appears twice")
	ErrDepth        = errors.New("lists and dictionaries nest too deeply")
	ErrTrailing     = errors.New("bytes follow the value")
)

// Error says where in the input, counted in bytes, and why parsing stopped.
// Reason is one of this package's Err values.
type Error struct {
	Offset int
	Reason error
}

func (e *Error) Error() string {
	return fmt.Sprintf("parse bencoding at byte %d: %v", e.Offset, e.Reason)
}

func (e *Error) Unwrap() error { return e.Reason }

// Parse validates b as exactly one canonical value: keys sorted as raw bytes
// and unique, numbers without leading zeros or minus zero, integers within
// int64, at most MaxDepth levels, no bytes behind the value. The Value shares
// b, which must not change while the Value is in use. The error is an *Error.
func Parse(b []byte) (Value, error) {
	p := parser{b: b, strict: true}
	end, err := p.value(0, 0)
	if err != nil {
		return Value{}, err
	}
	if end != len(b) {
		return Value{}, &Error{end, ErrTrailing}
	}
	return Value{b[:end:end]}, nil
}

// ParseLenient validates the value that b begins with and returns it together
// with the bytes behind it. It is as strict as Parse except that dictionary
// keys may come in any order; a key that appears twice is still refused, since
// two readers could disagree on which one counts. The error is an *Error.
func ParseLenient(b []byte) (v Value, rest []byte, err error) {
	p := parser{b: b}
	end, err := p.value(0, 0)
	if err != nil {
		return Value{}, nil, err
	}
	return Value{b[:end:end]}, b[end:], nil
}
