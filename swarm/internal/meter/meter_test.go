package meter

import "testing"

func TestRecent(t *testing.T) {
	var m Meter
	if m.Recent() != 0 {
		t.Errorf("before the first second: %d", m.Recent())
	}
	total := int64(0)
	for i, step := range []struct {
		more int64 // in one second
		want int64 // after it
	}{
		{100, 100},
		{300, 200}, // over the two seconds there were
		{200, 200},
		{0, 166}, // 300, 200, 0
		{0, 66},
		{0, 0},
		{30, 10},
	} {
		total += step.more
		m.Tick(total)
		if got := m.Recent(); got != step.want {
			t.Errorf("second %d: %d, want %d", i+1, got, step.want)
		}
	}
}
