package metainfo_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/internal/golden"
)

func mustParse(t testing.TB, b []byte) *metainfo.Torrent {
	t.Helper()
	tor, err := metainfo.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	return tor
}

func TestBytesRoundTrip(t *testing.T) {
	for _, name := range golden.Names() {
		b := golden.Torrent(name)
		if got := mustParse(t, b).Bytes(); !bytes.Equal(got, b) {
			t.Errorf("%s: got  %q\nwant %q", name, got, b)
		}
	}
}

// TestMagnetLayers follows a version 2 torrent from a magnet link: first the
// info dictionary, then the layers.
func TestMagnetLayers(t *testing.T) {
	full := mustParse(t, golden.Torrent("tree-v2"))
	tor, err := metainfo.ParseInfo(full.InfoBytes)
	if err != nil {
		t.Fatal(err)
	}
	if tor.Hashes() != full.Hashes() {
		t.Errorf("hashes %v, want %v", tor.Hashes(), full.Hashes())
	}
	missing := tor.MissingLayers()
	if len(missing) != 3 {
		t.Fatalf("missing layers of files %v", missing)
	}
	if _, ok := tor.PieceRoot(0); ok {
		t.Error("a piece root is known without layers")
	}
	if bytes.Contains(tor.Bytes(), []byte("piece layers")) {
		t.Error("incomplete layers were written")
	}
	layer := bytes.Clone(full.PieceLayer(missing[0]))
	layer[40] ^= 1
	if err := tor.SetPieceLayer(missing[0], layer); !errors.Is(err, metainfo.ErrLayer) {
		t.Errorf("wrong layer: %v", err)
	}
	if err := tor.SetPieceLayer(1, nil); !errors.Is(err, metainfo.ErrLayer) {
		t.Errorf("layer of a small file: %v", err)
	}
	for _, f := range missing {
		if err := tor.SetPieceLayer(f, full.PieceLayer(f)); err != nil {
			t.Fatal(err)
		}
	}
	for i := range tor.Info.NumPieces() {
		got, ok := tor.PieceRoot(i)
		if want, _ := full.PieceRoot(i); !ok || got != want || tor.PieceRootLayer(i) != full.PieceRootLayer(i) {
			t.Errorf("piece %d: root %v in layer %d, want %v", i, got, tor.PieceRootLayer(i), want)
		}
	}
	again := mustParse(t, tor.Bytes())
	if len(again.MissingLayers()) != 0 || again.Hashes() != full.Hashes() {
		t.Error("layers were lost in writing")
	}
}
