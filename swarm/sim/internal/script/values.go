package script

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// setter takes the value of an option.
type setter func(v string) error

// options reads words of the form name=value, or name alone.
func options(words []string, known map[string]setter) error {
	for _, w := range words {
		name, v, _ := strings.Cut(w, "=")
		set, ok := known[name]
		if !ok {
			return fmt.Errorf("no such option: %q", name)
		}
		if err := set(v); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func single(words []string, set setter) error {
	if len(words) != 1 {
		return errors.New("one value is needed")
	}
	return set(words[0])
}

func count(to *int, most int) setter {
	return func(v string) error {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > most {
			return fmt.Errorf("%q is no number from 1 to %d", v, most)
		}
		*to = n
		return nil
	}
}

func flag(to *bool) setter {
	return func(v string) error {
		if v != "" {
			return errors.New("takes no value")
		}
		*to = true
		return nil
	}
}

func duration(to *time.Duration) setter {
	return func(v string) error {
		d, err := time.ParseDuration(v)
		if err != nil || d < 0 || d > maxTime {
			return fmt.Errorf("%q is no duration", v)
		}
		*to = d
		return nil
	}
}

// span reads a duration, or two with .. between them.
func span(to *Span) setter {
	return func(v string) error {
		from, until, two := strings.Cut(v, "..")
		if err := duration(&to.From)(from); err != nil {
			return err
		}
		if to.To = to.From; !two {
			return nil
		}
		if err := duration(&to.To)(until); err != nil {
			return err
		}
		if to.To < to.From {
			return errors.New("a range ends before it begins")
		}
		return nil
	}
}

// rate reads bytes per second.
func rate(to *float64) setter {
	return func(v string) error {
		x, err := scaled(v)
		if err != nil || x < 100 || x > 1e10 {
			return fmt.Errorf("%q is no rate", v)
		}
		*to = x
		return nil
	}
}

func limit(to *int64) setter {
	return func(v string) error {
		var x float64
		err := rate(&x)(v)
		*to = int64(x)
		return err
	}
}

func scaled(v string) (float64, error) {
	by := 1.0
	switch {
	case strings.HasSuffix(v, "K"):
		by = 1e3
	case strings.HasSuffix(v, "M"):
		by = 1e6
	}
	x, err := strconv.ParseFloat(strings.TrimRight(v, "KM"), 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, fmt.Errorf("%q is no number", v)
	}
	return x * by, nil
}

// share reads a percentage.
func share(to *float64) setter {
	return func(v string) error {
		n, ok := strings.CutSuffix(v, "%")
		x, err := scaled(n)
		if !ok || err != nil || x < 0 || x > 100 {
			return fmt.Errorf("%q is no percentage", v)
		}
		*to = x / 100
		return nil
	}
}

// value reads a number, a percentage as a share, or a duration as seconds.
func value(v string) (float64, error) {
	if strings.HasSuffix(v, "%") {
		var x float64
		err := share(&x)(v)
		return x, err
	}
	if d, err := time.ParseDuration(v); err == nil {
		return d.Seconds(), nil
	}
	return scaled(v)
}
