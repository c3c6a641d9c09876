// Package meter turns a growing counter into rates.
package meter

// Meter measures over about twenty seconds. It is not safe for concurrent use.
type Meter struct {
	total int64
	slots [20]int64
	at    int
	sum   int64
	used  int
}

// Tick is called once a second with the counter's value.
func (m *Meter) Tick(total int64) {
	d := total - m.total
	m.total = total
	m.sum += d - m.slots[m.at]
	m.slots[m.at] = d
	m.at = (m.at + 1) % len(m.slots)
	m.used = min(m.used+1, len(m.slots))
}

// Rate returns bytes a second over all of it.
func (m *Meter) Rate() int64 {
	if m.used == 0 {
		return 0
	}
	return m.sum / int64(m.used)
}

// Recent returns the rate of the last three seconds, for people to look at.
func (m *Meter) Recent() int64 {
	n := min(m.used, 3)
	if n == 0 {
		return 0
	}
	var sum int64
	for i := 1; i <= n; i++ {
		sum += m.slots[(m.at-i+len(m.slots))%len(m.slots)]
	}
	return sum / int64(n)
}
