package bencode

import (
	"bytes"
	"errors"
	"testing"
)

func addSeeds(f *testing.F) {
	for _, tt := range refused {
		if len(tt.in) < 1000 {
			f.Add([]byte(tt.in))
		}
	}
}

// checkGet walks v and looks every key up again.
func checkGet(t *testing.T, v Value) {
	n := 0
	for k, e := range v.Dict() {
		n++
		if !bytes.Equal(v.Get(k).Raw(), e.Raw()) {
			t.Fatalf("%q: Get(%q) is not the value the walk shows", v.Raw(), k)
		}
		checkGet(t, e)
	}
	for e := range v.All() {
		n++
		checkGet(t, e)
	}
	if v.Kind() != String && n != v.Len() {
		t.Fatalf("%q: walked %d, Len %d", v.Raw(), n, v.Len())
	}
}

// What Parse accepts is canonical: decoding and encoding gives the same bytes.
func FuzzParse(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := Parse(b)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Offset < 0 || e.Offset > len(b) {
				t.Fatalf("error without a place in the input: %v", err)
			}
			return
		}
		if again := Append(nil, goValue(v)); !bytes.Equal(again, b) {
			t.Fatalf("%q is not canonical: %q", b, again)
		}
		checkGet(t, v)
	})
}

// What ParseLenient accepts differs from canonical in order alone.
func FuzzParseLenient(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		v, rest, err := ParseLenient(b)
		_, strict := Parse(b)
		if err != nil {
			if strict == nil {
				t.Fatalf("Parse accepts %q, ParseLenient says %v", b, err)
			}
			return
		}
		if !bytes.Equal(append(bytes.Clone(v.Raw()), rest...), b) {
			t.Fatalf("%q was split into %q and %q", b, v.Raw(), rest)
		}
		if again := Append(nil, goValue(v)); len(again) != len(v.Raw()) {
			t.Fatalf("%q holds duplicates: %q", v.Raw(), again)
		}
		checkGet(t, v)
	})
}
