package extension

import (
	"testing"

	"github.com/warren-p2p/warren/peerwire"
)

// BEP 54 prints the whole message: <len=0x0006><op=20><subop=xx><index>.
func TestDontHave(t *testing.T) {
	want := DontHave{0x01020304}
	msg := peerwire.AppendExtended(nil, 7, want.Append(nil))
	if string(msg) != string(unhex(t, "00000006 14 07 01020304")) {
		t.Errorf("got %x", msg)
	}
	got, err := ParseDontHave(msg[6:])
	if err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	for n := range 9 {
		if _, err := ParseDontHave(make([]byte, n)); n != 4 {
			checkError(t, err, NameDontHave, peerwire.ErrLength)
		}
	}
}

func FuzzDontHave(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4})
	f.Fuzz(func(t *testing.T, payload []byte) {
		d, err := ParseDontHave(payload)
		if (err == nil) != (len(payload) == 4) {
			t.Fatalf("%x: %v", payload, err)
		}
		if err == nil && string(d.Append(nil)) != string(payload) {
			t.Fatalf("%x became %+v", payload, d)
		}
	})
}
