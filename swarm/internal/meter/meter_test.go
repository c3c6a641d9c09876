package meter

import "testing"

func TestRates(t *testing.T) {
	var m Meter
	if m.Rate() != 0 || m.Recent() != 0 {
		t.Errorf("before the first second: %d, %d", m.Rate(), m.Recent())
	}
	total := int64(0)
	for second, step := range []struct {
		n            int // seconds
		more         int64
		rate, recent int64 // after them
	}{
		{1, 100, 100, 100},
		{1, 300, 200, 200},
		{18, 200, 200, 200},
		{3, 0, 170, 0}, // 100, 300 and 200 have left, three zeros came
		{20, 50, 50, 50},
	} {
		for range step.n {
			total += step.more
			m.Tick(total)
		}
		if m.Rate() != step.rate || m.Recent() != step.recent {
			t.Errorf("step %d: %d and %d, want %d and %d", second, m.Rate(), m.Recent(), step.rate, step.recent)
		}
	}
}
