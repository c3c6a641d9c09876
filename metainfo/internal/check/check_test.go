package check

import (
	"errors"
	"slices"
	"testing"

	"github.com/warren-p2p/warren/internal/wire/bencode"
)

// TestValues asks the values of a dictionary for each type.
func TestValues(t *testing.T) {
	v, err := bencode.Parse([]byte("d1:ii-3e1:lli1e1:ae1:s2:ab1:tl1:a1:bee"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		key                     string
		i, text, bytes, strings string // the error, empty for none
	}{
		{"i", "", "f: has the wrong type", "f: has the wrong type", "f: has the wrong type"},
		{"s", "f: has the wrong type", "", "", "f: has the wrong type"},
		{"l", "f: has the wrong type", "f: has the wrong type", "f: has the wrong type", "f[0]: has the wrong type"},
		{"t", "f: has the wrong type", "f: has the wrong type", "f: has the wrong type", ""},
		{"none", "f: is missing", "f: is missing", "f: is missing", "f: is missing"},
	} {
		n, errInt := Int(v.Get(c.key), "f")
		s, errText := Text(v.Get(c.key), "f")
		b, errBytes := Bytes(v.Get(c.key), "f")
		list, errTexts := Texts(v.Get(c.key), "f")
		for i, want := range []string{c.i, c.text, c.bytes, c.strings} {
			got := ""
			if err := []error{errInt, errText, errBytes, errTexts}[i]; err != nil {
				got = err.Error()
			}
			if got != want {
				t.Errorf("%s as type %d: %q, want %q", c.key, i, got, want)
			}
		}
		if errInt == nil && n != -3 || errText == nil && s != "ab" || errBytes == nil && string(b) != "ab" ||
			errTexts == nil && !slices.Equal(list, []string{"a", "b"}) {
			t.Errorf("%s: %d, %q, %q, %q", c.key, n, s, b, list)
		}
	}
}

func TestBadf(t *testing.T) {
	err := Badf("info.x", ErrRange, "%d", 7)
	var bad *Error
	if !errors.As(err, &bad) || bad.Field != "info.x" || !errors.Is(err, ErrRange) || err.Error() != "info.x: is out of range: 7" {
		t.Errorf("%v", err)
	}
	if err := Bad("", ErrEmpty); err.Error() != ErrEmpty.Error() {
		t.Errorf("%v", err)
	}
}
