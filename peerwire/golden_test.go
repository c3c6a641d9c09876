package peerwire

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"
)

// unhex reads golden bytes, which may be grouped by spaces.
func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// payloadOf takes a whole message apart as a reader would.
func payloadOf(t testing.TB, msg []byte, id ID) []byte {
	t.Helper()
	n := binary.BigEndian.Uint32(msg)
	if int(n) != len(msg)-4 || ID(msg[4]) != id {
		t.Fatalf("%x: length prefix %d for %d bytes, id %v, want %v", msg, n, len(msg)-4, ID(msg[4]), id)
	}
	if err := CheckLength(id, n, 0); err != nil {
		t.Errorf("%x: %v", msg, err)
	}
	return msg[headerLen:]
}

// golden is one message in both directions.
type golden[T any] struct {
	name string
	hex  string
	id   ID
	msg  T
	app  func(dst []byte, msg T) []byte
}

func checkGolden[T any](t *testing.T, parse func(ID, []byte) (T, error), tests []golden[T]) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := unhex(t, tt.hex)
			got := tt.app([]byte{0xee}, tt.msg)
			if string(got[1:]) != string(want) || got[0] != 0xee {
				t.Errorf("append: got %x, want ee%x", got, want)
			}
			msg, err := parse(tt.id, payloadOf(t, want, tt.id))
			if err != nil || !reflect.DeepEqual(msg, tt.msg) {
				t.Errorf("parse: got %+v, %v, want %+v", msg, err, tt.msg)
			}
		})
	}
}

// checkError wants an *Error about message that wraps reason.
func checkError(t *testing.T, err error, message string, reason error) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Message != message || !errors.Is(err, reason) {
		t.Errorf("got %v, want one about %q: %v", err, message, reason)
	}
}

// checkLengths feeds parse every payload length up to 100 bytes and wants all
// but the good ones refused.
func checkLengths[T any](t *testing.T, message string, parse func([]byte) (T, error), good func(int) bool) {
	t.Helper()
	for n := range 100 {
		if _, err := parse(make([]byte, n)); !good(n) {
			checkError(t, err, message, ErrLength)
		}
	}
}
