package reader

import (
	"time"

	"github.com/warren-p2p/warren/metainfo/piecespace"
)

// Ahead says how much of a file a reader wants to be there before it is read: at
// least Bytes, and what it reads in Time at the speed at which it has read lately.
// What is Bytes ahead is wanted within Time.
type Ahead struct {
	Bytes int64
	Time  time.Duration
}

// The values for what an [Ahead] does not say, and the most that is ever wanted
// at once: more would be no deadline any more.
const (
	defaultBytes = 8 << 20
	defaultTime  = 20 * time.Second
	mostBytes    = 64 << 20
)

func (a Ahead) withDefaults() Ahead {
	if a.Bytes <= 0 {
		a.Bytes = defaultBytes
	}
	if a.Time <= 0 {
		a.Time = defaultTime
	}
	a.Bytes = min(a.Bytes, mostBytes)
	return a
}

// window is what one reader wants next of a file. It has no lock and no clock.
type window struct {
	space *piecespace.Space
	file  int
	ahead Ahead
	pos   int64 // in the file
	pace  pace
	due   map[int]time.Time // pieces that are wanted, and when
}

// move goes to another place, at which nothing is wanted yet.
func (w *window) move(to int64) {
	if to != w.pos {
		w.pos, w.due = to, nil
	}
}

// advance notes that bytes were read. It reports whether the window has moved on
// to another piece.
func (w *window) advance(n int, now time.Time) bool {
	before, _ := w.at()
	w.pos += int64(n)
	w.pace.add(n, now)
	after, _ := w.at()
	return before != after
}

// at returns the piece that the next byte lies in, and its place in there.
func (w *window) at() (piece, begin int) {
	off := w.space.Files[w.file].Offset + w.pos
	return int(off / w.space.PieceLength), int(off % w.space.PieceLength)
}

// want works out anew which pieces are wanted and when: those of the window that
// are not there. A deadline that was given stays. The piece after the one that is
// read is always among them.
func (w *window) want(has func(piece int) bool, now time.Time) {
	f := &w.space.Files[w.file]
	speed := max(w.pace.speed, float64(w.ahead.Bytes)/w.ahead.Time.Seconds())
	size := max(w.ahead.Bytes, min(int64(w.pace.speed*w.ahead.Time.Seconds()), mostBytes))
	first, _ := w.at()
	end := int((f.Offset + min(w.pos+size, f.Length) + w.space.PieceLength - 1) / w.space.PieceLength)
	_, last := w.space.FilePieces(w.file)
	due := make(map[int]time.Time)
	if w.pos >= f.Length {
		last = first // at the end nothing comes next
	}
	for i := first; i < min(max(end, first+2), last); i++ {
		if has(i) {
			continue
		}
		at, ok := w.due[i]
		if !ok {
			gap := max(int64(i)*w.space.PieceLength-f.Offset-w.pos, 0)
			at = now.Add(time.Duration(float64(gap) / speed * float64(time.Second)))
		}
		due[i] = at
	}
	w.due = due
}

// pace measures how fast a reader reads.
type pace struct {
	since time.Time
	bytes int64
	speed float64 // bytes a second, in the last sample
}

const sampleTime = 5 * time.Second

func (p *pace) add(n int, now time.Time) {
	if p.since.IsZero() {
		p.since = now
	}
	p.bytes += int64(n)
	if took := now.Sub(p.since); took >= sampleTime {
		p.speed = float64(p.bytes) / took.Seconds()
		p.since, p.bytes = now, 0
	}
}
