package infodict

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/warren-p2p/warren/internal/merkle"
	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/metainfo/internal/check"
	"github.com/warren-p2p/warren/metainfo/internal/pathname"
	"github.com/warren-p2p/warren/metainfo/piecespace"
)

// golden pairs dictionaries with their canonical bytes.
var golden = []struct {
	dict  *Dict
	bytes string
}{
	{
		&Dict{
			Name: "n", PieceLength: 16384, Private: true, Source: "s", SSLCert: "c", V1: true,
			Files: []piecespace.File{{Path: []string{"n"}, Length: 5, Executable: true}}, Pieces: []byte("01234567890123456789"),
		},
		"d4:attr1:x6:lengthi5e4:name1:n12:piece lengthi16384e6:pieces20:01234567890123456789" +
			"7:privatei1e6:source1:s8:ssl-cert1:ce",
	},
	{
		&Dict{
			Name: "n", PieceLength: 16384, V1: true, MultiFile: true, Pieces: []byte{},
			Files: []piecespace.File{
				{Path: []string{"a", "b"}, Length: 1},
				{Path: []string{".pad", "3"}, Length: 3, Pad: true},
				{Path: []string{"l"}, Symlink: []string{"a", "b"}},
			},
		},
		"d5:filesld6:lengthi1e4:pathl1:a1:beed4:attr1:p6:lengthi3e4:pathl4:.pad1:3eed4:attr1:l6:lengthi0e4:pathl1:le" +
			"12:symlink pathl1:a1:beee4:name1:n12:piece lengthi16384e6:pieces0:e",
	},
	{
		&Dict{
			Name: "n", PieceLength: 32768, V2: true,
			Tree: []piecespace.File{
				{Path: []string{"a", "b"}, Length: 1, PiecesRoot: merkle.Hash{1}},
				{Path: []string{"a", "c"}},
				{Path: []string{"l"}, Symlink: []string{"a"}},
			},
		},
		"d9:file treed1:ad1:bd0:d6:lengthi1e11:pieces root32:\x01" + strings.Repeat("\x00", 31) + "ee1:cd0:d6:lengthi0eeee" +
			"1:ld0:d4:attr1:l12:symlink pathl1:aeeee12:meta versioni2e4:name1:n12:piece lengthi32768ee",
	},
}

func read(t interface {
	Helper()
	Fatal(...any)
}, b string) (*Dict, error) {
	t.Helper()
	v, err := bencode.Parse([]byte(b))
	if err != nil {
		t.Fatal(err)
	}
	return Read(v)
}

func TestGolden(t *testing.T) {
	for _, g := range golden {
		if got := string(g.dict.Bytes()); got != g.bytes {
			t.Errorf("written %q\nwant    %q", got, g.bytes)
		}
		got, err := read(t, g.bytes)
		if err != nil {
			t.Error(err)
			continue
		}
		if diff := cmp.Diff(g.dict, got, cmpopts.IgnoreUnexported(piecespace.File{})); diff != "" {
			t.Error(diff)
		}
	}
}

func TestRead(t *testing.T) {
	for b, want := range map[string]struct {
		field string
		err   error
	}{
		"le":                             {"info", check.ErrType},
		"de":                             {"info.pieces", check.ErrMissing},
		"d12:meta versioni3e6:pieces0:e": {"info.meta version", check.ErrVersion},
		"d4:name2:..6:pieces0:e":         {"info.name", pathname.ErrTraversal},
		"d4:name1:n12:piece lengthi1000e9:root hash1:xe": {"info.files", check.ErrMissing},
	} {
		_, err := read(t, b)
		var bad *check.Error
		if !errors.As(err, &bad) || bad.Field != want.field || !errors.Is(err, want.err) {
			t.Errorf("%s: %v, want %s: %v", b, err, want.field, want.err)
		}
	}
}

// FuzzRead writes what was read and reads it again.
func FuzzRead(f *testing.F) {
	for _, g := range golden {
		f.Add([]byte(g.bytes))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := bencode.Parse(b)
		if err != nil {
			return
		}
		d, err := Read(v)
		if err != nil || len(d.Root) > 0 { // merkle torrents are not written
			return
		}
		again, err := read(t, string(d.Bytes()))
		if err != nil {
			t.Fatalf("%q is written as %q: %v", b, d.Bytes(), err)
		}
		for _, files := range [][]piecespace.File{d.Files, d.Tree} {
			for i := range files {
				files[i].Hidden = false // never written, nor what padding and links have besides
				files[i].Executable = files[i].Executable && !files[i].Pad && files[i].Symlink == nil
			}
		}
		if diff := cmp.Diff(d, again, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(piecespace.File{})); diff != "" {
			t.Errorf("%q is written as %q: %s", b, d.Bytes(), diff)
		}
	})
}
