package ledbat

import "time"

const (
	histories    = 10 // minutes for which the shortest delay counts as the one of the path (BASE_HISTORY)
	current      = 8  // samples of which the shortest is the delay now (CURRENT_FILTER)
	historyPiece = time.Minute
)

// delays tells how long packets wait, from samples that all have the difference
// of two clocks in them.
type delays struct {
	base  [histories]uint32 // the shortest of each minute
	kept  int               // of base, the last is that of this minute
	begun time.Time         // of this minute
	now   [current]uint32
	n     int // samples ever
}

func (d *delays) add(us uint32, now time.Time) {
	switch {
	case d.kept == 0:
		d.base[0], d.kept, d.begun = us, 1, now
	case now.Sub(d.begun) >= historyPiece:
		if d.kept == histories {
			copy(d.base[:], d.base[1:])
			d.kept--
		}
		d.base[d.kept], d.begun = us, now
		d.kept++
	case shorter(us, d.base[d.kept-1]):
		d.base[d.kept-1] = us
	}
	d.now[d.n%current] = us
	d.n++
}

func (d *delays) queueing() time.Duration {
	if d.n == 0 {
		return 0
	}
	base, now := shortest(d.base[:d.kept]), shortest(d.now[:min(d.n, current)])
	return time.Duration(now-base) * time.Microsecond
}

func shortest(list []uint32) uint32 {
	s := list[0]
	for _, v := range list[1:] {
		if shorter(v, s) {
			s = v
		}
	}
	return s
}

// shorter compares samples, which wrap.
func shorter(a, b uint32) bool { return int32(a-b) < 0 }
