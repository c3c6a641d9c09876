package peerwire

import (
	"testing"

	"pgregory.net/rapid"
)

func TestBitfield(t *testing.T) {
	b := NewBitfield(10)
	b.Set(0)
	b.Set(7)
	b.Set(9)
	want := unhex(t, "00000003 05 8140")
	got := AppendBitfield(nil, b)
	if string(got) != string(want) {
		t.Errorf("got %x, want %x", got, want)
	}
	parsed := Bitfield(payloadOf(t, want, IDBitfield))
	if err := CheckBitfield(parsed, 10); err != nil {
		t.Error(err)
	}
	for i := -9; i < 40; i++ {
		if parsed.Has(i) != (i == 0 || i == 7 || i == 9) {
			t.Errorf("Has(%d) = %t", i, parsed.Has(i))
		}
	}
}

func TestCheckBitfield(t *testing.T) {
	for _, tt := range []struct {
		hex    string
		n      int
		reason error
	}{
		{"", 0, nil},
		{"00", 0, ErrLength},
		{"", 1, ErrLength},
		{"80", 1, nil},
		{"40", 1, ErrValue},
		{"ff", 8, nil},
		{"fe", 7, nil},
		{"ff", 7, ErrValue},
		{"ff80", 9, nil},
		{"ff40", 9, ErrValue},
		{"ff01", 15, ErrValue},
		{"ff", 9, ErrLength},
		{"ff8000", 9, ErrLength},
	} {
		err := CheckBitfield(unhex(t, tt.hex), tt.n)
		if tt.reason != nil {
			checkError(t, err, "bitfield", tt.reason)
		} else if err != nil {
			t.Errorf("%s as %d pieces: %v", tt.hex, tt.n, err)
		}
	}
}

// The set agrees with a map in everything it answers.
func TestBitfieldModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 300).Draw(t, "n")
		b, model := NewBitfield(n), map[int]bool{}
		if rapid.Bool().Draw(t, "start full") {
			for i := range n {
				b.Set(i)
				model[i] = true
			}
		}
		for _, i := range rapid.SliceOf(rapid.IntRange(0, n-1)).Draw(t, "flip") {
			if model[i] {
				b.Clear(i)
				delete(model, i)
			} else {
				b.Set(i)
				model[i] = true
			}
		}
		for i := range n + 20 {
			if b.Has(i) != model[i] {
				t.Fatalf("Has(%d) = %t", i, b.Has(i))
			}
		}
		if b.Count() != len(model) || b.Full(n) != (len(model) == n) {
			t.Fatalf("count %d, full %t, want %d of %d", b.Count(), b.Full(n), len(model), n)
		}
		if err := CheckBitfield(b, n); err != nil {
			t.Fatal(err)
		}
		other := Bitfield(rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "other"))
		want := false
		for i := range model {
			want = want || !other.Has(i)
		}
		if b.HasAnyNotIn(other) != want {
			t.Fatalf("%x.HasAnyNotIn(%x) = %t", []byte(b), []byte(other), !want)
		}
		if b.HasAnyNotIn(b) {
			t.Fatal("has pieces that it lacks")
		}
	})
}

func TestFullNeedsEveryBit(t *testing.T) {
	for n := 1; n < 150; n++ {
		b := NewBitfield(n)
		for i := range b {
			b[i] = 0xff
		}
		if !b.Full(n) || b.Full(n+8) {
			t.Fatalf("n %d: full %t, beyond its end %t", n, b.Full(n), b.Full(n+8))
		}
		for i := range n {
			if b.Clear(i); b.Full(n) {
				t.Fatalf("n %d: full without %d", n, i)
			}
			b.Set(i)
		}
	}
	if !NewBitfield(0).Full(0) {
		t.Error("the empty torrent is not complete")
	}
}

func FuzzBitfield(f *testing.F) {
	f.Add([]byte{0x81, 0x40}, []byte{0x80}, uint16(10))
	f.Fuzz(func(t *testing.T, b, other []byte, n uint16) {
		set := Bitfield(b)
		count := 0
		for i := range len(b) * 8 {
			if set.Has(i) {
				count++
			}
		}
		if set.Count() != count {
			t.Fatalf("%x: count %d, want %d", b, set.Count(), count)
		}
		if CheckBitfield(b, int(n)) == nil && (count > int(n) || (count == int(n)) != set.Full(int(n))) {
			t.Fatalf("%x passed for %d pieces", b, n)
		}
		if !set.HasAnyNotIn(other) && count > Bitfield(other).Count() {
			t.Fatalf("%x has more than %x and nothing it lacks", b, other)
		}
	})
}

func BenchmarkHasAnyNotIn(b *testing.B) {
	x, y := NewBitfield(100_000), NewBitfield(100_000)
	b.ReportAllocs()
	for b.Loop() {
		if x.HasAnyNotIn(y) {
			b.Fatal("empty set has a piece")
		}
	}
}
