package pulse

import (
	"errors"
	"testing"
	"time"
)

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		read, write, stuck int // seconds
		sign               bool
		err                error
	}{
		{0, 0, 0, false, nil},
		{149, 99, 59, false, nil},
		{150, 100, 60, false, nil},
		{0, 101, 0, true, nil},
		{140, 101, 50, true, nil},
		{151, 0, 0, false, ErrSilent},
		{151, 101, 0, false, ErrSilent},
		{0, 101, 61, false, ErrStuck},
		{151, 101, 61, false, ErrStuck},
	} {
		sign, err := Check(time.Duration(c.read)*time.Second, time.Duration(c.write)*time.Second, time.Duration(c.stuck)*time.Second)
		if sign != c.sign || !errors.Is(err, c.err) {
			t.Errorf("%+v: %t, %v", c, sign, err)
		}
	}
}

// Each direction is measured for itself.
func TestRates(t *testing.T) {
	var r Rates
	for i := range int64(5) {
		r.Tick(100*i, 7*i)
	}
	if down, up := r.Recent(); down != 100 || up != 7 {
		t.Errorf("%d down, %d up", down, up)
	}
}
