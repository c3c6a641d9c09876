package bencode

import (
	"testing"

	"pgregory.net/rapid"
)

func TestAppend(t *testing.T) {
	value := mustParse(t, "d1:ali1eee")
	for _, tt := range []struct {
		in   any
		want string
	}{
		{0, "i0e"},
		{-7, "i-7e"},
		{int64(1) << 40, "i1099511627776e"},
		{"", "0:"},
		{"spam", "4:spam"},
		{[]byte{0, 0xff}, "2:\x00\xff"},
		{[]byte(nil), "0:"},
		{[]any{}, "le"},
		{[]any{1, "a", []any{2}}, "li1e1:ali2eee"},
		{map[string]any{}, "de"},
		{map[string]any{"b": 1, "a": "x", "B": 2, "aa": 3}, "d1:Bi2e1:a1:x2:aai3e1:bi1ee"},
		{value, "d1:ali1eee"},
		{value.Get("a"), "li1ee"},
		{Raw("4:spam"), "4:spam"},
		{map[string]any{"info": value, "raw": Raw("i1e")}, "d4:infod1:ali1eee3:rawi1ee"},
		{map[string]any{"a": Value{}, "b": 1, "c": Raw(nil)}, "d1:bi1ee"},
		{[]any{Value{}, 1, Raw{}}, "li1ee"},
	} {
		got := Append([]byte("x"), tt.in)
		if string(got) != "x"+tt.want {
			t.Errorf("%v: got %q, want %q", tt.in, got[1:], tt.want)
		}
		if _, err := Parse(got[1:]); err != nil {
			t.Errorf("%v: %v", tt.in, err)
		}
	}
}

func TestAppendUnsupported(t *testing.T) {
	for _, v := range []any{nil, true, uint8(1), 1.5, []string{"a"}, map[string]string{}, []any{nil}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%T was accepted", v)
				}
			}()
			Append(nil, v)
		}()
	}
}

// tree draws any value Append supports, at most depth levels of it.
func tree(depth int) *rapid.Generator[any] {
	leaves := []*rapid.Generator[any]{
		rapid.Int64().AsAny(),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) any { return string(b) }),
	}
	if depth == 0 {
		return rapid.OneOf(leaves...)
	}
	inner := tree(depth - 1)
	return rapid.OneOf(append(leaves,
		rapid.SliceOfN(inner, 0, 6).AsAny(),
		rapid.MapOfN(rapid.String(), inner, 0, 6).AsAny())...)
}

// goValue turns a view back into what Append takes, so that encoding it again
// proves both directions.
func goValue(v Value) any {
	switch v.Kind() {
	case Int:
		n, _ := v.Int()
		return n
	case String:
		s, _ := v.Text()
		return s
	case List:
		l := []any{}
		for e := range v.All() {
			l = append(l, goValue(e))
		}
		return l
	case Dict:
		m := map[string]any{}
		for k, e := range v.Dict() {
			m[k] = goValue(e)
		}
		return m
	}
	return nil
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		enc := Append(nil, tree(4).Draw(t, "tree"))
		v, err := Parse(enc)
		if err != nil {
			t.Fatalf("parse %q: %v", enc, err)
		}
		if again := Append(nil, goValue(v)); string(again) != string(enc) {
			t.Fatalf("%q became %q", enc, again)
		}
	})
}
