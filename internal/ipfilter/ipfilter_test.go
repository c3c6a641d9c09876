package ipfilter_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/ipfilter"
	"pgregory.net/rapid"
)

func read(t testing.TB, lists ...string) (*ipfilter.List, int) {
	t.Helper()
	var b ipfilter.Builder
	all := 0
	for _, l := range lists {
		skipped, err := b.Read(strings.NewReader(l))
		if err != nil {
			t.Fatal(err)
		}
		all += skipped
	}
	return b.List(), all
}

func TestFormats(t *testing.T) {
	for _, c := range []struct {
		name, list  string
		on, off     string
		len, missed int
	}{
		{"eMule", "# comment\n001.009.096.105 - 001.009.096.110 , 000 , Some (org), Ltd\r\n" +
			"010.000.000.000 - 010.255.255.255 , 127 , b\n011.000.000.000 - 011.255.255.255 , 128 , allowed\n",
			"1.9.96.105 1.9.96.110 10.0.0.0 10.255.255.255 ::ffff:10.1.1.1", "1.9.96.104 1.9.96.111 9.255.255.255 11.0.0.0", 2, 0},
		{"PeerGuardian", "Org: with, colons - and:1.2.3.4-1.2.3.9\nOther:5.6.7.8-5.6.7.8\n// comment\n\n",
			"1.2.3.4 1.2.3.9 5.6.7.8", "1.2.3.3 1.2.3.10 5.6.7.7 5.6.7.9", 2, 0},
		{"plain", "192.0.2.0/24\n198.51.100.7\n2001:db8::/32\n2001:db9::1-2001:db9::ff\n0.0.0.0/32\n255.255.255.255\n",
			"192.0.2.0 192.0.2.255 198.51.100.7 2001:db8:: 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff 2001:db9::80 0.0.0.0 255.255.255.255",
			"192.0.1.255 192.0.3.0 198.51.100.6 2001:db7:ffff:: 2001:db9:: 2001:db9::100 0.0.0.1", 6, 0},
		{"host bits", "192.0.2.77/24", "192.0.2.0 192.0.2.255", "192.0.3.0", 1, 0},
		{"all of it", "0.0.0.0/0\n::/0\n255.255.255.255\nffff::/16", "1.2.3.4 255.255.255.255 ::1 ffff::1", "", 2, 0},
		{"touching", "1.0.0.0/25\n1.0.0.128/25\n1.0.1.0-1.0.2.0\n1.0.0.5\n", "1.0.0.0 1.0.1.255 1.0.2.0", "1.0.2.1 0.255.255.255", 1, 0},
		{"sloppy", "1.2.3.4\nnonsense\n1.2.3\n1.2.3.4.5\n1.2.3.256\n9.9.9.9-1.1.1.1\n1.1.1.1-::1\n1.1.1.1/33\nx:0001.1.1.1-2.2.2.2\n1.1.1.1/-1\n",
			"1.2.3.4", "1.1.1.1 9.9.9.9", 1, 9},
		{"mapped", "::ffff:1.2.3.4-::ffff:1.2.3.9", "1.2.3.5", "1.2.3.10", 1, 0},
	} {
		l, missed := read(t, c.list)
		if l.Len() != c.len || missed != c.missed {
			t.Errorf("%s: %d ranges, %d lines skipped", c.name, l.Len(), missed)
		}
		for want, addrs := range map[bool]string{true: c.on, false: c.off} {
			for a := range strings.FieldsSeq(addrs) {
				if l.Blocks(netip.MustParseAddr(a)) != want {
					t.Errorf("%s: %s is on the list: %v", c.name, a, !want)
				}
			}
		}
	}
	var none *ipfilter.List
	if none.Blocks(netip.MustParseAddr("1.2.3.4")) || none.Len() != 0 {
		t.Error("the empty list blocks")
	}
}

func TestGzip(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = io.WriteString(z, "a:1.2.3.4-1.2.3.9\n")
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	l, _ := read(t, packed.String(), "5.6.7.8")
	if l.Len() != 2 || !l.Blocks(netip.MustParseAddr("1.2.3.5")) {
		t.Errorf("%d ranges", l.Len())
	}
	var b ipfilter.Builder
	if _, err := b.Read(bytes.NewReader(packed.Bytes()[:packed.Len()-9])); err == nil {
		t.Error("half a file passed")
	}
}

// zeros never ends.
type zeros struct{ line string }

func (z zeros) Read(p []byte) (int, error) { return copy(p, z.line), nil }

func TestRefused(t *testing.T) {
	for name, c := range map[string]struct {
		in   io.Reader
		want error
	}{
		"HTML":       {strings.NewReader("<html>\n<p>not found</p>\n"), ipfilter.ErrNoList},
		"one line":   {zeros{strings.Repeat("0", 100)}, ipfilter.ErrNoList},
		"never ends": {zeros{"1.2.3.4\n"}, ipfilter.ErrTooMany},
	} {
		var b ipfilter.Builder
		if _, err := b.Read(c.in); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if l, _ := read(t, "", "# nothing\n"); l.Len() != 0 {
		t.Error("nothing is something")
	}
}

// A list blocks exactly what its ranges say, however they overlap.
func TestListIsItsRanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		six := rapid.Bool().Draw(t, "six")
		at := func(n int) netip.Addr {
			var b [16]byte
			if six {
				b[7] = byte(n >> 8) // across both halves
				b[15] = byte(n)
				return netip.AddrFrom16(b)
			}
			return netip.AddrFrom4([4]byte{255, 255, 255 - byte(^n>>8), byte(n)})
		}
		var text strings.Builder
		in := map[netip.Addr]bool{}
		for range rapid.IntRange(1, 20).Draw(t, "ranges") {
			first := rapid.IntRange(0, 250).Draw(t, "first")
			last := rapid.IntRange(first, 255).Draw(t, "last")
			fmt.Fprintf(&text, "%v-%v\n", at(first), at(last))
			for i := first; i <= last; i++ {
				in[at(i)] = true
			}
		}
		var b ipfilter.Builder
		if _, err := b.Read(strings.NewReader(text.String())); err != nil {
			t.Fatal(err)
		}
		l := b.List()
		for i := range 256 {
			if l.Blocks(at(i)) != in[at(i)] {
				t.Fatalf("%v: %v, want %v", at(i), l.Blocks(at(i)), in[at(i)])
			}
		}
	})
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"001.009.096.105 - 001.009.096.110 , 000 , name\n", "name:1.2.3.4-1.2.3.9\n", "1.0.0.0/8\n::/0\n", "1.2.3.4 # x\r\n;y\n\x1f\x8b",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		var b ipfilter.Builder
		if _, err := b.Read(bytes.NewReader(in)); err != nil {
			return
		}
		l := b.List()
		if l.Len() > bytes.Count(in, []byte("\n"))+1 && !bytes.HasPrefix(in, []byte{0x1f, 0x8b}) {
			t.Fatalf("%d ranges in %d lines", l.Len(), bytes.Count(in, []byte("\n")))
		}
		for _, a := range []string{"0.0.0.0", "255.255.255.255", "::", "1.2.3.4", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"} {
			l.Blocks(netip.MustParseAddr(a))
		}
	})
}

// Half a million ranges are read in less than a second or so, and take eight
// bytes each.
func BenchmarkRead(b *testing.B) {
	var text bytes.Buffer
	for i := range uint32(500_000) {
		n := i * 8000
		fmt.Fprintf(&text, "Some organisation:%d.%d.%d.%d-%d.%d.%d.%d\n", n>>24, n>>16&255, n>>8&255, n&255, n>>24, n>>16&255, n>>8&255, n&255|3)
	}
	for b.Loop() {
		var l ipfilter.Builder
		if _, err := l.Read(bytes.NewReader(text.Bytes())); err != nil {
			b.Fatal(err)
		}
		if n := l.List().Len(); n != 500_000 {
			b.Fatal(n)
		}
	}
}
