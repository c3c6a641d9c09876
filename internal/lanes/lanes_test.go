package lanes

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// ways are the ways of hashing this machine has: that of other processors, and
// that of its own if it is another.
func ways() []bool { return slices.Compact([]bool{false, wide}) }

func random(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

// check compares the sums of messages with those of the standard library.
func check(t interface {
	Helper()
	Fatalf(string, ...any)
}, messages [][]byte) {
	t.Helper()
	for _, wide := range ways() {
		sums1 := make([][sha1.Size]byte, len(messages))
		sums2 := make([][sha256.Size]byte, len(messages))
		sumSHA1(wide, sums1, messages)
		sumSHA256(wide, sums2, messages)
		for i, m := range messages {
			if sums1[i] != sha1.Sum(m) {
				t.Fatalf("wide %v, message %d of %d, %d bytes: SHA-1 %x, want %x", wide, i, len(messages), len(m), sums1[i], sha1.Sum(m))
			}
			if sums2[i] != sha256.Sum256(m) {
				t.Fatalf("wide %v, message %d of %d, %d bytes: SHA-256 %x, want %x", wide, i, len(messages), len(m), sums2[i], sha256.Sum256(m))
			}
		}
	}
}

// TestVectors has the examples NIST gives for FIPS 180-4, so that the standard
// library is not the only judge.
func TestVectors(t *testing.T) {
	tests := []struct{ message, sha1, sha256 string }{
		{"abc", "a9993e364706816aba3e25717850c26c9cd0d89d",
			"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
			"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
		{"", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
			"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	}
	for _, wide := range ways() {
		messages := make([][]byte, Width)
		sums1, sums2 := make([][20]byte, Width), make([][32]byte, Width)
		for i := range messages {
			messages[i] = []byte(tests[i%len(tests)].message)
		}
		sumSHA1(wide, sums1, messages)
		sumSHA256(wide, sums2, messages)
		for i := range messages {
			tt := tests[i%len(tests)]
			if got := hex.EncodeToString(sums1[i][:]); got != tt.sha1 {
				t.Errorf("wide %v: SHA-1 of %q: %s", wide, tt.message, got)
			}
			if got := hex.EncodeToString(sums2[i][:]); got != tt.sha256 {
				t.Errorf("wide %v: SHA-256 of %q: %s", wide, tt.message, got)
			}
		}
	}
}

// TestLengths hashes messages of every length up to 1100, in every lane, among
// others of the same and of other lengths, aligned and not.
func TestLengths(t *testing.T) {
	data := random(2400)
	for n := range 1101 {
		same, other := make([][]byte, Width), make([][]byte, Width)
		for i := range Width {
			same[i] = data[i:][:n]
			other[i] = data[i*7:][:max(0, n-i*13)]
		}
		slices.Reverse(other[:1+n%Width])
		check(t, same)
		check(t, other)
	}
}

// TestCounts hashes from no message at all to more than one batch.
func TestCounts(t *testing.T) {
	data := random(1000)
	for _, count := range []int{0, 1, 2, 3, 4, 6, 7, 8, 15, 16, 17, 31, 33, 255, 256, 257, 263, 600} {
		messages := make([][]byte, count)
		for i := range messages {
			messages[i] = data[i : i+i*37%300]
		}
		check(t, messages)
	}
}

// TestLongOnes mixes messages so long that they are hashed alone with others.
func TestLongOnes(t *testing.T) {
	data := random(1 << 20)
	messages := [][]byte{data, data[:100], data[:1<<19], data[1:], nil, data[:3000]}
	for i := range 20 {
		messages = append(messages, data[i:][:i*50])
	}
	check(t, messages)
	messages = nil
	for i := range Width {
		messages = append(messages, data[i:][:2*maxStep+i*40])
	}
	check(t, messages)
}

func TestSumProperty(t *testing.T) {
	data := random(40 << 10)
	rapid.Check(t, func(t *rapid.T) {
		lengths := rapid.SliceOfN(rapid.OneOf(rapid.IntRange(0, 300), rapid.IntRange(0, 20<<10)), 0, 40).Draw(t, "lengths")
		messages := make([][]byte, len(lengths))
		for i, n := range lengths {
			messages[i] = data[rapid.IntRange(0, len(data)-n).Draw(t, "from"):][:n]
		}
		check(t, messages)
	})
}

// TestStreamProperty hashes random messages in random chunks.
func TestStreamProperty(t *testing.T) {
	data := random(20 << 10)
	streams := [2]*SHA1{new(SHA1), new(SHA1)} // used again and again
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, Width).Draw(t, "messages")
		chunks := rapid.IntRange(0, 5).Draw(t, "chunks")
		var want [Width][]byte
		plan := make([][][]byte, chunks)
		ended := [Width]bool{}
		for c := range plan {
			plan[c] = make([][]byte, rapid.IntRange(0, n).Draw(t, "lanes"))
			for i := range plan[c] {
				length := BlockLen * rapid.IntRange(0, 20).Draw(t, "blocks")
				switch {
				case ended[i]:
					length = 0
				case rapid.Bool().Draw(t, "last"):
					length += rapid.IntRange(0, BlockLen-1).Draw(t, "rest")
					ended[i] = length%BlockLen > 0
				}
				plan[c][i] = data[rapid.IntRange(0, len(data)-length).Draw(t, "from"):][:length]
				want[i] = append(want[i], plan[c][i]...)
			}
		}
		for w, wide := range ways() {
			s := streams[w]
			s.reset(wide, n)
			for _, chunks := range plan {
				s.Write(chunks)
			}
			var sums [Width][sha1.Size]byte
			s.Sum(sums[:n])
			for i := range n {
				if sums[i] != sha1.Sum(want[i]) {
					t.Fatalf("wide %v, message %d of %d, %d bytes: %x, want %x", wide, i, n, len(want[i]), sums[i], sha1.Sum(want[i]))
				}
			}
		}
	})
}

func TestStreamMisuse(t *testing.T) {
	if !wide { // the standard library takes chunks of any length
		return
	}
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	var s SHA1
	s.Reset(Width)
	s.Write([][]byte{make([]byte, 65)})
	s.Write([][]byte{make([]byte, 64)})
}

// TestSumDoesNotWrite checks that messages stay as they are, and that several
// may share bytes.
func TestSumDoesNotWrite(t *testing.T) {
	data := random(5000)
	before := bytes.Clone(data)
	messages := make([][]byte, 40)
	for i := range messages {
		messages[i] = data
	}
	check(t, messages)
	if !bytes.Equal(data, before) {
		t.Error("the message was changed")
	}
}

func TestAllocations(t *testing.T) {
	messages := make([][]byte, 300)
	data := random(1000)
	for i := range messages {
		messages[i] = data[:i*7%1000]
	}
	sums1, sums2 := make([][20]byte, len(messages)), make([][32]byte, len(messages))
	var s SHA1
	if n := testing.AllocsPerRun(10, func() {
		SumSHA1(sums1, messages)
		SumSHA256(sums2, messages)
		s.Reset(Width)
		s.Write(messages[:Width])
		s.Sum(sums1)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// BenchmarkSum compares with the standard library, on one core.
func BenchmarkSum(b *testing.B) {
	const length = 16 << 10
	data := random(Width * length)
	messages := make([][]byte, Width)
	for i := range messages {
		messages[i] = data[i*length:][:length]
	}
	sums1, sums2 := make([][20]byte, Width), make([][32]byte, Width)
	for _, wide := range ways() {
		for _, n := range []int{worthSHA1, worthSHA256, Width} {
			b.Run(fmt.Sprintf("sha1/wide=%v/%d", wide, n), func(b *testing.B) {
				b.SetBytes(int64(n * length))
				for b.Loop() {
					sumSHA1(wide, sums1, messages[:n])
				}
			})
			b.Run(fmt.Sprintf("sha256/wide=%v/%d", wide, n), func(b *testing.B) {
				b.SetBytes(int64(n * length))
				for b.Loop() {
					sumSHA256(wide, sums2, messages[:n])
				}
			})
		}
	}
}
