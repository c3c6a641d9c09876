package piecespace_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/piecespace"
	"pgregory.net/rapid"
)

// TestLayout holds the geometry against a map of the piece space that is made
// byte by byte.
func TestLayout(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const piece = 40
		var files []piecespace.File
		var space []int // file of each byte, -1-file for padding
		pads := rapid.Bool().Draw(t, "pads")
		for i, n := range rapid.SliceOfN(rapid.IntRange(0, 150), 1, 8).Draw(t, "lengths") {
			for range n {
				space = append(space, len(files))
			}
			files = append(files, file("f"+strconv.Itoa(i), int64(n)))
			if gap := -len(space) % piece; pads && gap != 0 {
				gap += piece
				for range gap {
					space = append(space, -1-len(files))
				}
				files = append(files, pad(int64(gap)))
			}
		}
		if len(space) == 0 {
			return
		}
		in, err := piecespace.Lay(piecespace.Space{Name: "n", MultiFile: true, PieceLength: piece, Files: files})
		if err != nil {
			t.Fatal(err)
		}
		checkLayout(t, &in, space, piece)
	})
}

func file(name string, length int64) piecespace.File {
	return piecespace.File{Path: []string{name}, Length: length}
}

func pad(length int64) piecespace.File {
	return piecespace.File{Path: []string{".pad", strconv.FormatInt(length, 10)}, Length: length, Pad: true}
}

func checkLayout(t *rapid.T, in *piecespace.Space, space []int, piece int) {
	content := 0
	for _, f := range space {
		if f >= 0 {
			content++
		}
	}
	if in.TotalLength() != int64(content) || in.NumPieces() != (len(space)+piece-1)/piece {
		t.Fatalf("%d bytes in %d pieces", in.TotalLength(), in.NumPieces())
	}
	first, end := map[int]int{}, map[int]int{}
	for i := range in.NumPieces() {
		bytes := space[i*piece : min(len(space), (i+1)*piece)]
		data := len(bytes)
		for data > 0 && bytes[data-1] < 0 {
			data--
		}
		if in.PieceLen(i) != len(bytes) || in.DataLen(i) != data {
			t.Fatalf("piece %d: %d and %d bytes, want %d and %d", i, in.PieceLen(i), in.DataLen(i), len(bytes), data)
		}
		var got []int
		for _, s := range in.AppendSpans(nil, i) {
			f := in.Files[s.File]
			if s.PieceOff != len(got) || f.Offset+s.FileOff != int64(i*piece+s.PieceOff) {
				t.Fatalf("piece %d: span %+v", i, s)
			}
			for range s.Len {
				if f.Pad {
					got = append(got, -1-s.File)
				} else {
					got = append(got, s.File)
				}
			}
			if _, ok := first[s.File]; !ok {
				first[s.File] = i
			}
			end[s.File] = i + 1
		}
		if diff := cmp.Diff(bytes, got); diff != "" {
			t.Fatalf("piece %d: %s", i, diff)
		}
	}
	for i := range in.Files {
		a, b := in.FilePieces(i)
		if in.Files[i].Length == 0 {
			if a != b {
				t.Fatalf("empty file %d: pieces %d to %d", i, a, b)
			}
		} else if a != first[i] || b != end[i] {
			t.Fatalf("file %d: pieces %d to %d, want %d to %d", i, a, b, first[i], end[i])
		}
	}
}

func TestGaps(t *testing.T) {
	in, err := piecespace.Lay(piecespace.Space{
		Name: "n", MultiFile: true, PieceLength: 16384, Gaps: true,
		Files: []piecespace.File{file("a", 20000), file("b", 0), file("c", 16384), file("d", 1)},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i := range in.NumPieces() {
		got = append(got, strconv.Itoa(in.PieceLen(i))+"/"+strconv.Itoa(in.DataLen(i))+" of "+in.Files[in.PieceFile(i)].Name())
		if spans := in.AppendSpans(nil, i); len(spans) != 1 || spans[0].Len != in.PieceLen(i) {
			t.Errorf("piece %d: %v", i, spans)
		}
	}
	want := []string{"16384/16384 of n/a", "3616/3616 of n/a", "16384/16384 of n/c", "1/1 of n/d"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if in.TotalLength() != 36385 {
		t.Errorf("%d bytes", in.TotalLength())
	}
}

func TestRefused(t *testing.T) {
	for _, c := range []struct {
		name  string
		files []piecespace.File
		gaps  bool
		field string
		err   error
	}{
		{"negative", []piecespace.File{file("a", -1)}, false, "info.files[0].length", metainfo.ErrRange},
		{"too long", []piecespace.File{file("a", piecespace.MaxLength+1)}, true, `info.file tree["a"].length`, metainfo.ErrRange},
		{"overflow", []piecespace.File{file("a", piecespace.MaxLength), file("b", 1)}, false, "info.files[1].length", metainfo.ErrRange},
		{"no content", []piecespace.File{file("a", 0), pad(5)}, false, "info", metainfo.ErrEmpty},
		{"many pieces", []piecespace.File{file("a", 16<<23+1)}, true, "info.piece length", metainfo.ErrPieceCount},
		{"same name", []piecespace.File{file("a", 1), file("A", 1)}, true, `info.file tree["A"]`, metainfo.ErrCollision},
		{"piece of padding", []piecespace.File{file("a", 5), pad(11 + 16), file("b", 1)}, false, "info.files[1]", metainfo.ErrPad},
	} {
		_, err := piecespace.Lay(piecespace.Space{Name: "n", MultiFile: true, PieceLength: 16, Gaps: c.gaps, Files: c.files})
		var bad *metainfo.FieldError
		if !errors.As(err, &bad) || bad.Field != c.field || !errors.Is(err, c.err) {
			t.Errorf("%s: %v, want %s: %v", c.name, err, c.field, c.err)
		}
	}
}

// TestMost has as many pieces as there may be.
func TestMost(t *testing.T) {
	s, err := piecespace.Lay(piecespace.Space{Name: "n", PieceLength: 16, Files: []piecespace.File{file("n", 16<<23)}})
	if err != nil || s.NumPieces() != 1<<23 || s.Files[0].Name() != "n" {
		t.Errorf("%d pieces of %q: %v", s.NumPieces(), s.Files[0].Name(), err)
	}
}

func TestLinkTarget(t *testing.T) {
	for _, c := range []struct{ path, target, want string }{
		{"l", "a", "a"},
		{"l", "d/a", "d/a"},
		{"d/l", "d/a", "a"},
		{"d/l", "a", "../a"},
		{"d/e/l", "d/f/a", "../f/a"},
		{"d/l", "d", "../d"},
		{"x/y/l", "a/b", "../../a/b"},
	} {
		f := piecespace.File{Path: strings.Split(c.path, "/"), Symlink: strings.Split(c.target, "/")}
		if got := f.LinkTarget(); got != c.want {
			t.Errorf("%s -> %s: %q, want %q", c.path, c.target, got, c.want)
		}
	}
}
