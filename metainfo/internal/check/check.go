// Package check reads the values of a torrent and says which of them are bad.
package check

import (
	"errors"
	"fmt"
	"strings"

	"github.com/warren-p2p/warren/internal/wire/bencode"
)

// The reasons a value is refused, found with errors.Is; those of names are in
// package pathname.
var (
	ErrMissing     = errors.New("is missing")
	ErrType        = errors.New("has the wrong type")
	ErrRange       = errors.New("is out of range")
	ErrVersion     = errors.New("is of an unsupported version")
	ErrEmpty       = errors.New("there is nothing in it")
	ErrPieceLength = errors.New("not a usable piece length")
	ErrPieceCount  = errors.New("number of pieces does not fit the length of the content")
	ErrPad         = errors.New("padding is misplaced")
	ErrHybrid      = errors.New("version 1 and version 2 describe different content")
)

// Error is metainfo.FieldError, where it is described.
type Error struct {
	Field string // such as info.files[3].path; empty for the whole
	Err   error
}

func (e *Error) Error() string {
	if e.Field == "" {
		return e.Err.Error()
	}
	return e.Field + ": " + e.Err.Error()
}

func (e *Error) Unwrap() error { return e.Err }

// Bad returns an [Error].
func Bad(field string, err error) error { return &Error{Field: field, Err: err} }

// Badf adds what was found to the reason, which stays visible to errors.Is.
func Badf(field string, reason error, format string, args ...any) error {
	return Bad(field, fmt.Errorf("%w: "+format, append([]any{reason}, args...)...))
}

// FileField names a file of version 1 in errors.
func FileField(i int) string { return fmt.Sprintf("info.files[%d]", i) }

// TreeField names a file of the tree in errors.
func TreeField(path []string) string {
	return fmt.Sprintf("info.file tree[%q]", strings.Join(path, "/"))
}

// Int returns an integer.
func Int(v bencode.Value, field string) (int64, error) {
	n, ok := v.Int()
	if !ok {
		return 0, Bad(field, Absent(v))
	}
	return n, nil
}

// Text returns a string.
func Text(v bencode.Value, field string) (string, error) {
	s, ok := v.Text()
	if !ok {
		return "", Bad(field, Absent(v))
	}
	return s, nil
}

// Bytes returns a string as the bytes it arrived in.
func Bytes(v bencode.Value, field string) ([]byte, error) {
	b, ok := v.Bytes()
	if !ok {
		return nil, Bad(field, Absent(v))
	}
	return b, nil
}

// Texts returns a list of strings.
func Texts(v bencode.Value, field string) ([]string, error) {
	if v.Kind() != bencode.List {
		return nil, Bad(field, Absent(v))
	}
	var list []string
	for e := range v.All() {
		s, ok := e.Text()
		if !ok {
			return nil, Bad(fmt.Sprintf("%s[%d]", field, len(list)), ErrType)
		}
		list = append(list, s)
	}
	return list, nil
}

// Absent returns the reason a value is not of the type that was asked for.
func Absent(v bencode.Value) error {
	if v.Kind() == bencode.Invalid {
		return ErrMissing
	}
	return ErrType
}
