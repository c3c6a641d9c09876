package sparse

import (
	"bytes"
	"io"
	"testing"

	"pgregory.net/rapid"
)

// TestLikeSlice runs random operations on a File and on a plain byte slice.
func TestLikeSlice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var f File
		var model []byte
		offset := rapid.Int64Range(0, 5*PageSize)
		t.Repeat(map[string]func(*rapid.T){
			"write": func(t *rapid.T) {
				off := offset.Draw(t, "off")
				p := bytes.Repeat([]byte{rapid.Byte().Draw(t, "byte")}, rapid.IntRange(1, 2*PageSize).Draw(t, "n"))
				before, missing := f.Pages(), f.MissingPages(off, len(p))
				f.WriteAt(p, off)
				if f.Pages() != before+missing {
					t.Fatalf("pages %d, foretold %d", f.Pages(), before+missing)
				}
				model = grow(model, off+int64(len(p)))
				copy(model[off:], p)
			},
			"truncate": func(t *rapid.T) {
				size := offset.Draw(t, "size")
				f.Truncate(size)
				model = grow(model, size)[:size]
			},
			"clone": func(*rapid.T) {
				c := f.Clone()
				f.WriteAt([]byte("the old one must not show through"), 0)
				f = c
			},
			"": func(t *rapid.T) {
				got := make([]byte, len(model)+1)
				n, err := f.ReadAt(got, 0)
				if err != io.EOF || f.Size() != int64(len(model)) || !bytes.Equal(got[:n], model) {
					t.Fatalf("read %d bytes of %d, %v", n, len(model), err)
				}
			},
		})
	})
}

func grow(b []byte, size int64) []byte {
	if int64(len(b)) < size {
		b = append(b, make([]byte, size-int64(len(b)))...)
	}
	return b
}

func TestHolesTakeNoRoom(t *testing.T) {
	var f File
	f.Truncate(1 << 40)
	f.WriteAt([]byte{1}, 1<<39)
	if f.Pages() != 1 {
		t.Errorf("pages = %d, want 1", f.Pages())
	}
	f.Truncate(0)
	if f.Pages() != 0 || f.MissingPages(0, 0) != 0 || f.MissingPages(PageSize-1, 2) != 2 {
		t.Errorf("pages = %d, missing = %d", f.Pages(), f.MissingPages(PageSize-1, 2))
	}
}
