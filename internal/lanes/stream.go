package lanes

import (
	"crypto/sha1"
	"fmt"
	"hash"
)

// SHA1 hashes up to Width messages that come in chunks. The zero value is
// ready for Reset.
type SHA1 struct {
	group  group
	n      int           // messages
	wide   bool          // they are hashed in group, else in single
	length [Width]uint64 // bytes so far
	last   [Width]int    // how many of them are in tails, for want of a block
	tails  [Width][BlockLen]byte
	single [Width]hash.Hash
}

// Reset begins n messages, at most Width.
func (s *SHA1) Reset(n int) { s.reset(wide, n) }

func (s *SHA1) reset(wide bool, n int) {
	s.n, s.wide = n, wide && n >= worthSHA1
	for i := range n {
		if s.wide {
			s.group.begin(i)
			s.length[i], s.last[i] = 0, 0
			continue
		}
		if s.single[i] == nil {
			s.single[i] = sha1.New()
		}
		s.single[i].Reset()
	}
}

// Write adds chunks[i] to message i; chunks may be empty and differ in length,
// but are hashed best if they do not. Only the last chunk of a message may
// have a length that is not a multiple of [BlockLen]: Write panics if one
// follows. There may be fewer chunks than messages.
func (s *SHA1) Write(chunks [][]byte) {
	for i, c := range chunks {
		if !s.wide {
			s.single[i].Write(c)
			continue
		}
		if len(c) == 0 {
			continue
		}
		if s.last[i] > 0 {
			panic(fmt.Sprintf("lanes: message %d goes on after %d bytes, which is not a multiple of %d", i, s.length[i], BlockLen))
		}
		whole := len(c) / BlockLen * BlockLen
		s.group.todo[i] = c[:whole]
		s.last[i] = copy(s.tails[i][:], c[whole:])
		s.length[i] += uint64(len(c))
	}
	if s.wide {
		s.group.run()
	}
}

// Sum ends the messages and sets sums to their SHA-1 sums.
func (s *SHA1) Sum(sums [][sha1.Size]byte) {
	if s.wide {
		for i := range s.n {
			s.group.end(i, s.tails[i][:s.last[i]], s.length[i])
		}
		s.group.run()
	}
	for i := range s.n {
		if s.wide {
			s.group.sum(i, sums[i][:])
		} else {
			s.single[i].Sum(sums[i][:0])
		}
	}
}
