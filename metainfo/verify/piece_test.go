package verify_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/internal/golden"
	"github.com/warren-p2p/warren/metainfo/verify"
)

func mustParse(t testing.TB, b []byte) *metainfo.Torrent {
	t.Helper()
	tor, err := metainfo.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	return tor
}

// readPiece returns PieceLen bytes of a piece of a golden torrent.
func readPiece(tor *metainfo.Torrent, i int) []byte {
	data := make([]byte, tor.Info.PieceLen(i))
	for _, s := range tor.Info.AppendSpans(nil, i) {
		if f := &tor.Info.Files[s.File]; !f.Pad {
			copy(data[s.PieceOff:s.PieceOff+s.Len], golden.Content(int(f.Length))[s.FileOff:])
		}
	}
	return data
}

func TestPiece(t *testing.T) {
	for _, name := range golden.Names() {
		t.Run(name, func(t *testing.T) {
			tor := mustParse(t, golden.Torrent(name))
			for i := range tor.Info.NumPieces() {
				full := readPiece(tor, i)
				data := full[:tor.Info.DataLen(i)]
				for _, d := range [][]byte{full, data} {
					if err := verify.Piece(tor, i, d); err != nil {
						t.Error(err)
					}
				}
				if n := testing.AllocsPerRun(1, func() { verify.Piece(tor, i, data) }); n != 0 {
					t.Errorf("piece %d: %v allocations", i, n)
				}
				for _, at := range []int{0, len(data) / 2, len(data) - 1} {
					data[at] ^= 1
					var bad *verify.PieceError
					if err := verify.Piece(tor, i, data); !errors.As(err, &bad) || bad.Piece != i ||
						bad.V1 != tor.Info.HasV1() || bad.V2 != tor.Info.HasV2() {
						t.Errorf("piece %d with byte %d changed: %v", i, at, err)
					}
					data[at] ^= 1
				}
				if err := verify.Piece(tor, i, data[:len(data)-1]); !errors.Is(err, metainfo.ErrRange) {
					t.Errorf("piece %d cut: %v", i, err)
				}
			}
		})
	}
}

// TestPieces checks all pieces of each golden torrent at once, some of
// them damaged, some cut, some with their padding: the outcome must be that of
// checking them one by one.
func TestPieces(t *testing.T) {
	for _, name := range golden.Names() {
		t.Run(name, func(t *testing.T) {
			tor := mustParse(t, golden.Torrent(name))
			var pieces []int
			var data [][]byte
			for round := range 5 {
				for i := range tor.Info.NumPieces() {
					d := readPiece(tor, i)
					switch (i + round) % 5 {
					case 1:
						d[len(d)/3] ^= 1
					case 2:
						d = d[:len(d)-1]
					case 3:
						d = d[:tor.Info.DataLen(i)]
					}
					pieces, data = append(pieces, i), append(data, d)
				}
			}
			errs := make([]error, len(pieces))
			for i := range errs {
				errs[i] = errors.ErrUnsupported // must be overwritten
			}
			verify.Pieces(tor, pieces, data, errs)
			for k, i := range pieces {
				if want := verify.Piece(tor, i, data[k]); fmt.Sprint(errs[k]) != fmt.Sprint(want) {
					t.Errorf("piece %d: %v, want %v", i, errs[k], want)
				}
			}
		})
	}
}

// TestPiecesAllocates nothing for good pieces.
func TestPiecesAllocates(t *testing.T) {
	for _, name := range golden.Names() {
		tor := mustParse(t, golden.Torrent(name))
		var pieces []int
		var data [][]byte
		for len(pieces) < 20 {
			i := len(pieces) % tor.Info.NumPieces()
			pieces, data = append(pieces, i), append(data, readPiece(tor, i))
		}
		errs := make([]error, len(pieces))
		if n := testing.AllocsPerRun(1, func() { verify.Pieces(tor, pieces, data, errs) }); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
		if err := errors.Join(errs...); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestInconsistentHybrid takes a hybrid whose halves have the same
// layout and other content: each half must be reported for itself.
func TestInconsistentHybrid(t *testing.T) {
	good := mustParse(t, golden.Torrent("small-hybrid"))
	sum, _ := good.PieceHash(0)
	root, _ := good.PieceRoot(0)
	for _, c := range []struct {
		hash   []byte
		v1, v2 bool
	}{{sum[:], true, false}, {root[:], false, true}} {
		other := bytes.Clone(c.hash)
		other[0] ^= 1
		tor, err := metainfo.ParseInfo(bytes.Replace(good.InfoBytes, c.hash, other, 1))
		if err != nil {
			t.Fatal(err)
		}
		var bad *verify.PieceError
		if err := verify.Piece(tor, 0, readPiece(good, 0)); !errors.As(err, &bad) || bad.V1 != c.v1 || bad.V2 != c.v2 {
			t.Errorf("%v, want V1 %v, V2 %v", err, c.v1, c.v2)
		}
	}
}

func TestPieceErrorText(t *testing.T) {
	for want, err := range map[string]*verify.PieceError{
		"check piece 3: version 1 hash differs":                {Piece: 3, V1: true},
		"check piece 3: version 2 hash differs":                {Piece: 3, V2: true},
		"check piece 3: version 1 and version 2 hashes differ": {Piece: 3, V1: true, V2: true},
	} {
		if got := err.Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestWithoutLayers has a version 2 torrent from a magnet link, whose layers are
// still to come.
func TestWithoutLayers(t *testing.T) {
	full := mustParse(t, golden.Torrent("tree-v2"))
	tor, err := metainfo.ParseInfo(full.InfoBytes)
	if err != nil {
		t.Fatal(err)
	}
	if err := verify.Piece(tor, 0, readPiece(full, 0)); !errors.Is(err, verify.ErrNoHashes) {
		t.Errorf("piece: %v", err)
	}
	_, err = verify.Content(t.Context(), tor, golden.Disk("tree-v2"), ".", verify.Options{})
	if !errors.Is(err, verify.ErrNoHashes) {
		t.Errorf("content: %v", err)
	}
	for _, f := range tor.MissingLayers() {
		if err := tor.SetPieceLayer(f, full.PieceLayer(f)); err != nil {
			t.Fatal(err)
		}
	}
	if err := verify.Piece(tor, 0, readPiece(full, 0)); err != nil {
		t.Error(err)
	}
}
