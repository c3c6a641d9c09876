package words

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ErrSize reports text that is not a size.
var ErrSize = errors.New("not a size such as 512KiB, 10MB or 1.5GB")

// units never changes; longer names come before those they end in.
var units = []struct {
	name string
	size float64
}{
	{"kib", 1 << 10}, {"mib", 1 << 20}, {"gib", 1 << 30}, {"tib", 1 << 40},
	{"kb", 1e3}, {"mb", 1e6}, {"gb", 1e9}, {"tb", 1e12},
	{"k", 1e3}, {"m", 1e6}, {"g", 1e9}, {"t", 1e12}, {"b", 1},
}

// Size is a number of bytes that people type: "524288", "512KiB", "10MB". The
// case of units does not matter; all of them are bytes, never bits.
type Size int64

// UnmarshalText reads a size. The error matches [ErrSize].
func (s *Size) UnmarshalText(text []byte) error {
	number := strings.ToLower(strings.TrimSpace(string(text)))
	factor := 1.0
	for _, u := range units {
		if rest, ok := strings.CutSuffix(number, u.name); ok {
			number, factor = strings.TrimSpace(rest), u.size
			break
		}
	}
	// A number as people write it, not all that ParseFloat takes: inf, 1e9, 0x1p4.
	if number == "" || strings.Trim(number, "0123456789.") != "" {
		return fmt.Errorf("%q is %w", text, ErrSize)
	}
	v, err := strconv.ParseFloat(number, 64)
	if err != nil || v*factor >= math.MaxInt64 {
		return fmt.Errorf("%q is %w", text, ErrSize)
	}
	*s = Size(v * factor)
	return nil
}

// MarshalText is the inverse of UnmarshalText.
func (s Size) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// String returns what UnmarshalText reads, exactly, with the largest unit that
// leaves a whole number: "512KiB", "10MB", "1500kB".
func (s Size) String() string {
	best, name := int64(s), ""
	for _, u := range []struct {
		name string
		size int64
	}{{"kB", 1e3}, {"KiB", 1 << 10}, {"MB", 1e6}, {"MiB", 1 << 20}, {"GB", 1e9}, {"GiB", 1 << 30}, {"TB", 1e12}, {"TiB", 1 << 40}} {
		if n := int64(s); n != 0 && n%u.size == 0 && n/u.size <= best {
			best, name = n/u.size, u.name
		}
	}
	if name == "" && s != 0 {
		name = "B"
	}
	return strconv.FormatInt(best, 10) + name
}

// Speed is a number of bytes a second that people type: a [Size] that may end
// in "/s". 0 means no limit.
type Speed int64

// ErrUnit reports a speed that is a mere number: 10 bytes a second is hardly what
// is meant by 10.
var ErrUnit = errors.New("without a unit: say 10kB or 10MB")

// UnmarshalText reads a speed. The error matches [ErrSize] or [ErrUnit].
func (s *Speed) UnmarshalText(text []byte) error {
	var n Size
	number := strings.TrimSpace(strings.TrimSuffix(string(text), "/s"))
	if err := n.UnmarshalText([]byte(number)); err != nil {
		return err
	}
	if n != 0 && strings.Trim(number, "0123456789.") == "" {
		return fmt.Errorf("%q is %w", text, ErrUnit)
	}
	*s = Speed(n)
	return nil
}

// MarshalText is the inverse of UnmarshalText.
func (s Speed) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// String returns what UnmarshalText reads: "10MB", "0" for no limit.
func (s Speed) String() string { return Size(s).String() }
