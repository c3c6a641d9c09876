package verify_test

import (
	"crypto/sha1"
	"errors"
	"io/fs"
	"os"
	"testing"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/internal/golden"
	"github.com/warren-p2p/warren/metainfo/verify"
)

// TestGolden checks libtorrent's torrents against the files.
func TestGolden(t *testing.T) {
	for _, name := range golden.Names() {
		t.Run(name, func(t *testing.T) {
			tor := mustParse(t, golden.Torrent(name))
			r, err := verify.Content(t.Context(), tor, golden.Disk(name), ".", verify.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if !r.Complete() || r.NumGood != tor.Info.NumPieces() {
				t.Errorf("report %+v", r)
			}
		})
	}
}

// change opens a file for change to spoil it.
func change(do func(vfs.File) error) func(vfs.FS, string) error {
	return func(fsys vfs.FS, name string) error {
		f, err := fsys.OpenFile(name, os.O_RDWR, 0)
		if err != nil {
			return err
		}
		return errors.Join(do(f), f.Close())
	}
}

func truncate(n int64) func(vfs.FS, string) error {
	return change(func(f vfs.File) error { return f.Truncate(n) })
}

// TestDamage damages one file and looks it up in the report.
func TestDamage(t *testing.T) {
	flip := change(func(f vfs.File) error {
		_, err := f.WriteAt([]byte{1, 2, 3}, 40000)
		return err
	})
	for name, c := range map[string]struct {
		file     string
		damage   func(fsys vfs.FS, name string) error
		err      error
		bad      int // pieces of the file in a hybrid, whose pieces hold one file each
		firstBad int
	}{
		"changed":       {"tree/a.bin", flip, nil, 1, 1},
		"short":         {"tree/a.bin", truncate(66000), verify.ErrShort, 1, 2},
		"empty":         {"tree/a.bin", truncate(0), verify.ErrShort, 3, 0},
		"missing":       {"tree/a.bin", vfs.FS.Remove, fs.ErrNotExist, 3, 0},
		"long":          {"tree/a.bin", truncate(70001), verify.ErrLong, 0, -1},
		"empty missing": {"tree/docs/empty", vfs.FS.Remove, fs.ErrNotExist, 0, -1},
		"empty long":    {"tree/docs/empty", truncate(1), verify.ErrLong, 0, -1},
		"link missing":  {"tree/z/link", vfs.FS.Remove, fs.ErrNotExist, 0, -1},
		"other link": {"tree/z/link", func(fsys vfs.FS, n string) error {
			return errors.Join(fsys.Remove(n), fsys.Symlink("exact", n))
		}, metainfo.ErrSymlink, 0, -1},
		"file for link": {"tree/z/link", func(fsys vfs.FS, n string) error {
			return errors.Join(fsys.Remove(n), vfs.WriteFileAtomic(fsys, n, nil, 0o644))
		}, metainfo.ErrSymlink, 0, -1},
	} {
		t.Run(name, func(t *testing.T) {
			tor := mustParse(t, golden.Torrent("links-hybrid"))
			disk := golden.Disk("links-hybrid")
			if err := errors.Join(c.damage(disk, c.file), disk.MkdirAll("below", 0o755), disk.Rename("tree", "below/tree")); err != nil {
				t.Fatal(err)
			}
			var done, total int64
			r, err := verify.Content(t.Context(), tor, disk, "below", verify.Options{
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

// TestMerkleV1 makes a BEP 30 torrent of three pieces by hand: its
// pieces are good or bad together.
func TestMerkleV1(t *testing.T) {
	const piece = 16384
	data := golden.Content(2*piece + 5)
	node := func(parts ...[20]byte) [20]byte {
		var b []byte
		for _, p := range parts {
			b = append(b, p[:]...)
		}
		return sha1.Sum(b)
	}
	a, b, c := sha1.Sum(data[:piece]), sha1.Sum(data[piece:2*piece]), sha1.Sum(data[2*piece:])
	top := node(node(a, b), node(c, [20]byte{}))
	tor, err := metainfo.ParseInfo(bencode.Append(nil, map[string]any{
		"name": "n", "piece length": piece, "root hash": top[:], "length": len(data),
	}))
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := tor.Info.MerkleRoot(); !ok || got != top {
		t.Errorf("root %v", got)
	}
	if err := verify.Piece(tor, 0, data[:piece]); !errors.Is(err, verify.ErrNoHashes) {
		t.Errorf("one piece: %v", err)
	}
	disk := memfs.New()
	for _, good := range []bool{true, false} {
		if err := vfs.WriteFileAtomic(disk, "n", data, 0o644); err != nil {
			t.Fatal(err)
		}
		r, err := verify.Content(t.Context(), tor, disk, ".", verify.Options{})
		if err != nil || r.Complete() != good {
			t.Errorf("complete %v, want %v: %v", !good, good, err)
		}
		data[0] ^= 1
	}
}
