package webseed

import (
	"github.com/warren-p2p/warren/metainfo/piecespace"
	"github.com/warren-p2p/warren/peerwire"
)

// stretch is bytes of one file.
type stretch struct {
	file int
	off  int64
	n    int64
	pad  bool // zeros, which nobody is asked for
}

// maxOrder is how many bytes are fetched in one go, and how far one answer
// reaches.
const maxOrder = 4 << 20

// take returns how many of the requests at the head of a queue follow each other
// in the piece space, and can be fetched in one go: at least one.
func take(s *piecespace.Space, queue []peerwire.Request) int {
	at := func(r peerwire.Request) int64 { return int64(r.Index)*s.PieceLength + int64(r.Begin) }
	bytes := int64(queue[0].Length)
	for i := 1; i < len(queue); i++ {
		if last := queue[i-1]; at(queue[i]) != at(last)+int64(last.Length) || bytes+int64(queue[i].Length) > maxOrder {
			return i
		}
		bytes += int64(queue[i].Length)
	}
	return len(queue)
}

// stretches returns what requests that follow each other consist of, in order.
func stretches(s *piecespace.Space, reqs []peerwire.Request) (list []stretch) {
	var spans []piecespace.Span
	for _, r := range reqs {
		from, to := int64(r.Begin), int64(r.Begin)+int64(r.Length)
		spans = s.AppendSpans(spans[:0], int(r.Index))
		for _, span := range spans {
			a, b := max(from, int64(span.PieceOff)), min(to, int64(span.PieceOff)+int64(span.Len))
			if a < b {
				list = extend(list, stretch{
					file: span.File, off: span.FileOff + a - int64(span.PieceOff), n: b - a, pad: s.Files[span.File].Pad,
				})
			}
		}
	}
	return list
}

// extend adds a stretch, to the last one if it goes on there.
func extend(list []stretch, next stretch) []stretch {
	if len(list) > 0 {
		if last := &list[len(list)-1]; last.file == next.file && last.off+last.n == next.off {
			last.n += next.n
			return list
		}
	}
	return append(list, next)
}
