package metainfo_test

import (
	"bytes"
	"crypto/sha1"
	"testing"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/internal/golden"
	"github.com/warren-p2p/warren/metainfo/piecespace"
	"github.com/warren-p2p/warren/metainfo/verify"
)

func FuzzParse(f *testing.F) {
	for _, name := range golden.Names() {
		f.Add(golden.Torrent(name))
	}
	f.Add(torrentOf(infoHybrid(none), "nodes", list{list{"h", 1}}, "url-list", "u", "announce-list", list{list{"t"}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		tor, err := metainfo.Parse(b)
		if err != nil {
			return
		}
		if !bytes.Equal(tor.Bytes(), b) {
			t.Errorf("%q is written as %q", b, tor.Bytes())
		}
		checkSound(t, tor)
		tor.Comment += "x"
		again, err := metainfo.Parse(tor.Bytes())
		if err != nil || again.Hashes() != tor.Hashes() || again.Comment != tor.Comment {
			t.Errorf("%q edited: %v", b, err)
		}
	})
}

func FuzzParseInfo(f *testing.F) {
	for _, name := range golden.Names() {
		f.Add(mustParse(f, golden.Torrent(name)).InfoBytes)
	}
	for _, c := range badInfo {
		f.Add(encode(c.info))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		tor, err := metainfo.ParseInfo(b)
		if err != nil {
			return
		}
		if tor.Info.HasV1() && tor.Hashes().V1 != sha1.Sum(b) {
			t.Error("the info-hash is not that of the bytes")
		}
		checkSound(t, tor)
	})
}

// checkSound checks what callers rely on without looking.
func checkSound(t *testing.T, tor *metainfo.Torrent) {
	in := &tor.Info
	names := make(map[string]bool)
	for i := range in.Files {
		f := &in.Files[i]
		if !f.Pad {
			if names[f.Name()] {
				t.Errorf("%q appears twice", f.Name())
			}
			names[f.Name()] = true
		}
		if f.Length < 0 || len(f.Path) == 0 || len(f.Symlink) > 0 && f.LinkTarget() == "" {
			t.Errorf("file %+v", f)
		}
	}
	if in.NumPieces() == 0 {
		t.Fatal("no pieces")
	}
	var spans []piecespace.Span
	step := max(1, in.NumPieces()/100)
	for i := 0; i < in.NumPieces(); i += step {
		n := 0
		spans = in.AppendSpans(spans[:0], i)
		for _, s := range spans {
			if f := &in.Files[s.File]; s.Len <= 0 || s.PieceOff != n || s.FileOff < 0 || s.FileOff+int64(s.Len) > f.Length {
				t.Errorf("piece %d: span %+v", i, s)
			}
			n += s.Len
		}
		data := in.DataLen(i)
		if n != in.PieceLen(i) || data <= 0 || data > n || int64(n) > in.PieceLength {
			t.Errorf("piece %d: %d bytes of data, %d in all, %d in spans", i, data, in.PieceLen(i), n)
		}
		if n <= 64<<10 {
			verify.Piece(tor, i, make([]byte, data))
		}
	}
}
