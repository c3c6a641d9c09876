package words

import (
	"errors"
	"testing"
	"time"
)

func TestPeriod(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"0": 0, "90s": 90 * time.Second, "1h30m": 90 * time.Minute, "7d": 168 * time.Hour, " 1D12h ": 36 * time.Hour, "250ms": 250 * time.Millisecond,
	} {
		var p Period
		if err := p.UnmarshalText([]byte(text)); err != nil || time.Duration(p) != want {
			t.Errorf("%q: %v, %v", text, time.Duration(p), err)
		}
	}
	for _, text := range []string{"", "d", "-1h", "+1h", "1", "1.5d", "106752d", "1h-30m", "7d-1h", "soon", "1w", "1d1d", "1hd"} {
		var p Period
		if err := p.UnmarshalText([]byte(text)); !errors.Is(err, ErrPeriod) {
			t.Errorf("%q: %v, %v", text, time.Duration(p), err)
		}
	}
	for d, want := range map[time.Duration]string{
		0: "0", 24 * time.Hour: "1d", 36 * time.Hour: "1d12h", 90 * time.Second: "1m30s", 20 * time.Hour: "20h", time.Hour + time.Second: "1h0m1s", 30 * time.Minute: "30m",
	} {
		if got := Period(d).String(); got != want {
			t.Errorf("%v: %q", d, got)
		}
	}
}

// FuzzPeriod: what is read is written so that it is read the same.
func FuzzPeriod(f *testing.F) {
	for _, text := range []string{"0", "7d", "1h30m", "1d1ns", "-1h", "2562047h"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var p, q Period
		if p.UnmarshalText([]byte(text)) != nil {
			return
		}
		if p < 0 {
			t.Errorf("%q is negative: %d", text, p)
		}
		if err := q.UnmarshalText([]byte(p.String())); err != nil || p != q {
			t.Errorf("%q is written as %q: %v", text, p, err)
		}
	})
}

func TestSizesAreWrittenExactly(t *testing.T) {
	for n, want := range map[Size]string{0: "0", 1: "1B", 999: "999B", 1000: "1kB", 1500: "1500B", 1 << 19: "512KiB", 2_500_000: "2500kB", 1 << 25: "32MiB", 1024: "1KiB"} {
		var back Size
		if got := n.String(); got != want || back.UnmarshalText([]byte(got)) != nil || back != n {
			t.Errorf("%d: %q, read as %d", n, got, back)
		}
	}
}
