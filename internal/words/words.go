// Package words turns numbers into what people read, and back: sizes, rates
// and times.
//
// Units are those of the SI: 1 MB is 1,000,000 bytes. Sizes people type may be
// binary too: 1 MiB is 1,048,576.
package words

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Bytes returns a size with three digits that count: "999 B", "1.50 kB",
// "128 MB".
func Bytes(n int64) string {
	if n < 1000 {
		return strconv.FormatInt(n, 10) + " B"
	}
	v := float64(n)
	unit := 0
	// 999.5 would be written as 1000.
	for ; v >= 999.5 && unit < len("kMGTPE"); unit++ {
		v /= 1000
	}
	digits := 0
	switch {
	case v < 9.995:
		digits = 2
	case v < 99.95:
		digits = 1
	}
	return strconv.FormatFloat(v, 'f', digits, 64) + " " + "kMGTPE"[unit-1:unit] + "B"
}

// Rate returns bytes a second as "12.3 MB/s".
func Rate(bytesPerSecond int64) string { return Bytes(bytesPerSecond) + "/s" }

// RateOver returns the average rate of n bytes in d, 0 if d is.
func RateOver(n int64, d time.Duration) int64 {
	if d <= 0 {
		return 0
	}
	return int64(float64(n) / d.Seconds())
}

// Duration returns a time as it is said: "35 ms", "1.8 s", "12 s", "3 min
// 20 s", "2 h 5 min", "3 d 4 h".
func Duration(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", max(d.Milliseconds(), 0))
	case d < 9950*time.Millisecond: // 9.95 s would be written as 10.0 s
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
	case d < 59500*time.Millisecond:
		return fmt.Sprintf("%d s", int(d.Round(time.Second).Seconds()))
	case d < time.Hour:
		d = d.Round(time.Second)
		return pair(int(d.Minutes()), "min", int(d.Seconds())%60, "s")
	case d < 24*time.Hour:
		return pair(int(d.Hours()), "h", int(d.Minutes())%60, "min")
	}
	return pair(int(d.Hours())/24, "d", int(d.Hours())%24, "h")
}

func pair(a int, unitA string, b int, unitB string) string {
	if b == 0 {
		return fmt.Sprintf("%d %s", a, unitA)
	}
	return fmt.Sprintf("%d %s %d %s", a, unitA, b, unitB)
}

// Left returns a time left, short enough for a bar: "0:12", "1:02:03", "3 d".
func Left(d time.Duration) string {
	d = max(d, 0).Round(time.Second)
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%d d", int(d.Hours())/24)
	case d >= time.Hour:
		return fmt.Sprintf("%d:%02d:%02d", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
}

// Count returns "1 file", "12,345 files".
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Number(n) + " " + many
}

// Number returns n with commas between thousands.
func Number(n int) string {
	s := strconv.Itoa(n)
	first := len(s) % 3
	if n < 0 || len(s) <= 3 {
		return s
	}
	var b strings.Builder
	b.WriteString(s[:first])
	for i := first; i < len(s); i += 3 {
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(s[i : i+3])
	}
	return b.String()
}

// Percent returns part of whole in per cent, rounded down: 100 is said only of
// all.
func Percent(part, whole int64) int {
	if whole <= 0 {
		return 0
	}
	return int(float64(part) / float64(whole) * 100)
}

// Plain returns text from a stranger, such as a name in a torrent, with
// everything replaced that could move the cursor, colour the screen or turn the
// order of letters around.
func Plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '�'
	}, strings.ToValidUTF8(s, "�"))
}

// Shell returns an argument as it is typed into a POSIX shell, in quotes where
// it needs them, and as plain as [Plain] makes it.
func Shell(arg string) string {
	arg = Plain(arg)
	const harmless = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%"
	bare := arg != "" && arg[0] != '-'
	for _, r := range arg {
		bare = bare && (strings.ContainsRune(harmless, r) || unicode.IsLetter(r))
	}
	if bare {
		return arg
	}
	if strings.HasPrefix(arg, "-") {
		arg = "./" + arg // else it is taken for a flag
	}
	return "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
}
