package words_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"github.com/warren-p2p/warren/internal/words"
)

func TestBytes(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 B", 1: "1 B", 999: "999 B", 1000: "1.00 kB", 1500: "1.50 kB", 9994: "9.99 kB", 9996: "10.0 kB",
		99_940: "99.9 kB", 99_960: "100 kB", 999_499: "999 kB", 999_500: "1.00 MB", 1 << 20: "1.05 MB",
		128_000_000: "128 MB", 1 << 30: "1.07 GB", math.MaxInt64: "9.22 EB",
	} {
		if got := words.Bytes(n); got != want {
			t.Errorf("Bytes(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestDurations(t *testing.T) {
	for _, c := range []struct {
		d          time.Duration
		said, left string
	}{
		{0, "0 ms", "0:00"},
		{-time.Second, "0 ms", "0:00"},
		{35 * time.Millisecond, "35 ms", "0:00"},
		{1800 * time.Millisecond, "1.8 s", "0:02"},
		{9940 * time.Millisecond, "9.9 s", "0:10"},
		{9990 * time.Millisecond, "10 s", "0:10"},
		{59700 * time.Millisecond, "1 min", "1:00"},
		{12 * time.Second, "12 s", "0:12"},
		{200 * time.Second, "3 min 20 s", "3:20"},
		{180 * time.Second, "3 min", "3:00"},
		{2*time.Hour + 5*time.Minute + time.Second, "2 h 5 min", "2:05:01"},
		{76 * time.Hour, "3 d 4 h", "3 d"},
	} {
		if got := words.Duration(c.d); got != c.said {
			t.Errorf("Duration(%v) = %q, want %q", c.d, got, c.said)
		}
		if got := words.Left(c.d); got != c.left {
			t.Errorf("Left(%v) = %q, want %q", c.d, got, c.left)
		}
	}
}

func TestCounts(t *testing.T) {
	for n, want := range map[int]string{0: "0 files", 1: "1 file", 999: "999 files", 1000: "1,000 files", 1234567: "1,234,567 files"} {
		if got := words.Count(n, "file", "files"); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
	if got := words.RateOver(1000, 0); got != 0 {
		t.Errorf("a rate over no time: %d", got)
	}
	if got := words.Rate(words.RateOver(3_000_000, 2*time.Second)); got != "1.50 MB/s" {
		t.Errorf("rate %q", got)
	}
}

// TestPercent: 100 is said only of all, whatever the size.
func TestPercent(t *testing.T) {
	if got := words.Percent(0, 0); got != 0 {
		t.Errorf("of nothing: %d", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.Int64Range(1, 1<<50).Draw(t, "whole")
		part := rapid.Int64Range(0, whole).Draw(t, "part")
		if got := words.Percent(part, whole); got < 0 || got > 100 || (got == 100) != (part == whole) {
			t.Fatalf("Percent(%d, %d) = %d", part, whole, got)
		}
	})
}

func TestSize(t *testing.T) {
	for text, want := range map[string]words.Size{
		"0": 0, "524288": 524288, "512KiB": 524288, "512 kib": 524288, "10MB": 10_000_000, "1.5GB": 1_500_000_000,
		"1GiB": 1 << 30, "7b": 7, "3k": 3000, "2M": 2_000_000, "1TiB": 1 << 40, " 5kB ": 5000,
	} {
		var got words.Size
		if err := got.UnmarshalText([]byte(text)); err != nil || got != want {
			t.Errorf("%q = %d, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "MB", "-1", "+1", "1e9", "inf", "nan", "0x10", "1..2", "10 parsec", "9223372036854775808", "99999999TB", "1/s"} {
		var got words.Size
		if err := got.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q was taken for %d", text, got)
		}
	}
	var s words.Speed
	if err := s.UnmarshalText([]byte("2MB/s")); err != nil || s != 2_000_000 {
		t.Errorf("speed %d, %v", s, err)
	}
}

func TestSpeed(t *testing.T) {
	var s words.Speed
	for _, text := range []string{"0", "0/s", "10B", "5 kB/s"} {
		if err := s.UnmarshalText([]byte(text)); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, text := range []string{"10", "1.5", "10/s"} {
		if err := s.UnmarshalText([]byte(text)); !errors.Is(err, words.ErrUnit) {
			t.Errorf("%q was taken for %d, %v", text, s, err)
		}
	}
}

func TestShell(t *testing.T) {
	for in, want := range map[string]string{
		"a/b-c.torrent": "a/b-c.torrent",
		"köln.bin":      "köln.bin",
		"a b":           "'a b'",
		"it's":          `'it'\''s'`,
		"$HOME;`ls`":    "'$HOME;`ls`'",
		"-rf":           "'./-rf'",
		"":              "''",
		"a\x1b[2J":      "'a�[2J'",
		"~/x":           "'~/x'",
	} {
		if got := words.Shell(in); got != want {
			t.Errorf("Shell(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"häschen 兎.bin":      "häschen 兎.bin",
		"a\x1b[2Jb":          "a�[2Jb",
		"two\nlines":         "two�lines",
		"txt.\u202eexe":      "txt.�exe",
		"bad \xff byte":      "bad � byte",
		"zero\u200bwidth":    "zero�width",
		"c1 control \u009bA": "c1 control �A",
	} {
		if got := words.Plain(in); got != want {
			t.Errorf("Plain(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzSize(f *testing.F) {
	for _, s := range []string{"512KiB", "1.5GB", "-1", "1e9", "9223372036854775807", "0.1", "..", "MB"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var n words.Size
		if err := n.UnmarshalText([]byte(s)); err == nil && n < 0 {
			t.Errorf("%q = %d", s, n)
		}
		for _, r := range words.Plain(s) {
			if !unicode.IsPrint(r) {
				t.Errorf("Plain(%q) has %q", s, r)
			}
		}
		if strings.ContainsRune(words.Plain(s), '\x1b') {
			t.Errorf("Plain(%q) has an escape", s)
		}
	})
}
