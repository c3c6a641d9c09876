package words

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// ErrPeriod reports text that is not a time.
var ErrPeriod = errors.New("not a time such as 90s, 1h30m or 7d")

const day = 24 * time.Hour

// Period is a time that people type: what [time.ParseDuration] reads, with days
// before it: "90s", "1h30m", "7d", "1d12h". 0 needs no unit.
type Period time.Duration

// UnmarshalText reads a time. The error matches [ErrPeriod].
func (p *Period) UnmarshalText(text []byte) error {
	rest := strings.ToLower(strings.TrimSpace(string(text)))
	var whole time.Duration
	if days, after, ok := strings.Cut(rest, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 32)
		if err != nil || n > math.MaxInt64/uint64(day) {
			return fmt.Errorf("%q is %w", text, ErrPeriod)
		}
		whole, rest = time.Duration(n)*day, after
	}
	if rest != "" || whole == 0 {
		d, err := time.ParseDuration(rest)
		if err != nil || d < 0 || whole+d < whole || rest[0] == '+' {
			return fmt.Errorf("%q is %w", text, ErrPeriod)
		}
		whole += d
	}
	*p = Period(whole)
	return nil
}

// MarshalText is the inverse of UnmarshalText.
func (p Period) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// String returns what UnmarshalText reads: "1d12h", "90s" as "1m30s", "0".
func (p Period) String() string {
	if p == 0 {
		return "0"
	}
	d, s := time.Duration(p), ""
	if d >= day {
		s, d = strconv.Itoa(int(d/day))+"d", d%day
	}
	if d == 0 {
		return s
	}
	rest := d.String() // ends in 0s, or in 0m0s
	if strings.HasSuffix(rest, "m0s") {
		rest = strings.TrimSuffix(rest, "0s")
	}
	if strings.HasSuffix(rest, "h0m") {
		rest = strings.TrimSuffix(rest, "0m")
	}
	return s + rest
}
