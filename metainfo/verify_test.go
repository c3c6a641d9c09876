package metainfo_test

import (
	"crypto/sha1"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/warren-p2p/warren/metainfo"
)

// TestVerifyDamage damages one file and looks it up in the report.
func TestVerifyDamage(t *testing.T) {
	flip := func(name string) error {
		f, err := os.OpenFile(name, os.O_RDWR, 0)
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = f.WriteAt([]byte{1, 2, 3}, 40000)
		return err
	}
	for name, c := range map[string]struct {
		file     string
		damage   func(name string) error
		err      error
		bad      int // pieces of the file in a hybrid, whose pieces hold one file each
		firstBad int
	}{
		"changed":       {"tree/a.bin", flip, nil, 1, 1},
		"short":         {"tree/a.bin", func(n string) error { return os.Truncate(n, 66000) }, metainfo.ErrShort, 1, 2},
		"empty":         {"tree/a.bin", func(n string) error { return os.Truncate(n, 0) }, metainfo.ErrShort, 3, 0},
		"missing":       {"tree/a.bin", os.Remove, fs.ErrNotExist, 3, 0},
		"long":          {"tree/a.bin", func(n string) error { return os.Truncate(n, 70001) }, metainfo.ErrLong, 0, -1},
		"empty missing": {"tree/docs/empty", os.Remove, fs.ErrNotExist, 0, -1},
		"empty long":    {"tree/docs/empty", func(n string) error { return os.Truncate(n, 1) }, metainfo.ErrLong, 0, -1},
		"link missing":  {"tree/z/link", os.Remove, fs.ErrNotExist, 0, -1},
		"other link": {"tree/z/link", func(n string) error {
			return errors.Join(os.Remove(n), os.Symlink("exact", n))
		}, metainfo.ErrSymlink, 0, -1},
		"file for link": {"tree/z/link", func(n string) error {
			return errors.Join(os.Remove(n), os.WriteFile(n, nil, 0o644))
		}, metainfo.ErrSymlink, 0, -1},
	} {
		t.Run(name, func(t *testing.T) {
			tor := mustParse(t, readGolden(t, "links-hybrid"))
			dir := writeTree(t, true)
			if err := c.damage(filepath.Join(dir, c.file)); err != nil {
				t.Fatal(err)
			}
			var done, total int64
			r, err := metainfo.Verify(ctx, tor, openDir(t, filepath.Dir(dir)), filepath.Base(dir), metainfo.VerifyOptions{
				Progress: func(d, n int64) { done, total = d, n },
			})
			if err != nil {
				t.Fatal(err)
			}
			if done != total || total != tor.Info.TotalLength() {
				t.Errorf("progress ended with %d of %d", done, total)
			}
			if r.Complete() || r.NumGood != r.NumPieces-c.bad {
				t.Errorf("%d of %d pieces are good", r.NumGood, r.NumPieces)
			}
			for i, f := range r.Files {
				if tor.Info.Files[i].Name() != c.file {
					if !f.Good() || f.FirstBad != -1 {
						t.Errorf("%s: %+v", tor.Info.Files[i].Name(), f)
					}
					continue
				}
				if !errors.Is(f.Err, c.err) || f.BadPieces != c.bad || f.FirstBad != c.firstBad || f.Good() {
					t.Errorf("%+v, want %d bad from %d, %v", f, c.bad, c.firstBad, c.err)
				}
			}
		})
	}
}

// TestVerifyMerkleV1 makes a BEP 30 torrent of three pieces by hand: its
// pieces are good or bad together.
func TestVerifyMerkleV1(t *testing.T) {
	const piece = 16384
	data := content(2*piece + 5)
	node := func(parts ...[20]byte) [20]byte {
		var b []byte
		for _, p := range parts {
			b = append(b, p[:]...)
		}
		return sha1.Sum(b)
	}
	a, b, c := sha1.Sum(data[:piece]), sha1.Sum(data[piece:2*piece]), sha1.Sum(data[2*piece:])
	top := node(node(a, b), node(c, [20]byte{}))
	tor, err := metainfo.ParseInfo(encode(with(infoV1(none), "pieces", nil, "root hash", top[:], "length", len(data))))
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := tor.Info.MerkleRoot(); !ok || got != top {
		t.Errorf("root %v", got)
	}
	if err := tor.VerifyPiece(0, data[:piece]); !errors.Is(err, metainfo.ErrNoHashes) {
		t.Errorf("one piece: %v", err)
	}
	dir := t.TempDir()
	for _, good := range []bool{true, false} {
		writeFile(t, filepath.Join(dir, "n"), data, 0o644)
		r, err := metainfo.Verify(ctx, tor, openDir(t, dir), ".", metainfo.VerifyOptions{})
		if err != nil || r.Complete() != good {
			t.Errorf("complete %v, want %v: %v", !good, good, err)
		}
		data[0] ^= 1
	}
}
