package bencode

import (
	"math"
	"slices"
	"strings"
	"testing"
)

func mustParse(t testing.TB, in string) Value {
	t.Helper()
	v, err := Parse([]byte(in))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestKindAndAccessors(t *testing.T) {
	for _, tt := range []struct {
		in   string
		kind Kind
		n    int64
		text string
		len  int
	}{
		{"i0e", Int, 0, "", 0},
		{"i-42e", Int, -42, "", 0},
		{"i9223372036854775807e", Int, math.MaxInt64, "", 0},
		{"i-9223372036854775808e", Int, math.MinInt64, "", 0},
		{"0:", String, 0, "", 0},
		{"4:spam", String, 0, "spam", 4},
		{"11:\xff23456789:e", String, 0, "\xff23456789:e", 11},
		{"le", List, 0, "", 0},
		{"li1eli2ei3eed1:a1:bee", List, 0, "", 3},
		{"de", Dict, 0, "", 0},
		{"d1:ai1e1:bde1:cli1eee", Dict, 0, "", 3},
	} {
		v := mustParse(t, tt.in)
		n, isInt := v.Int()
		b, isBytes := v.Bytes()
		text, isText := v.Text()
		if v.Kind() != tt.kind || n != tt.n || text != tt.text || string(b) != tt.text || v.Len() != tt.len {
			t.Errorf("%q: kind %d, %d, %q, %q, len %d", tt.in, v.Kind(), n, text, b, v.Len())
		}
		if isInt != (tt.kind == Int) || isBytes != (tt.kind == String) || isText != isBytes {
			t.Errorf("%q: int %t, bytes %t, text %t", tt.in, isInt, isBytes, isText)
		}
	}
}

func TestAbsent(t *testing.T) {
	for _, v := range []Value{{}, mustParse(t, "de").Get("a"), mustParse(t, "i1e").Get("a").Get("b")} {
		_, isInt := v.Int()
		_, isBytes := v.Bytes()
		if v.Kind() != Invalid || v.Raw() != nil || v.Len() != 0 || isInt || isBytes {
			t.Errorf("absent value: kind %d, raw %q, len %d", v.Kind(), v.Raw(), v.Len())
		}
		for e := range v.All() {
			t.Errorf("absent value has an element %q", e.Raw())
		}
		for k := range v.Dict() {
			t.Errorf("absent value has a key %q", k)
		}
	}
}

func TestWalk(t *testing.T) {
	v := mustParse(t, "d1:ad2:id4:spame1:bli1el2:xyee1:ci-7ee")
	var keys []string
	for k, e := range v.Dict() {
		keys = append(keys, k+"="+string(e.Raw()))
	}
	want := []string{"a=d2:id4:spame", "b=li1el2:xyee", "c=i-7e"}
	if !slices.Equal(keys, want) {
		t.Errorf("got %q, want %q", keys, want)
	}
	if s, _ := v.Get("a").Get("id").Text(); s != "spam" {
		t.Errorf("a.id = %q", s)
	}
	var elements []string
	for e := range v.Get("b").All() {
		elements = append(elements, string(e.Raw()))
	}
	if !slices.Equal(elements, []string{"i1e", "l2:xye"}) {
		t.Errorf("b = %q", elements)
	}
	for range v.Dict() {
		break
	}
	for range v.Get("b").All() {
		break
	}
}

// A view must not let its holder write over what lies behind it.
func TestViewsAreCapped(t *testing.T) {
	in := []byte("l3:abc3:defe")
	v, err := Parse(in)
	if err != nil {
		t.Fatal(err)
	}
	for e := range v.All() {
		b, _ := e.Bytes()
		_ = append(b, "XXX"...)
		_ = append(e.Raw(), "YYY"...)
	}
	if string(in) != "l3:abc3:defe" {
		t.Errorf("input became %q", in)
	}
}

func TestGetAllocatesNothing(t *testing.T) {
	v := mustParse(t, "d1:mde1:pi6881e4:reqqi250e1:v6:warrene")
	if n := testing.AllocsPerRun(100, func() {
		if _, ok := v.Get("reqq").Int(); !ok {
			t.Fatal("no reqq")
		}
		if _, ok := v.Get("v").Bytes(); !ok {
			t.Fatal("no v")
		}
	}); n != 0 {
		t.Errorf("Get allocates %v times", n)
	}
}

func BenchmarkWalk(b *testing.B) {
	var in strings.Builder
	in.WriteString("d5:filesl")
	for range 200_000 {
		in.WriteString("d6:lengthi16384e4:pathl3:dir4:fileee")
	}
	in.WriteString("ee")
	v := mustParse(b, in.String())
	b.SetBytes(int64(in.Len()))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for f := range v.Get("files").All() {
			n += f.Get("path").Len()
		}
		if n != 400_000 {
			b.Fatal(n)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	in := []byte("l" + strings.Repeat("d6:lengthi16384e4:pathl3:dir4:fileee", 200_000) + "e")
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(in); err != nil {
			b.Fatal(err)
		}
	}
}
