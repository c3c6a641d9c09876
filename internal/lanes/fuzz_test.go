package lanes

import (
	"crypto/sha1"
	"testing"
)

// cut divides data into messages whose lengths are the first bytes of data,
// scaled, for as long as there is data.
func cut(data []byte) [][]byte {
	if len(data) == 0 {
		return nil
	}
	n := int(data[0]) % 40
	var messages [][]byte
	lengths, rest := data[1:min(len(data), 1+n)], data[min(len(data), 1+n):]
	for _, l := range lengths {
		m := rest[:min(len(rest), int(l)*5)]
		messages, rest = append(messages, m), rest[len(m):]
	}
	return append(messages, rest)
}

func FuzzSum(f *testing.F) {
	f.Add([]byte{})
	f.Add(append([]byte{5, 0, 10, 11, 12, 25}, random(600)...))
	f.Add(append([]byte{39}, random(4000)...))
	f.Fuzz(func(t *testing.T, data []byte) { check(t, cut(data)) })
}

func FuzzSHA1(f *testing.F) {
	f.Add([]byte{}, []byte{})
	f.Add([]byte{4, 1, 2, 3}, random(4000))
	f.Add([]byte{16, 9, 0, 3}, random(4000))
	f.Fuzz(func(t *testing.T, plan, data []byte) {
		if len(plan) == 0 {
			return
		}
		n := int(plan[0]) % (Width + 1)
		for _, wide := range ways() {
			var s SHA1
			s.reset(wide, n)
			rest := data
			var want [Width][]byte
			for _, blocks := range plan[1:] {
				chunks := make([][]byte, n)
				for i := range chunks {
					whole := min(len(rest)/BlockLen, int(blocks)%9+i%2) * BlockLen
					chunks[i], rest = rest[:whole], rest[whole:]
					want[i] = append(want[i], chunks[i]...)
				}
				s.Write(chunks)
			}
			if n > 0 {
				s.Write([][]byte{rest})
				want[0] = append(want[0], rest...)
			}
			var sums [Width][sha1.Size]byte
			s.Sum(sums[:n])
			for i := range n {
				if sums[i] != sha1.Sum(want[i]) {
					t.Fatalf("wide %v, message %d of %d, %d bytes", wide, i, n, len(want[i]))
				}
			}
		}
	})
}
