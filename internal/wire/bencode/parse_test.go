package bencode

import (
	"errors"
	"strings"
	"testing"
)

func nest(n int) string { return strings.Repeat("l", n) + strings.Repeat("e", n) }

var refused = []struct {
	name   string
	in     string
	offset int
	reason error
}{
	{"empty", "", 0, ErrTruncated},
	{"stray end", "e", 0, ErrSyntax},
	{"unknown type", "x", 0, ErrSyntax},
	{"minus first", "-1:a", 0, ErrSyntax},
	{"integer without digits", "ie", 1, ErrSyntax},
	{"integer of a sign", "i-e", 2, ErrSyntax},
	{"integer with a plus", "i+1e", 1, ErrSyntax},
	{"integer with a space", "i 1e", 1, ErrSyntax},
	{"integer with a point", "i1.5e", 2, ErrSyntax},
	{"integer open", "i12", 3, ErrTruncated},
	{"integer just begun", "i", 1, ErrTruncated},
	{"leading zero", "i03e", 1, ErrLeadingZero},
	{"two zeros", "i00e", 1, ErrLeadingZero},
	{"negative leading zero", "i-03e", 2, ErrLeadingZero},
	{"minus zero", "i-0e", 2, ErrNegativeZero},
	{"above int64", "i9223372036854775808e", 1, ErrRange},
	{"below int64", "i-9223372036854775809e", 2, ErrRange},
	{"above uint64", "i18446744073709551616e", 1, ErrRange},
	{"huge integer", "i" + strings.Repeat("9", 500) + "e", 1, ErrRange},
	{"string too long", "5:abc", 0, ErrLength},
	{"string claims 4 GiB", "4294967296:", 0, ErrLength},
	{"string claims beyond int64", strings.Repeat("9", 40) + ":", 0, ErrLength},
	{"string without colon", "1", 1, ErrTruncated},
	{"string with another mark", "1;a", 1, ErrSyntax},
	{"string with leading zero", "01:a", 0, ErrLeadingZero},
	{"empty string with two zeros", "00:", 0, ErrLeadingZero},
	{"open list", "li1e", 4, ErrTruncated},
	{"bad element", "li1eie", 5, ErrSyntax},
	{"open dictionary", "d1:a1:b", 7, ErrTruncated},
	{"key without value", "d1:ae", 4, ErrSyntax},
	{"key and the end of input", "d1:a", 4, ErrTruncated},
	{"integer key", "di1ei2ee", 1, ErrKeyType},
	{"list key", "dle1:ae", 1, ErrKeyType},
	{"key too long", "d9:a", 1, ErrLength},
	{"duplicate key", "d1:ai1e1:ai2ee", 7, ErrDuplicateKey},
	{"duplicate empty key", "d0:i1e0:i2ee", 6, ErrDuplicateKey},
	{"nested too deeply", nest(MaxDepth + 1), MaxDepth, ErrDepth},
	{"dictionaries nested too deeply", strings.Repeat("d0:", 1000), 3 * MaxDepth, ErrDepth},
	{"bomb", strings.Repeat("l", 1<<20), MaxDepth, ErrDepth},
}

func checkRefused(t *testing.T, err error, offset int, reason error) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || !errors.Is(err, reason) || e.Offset != offset {
		t.Errorf("got %v, want byte %d: %v", err, offset, reason)
	}
}

func TestRefused(t *testing.T) {
	for _, tt := range refused {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse([]byte(tt.in))
			checkRefused(t, err, tt.offset, tt.reason)
			_, _, err = ParseLenient([]byte(tt.in))
			checkRefused(t, err, tt.offset, tt.reason)
		})
	}
}

func TestRefusedByParseAlone(t *testing.T) {
	for _, tt := range []struct {
		name   string
		in     string
		offset int
		reason error
		rest   string
	}{
		{"trailing byte", "i1ee", 3, ErrTrailing, "e"},
		{"trailing newline", "de\n", 2, ErrTrailing, "\n"},
		{"two values", "0:0:", 2, ErrTrailing, "0:"},
		{"keys not sorted", "d1:bi1e1:ai2ee", 7, ErrKeyOrder, ""},
		{"longer key first", "d2:aai1e1:ai2ee", 8, ErrKeyOrder, ""},
		{"keys sorted as text but not as bytes", "d1:ai1e1:Bi2ee", 7, ErrKeyOrder, ""},
		{"unsorted inside a list", "ld1:bi1e1:ai2eee", 8, ErrKeyOrder, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse([]byte(tt.in))
			checkRefused(t, err, tt.offset, tt.reason)
			v, rest, err := ParseLenient([]byte(tt.in))
			if err != nil || string(rest) != tt.rest || string(v.Raw())+tt.rest != tt.in {
				t.Errorf("lenient: %q, rest %q, %v", v.Raw(), rest, err)
			}
		})
	}
}

func TestLenientRefusesDistantDuplicates(t *testing.T) {
	in := []byte("d1:ci1e1:ai2e1:bi3e1:ci4ee")
	_, _, err := ParseLenient(in)
	checkRefused(t, err, 0, ErrDuplicateKey)
	_, _, err = ParseLenient([]byte("d1:xd1:bi1e1:a0:1:bi1eee"))
	checkRefused(t, err, 4, ErrDuplicateKey)
}

func TestAccepted(t *testing.T) {
	for _, in := range []string{
		"i0e", "i-1e", "i9223372036854775807e", "i-9223372036854775808e",
		"0:", "1::", "3:\x00\xff:", "le", "de", "d0:0:e", "d0:0:1:\x000:e",
		"d1:Ai1e1:ai2e2:aai3e1:bi4ee", "llelldeeee", nest(MaxDepth),
	} {
		v, err := Parse([]byte(in))
		if err != nil || string(v.Raw()) != in {
			t.Errorf("Parse(%q) = %q, %v", in, v.Raw(), err)
		}
	}
}

// A claim of length must not reserve memory.
func TestClaimedLengthAllocatesNothing(t *testing.T) {
	in := []byte("d4:datal10:1234567890e4:fileli1ei2ee4:zzzz3:abce")
	if n := testing.AllocsPerRun(100, func() {
		if _, err := Parse(in); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("parsing a valid value allocates %v times", n)
	}
	huge := []byte("999999999999:a")
	if n := testing.AllocsPerRun(100, func() { _, _ = Parse(huge) }); n > 1 {
		t.Errorf("refusing a claim allocates %v times, want the error alone", n)
	}
}
