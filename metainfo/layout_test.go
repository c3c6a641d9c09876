package metainfo_test

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/warren-p2p/warren/metainfo"
	"pgregory.net/rapid"
)

// TestLayout holds the geometry against a map of the piece space that is made
// byte by byte.
func TestLayout(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const piece = 40
		var files []any
		var space []int // file of each byte, -1-file for padding
		pads := rapid.Bool().Draw(t, "pads")
		for i, n := range rapid.SliceOfN(rapid.IntRange(0, 150), 1, 8).Draw(t, "lengths") {
			for range n {
				space = append(space, len(files))
			}
			files = append(files, fileV1(n, "f"+strconv.Itoa(i)))
			if gap := -len(space) % piece; pads && gap != 0 {
				gap += piece
				for range gap {
					space = append(space, -1-len(files))
				}
				files = append(files, with(pad(gap), "path", list{".pad", strconv.Itoa(gap)}))
			}
		}
		if len(space) == 0 {
			return
		}
		n := (len(space) + piece - 1) / piece
		tor, err := metainfo.ParseInfo(encode(with(filesV1(files...), "piece length", piece, "pieces", pieces(n))))
		if err != nil {
			t.Fatal(err)
		}
		checkLayout(t, &tor.Info, space, piece)
	})
}

func checkLayout(t *rapid.T, in *metainfo.Info, space []int, piece int) {
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

func TestLayoutV2(t *testing.T) {
	tor, err := metainfo.ParseInfo(encode(infoV2(dict{
		"a": leafV2(20000), "b": leafV2(0), "c": leafV2(16384), "d": leafV2(1),
	})))
	if err != nil {
		t.Fatal(err)
	}
	in := &tor.Info
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
	if in.TotalLength() != 36385 || in.HasV1() || !in.HasV2() {
		t.Errorf("%d bytes", in.TotalLength())
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
		f := metainfo.File{Path: split(c.path), Symlink: split(c.target)}
		if got := f.LinkTarget(); got != c.want {
			t.Errorf("%s -> %s: %q, want %q", c.path, c.target, got, c.want)
		}
	}
}
