// Package meter turns a growing counter into a rate.
package meter

// Meter measures over three seconds, for people to look at. It is not safe for
// concurrent use.
type Meter struct {
	total int64
	slots [3]int64
	ticks int
}

// Tick is called once a second with the counter's value.
func (m *Meter) Tick(total int64) {
	m.slots[m.ticks%len(m.slots)] = total - m.total
	m.total = total
	m.ticks++
}

// Recent returns bytes a second.
func (m *Meter) Recent() int64 {
	n := min(m.ticks, len(m.slots))
	if n == 0 {
		return 0
	}
	var sum int64
	for _, d := range m.slots[:n] {
		sum += d
	}
	return sum / int64(n)
}
