package hasher

import (
	"context"
	"crypto/sha1"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"sync"
	"testing"

	"github.com/warren-p2p/warren/internal/merkle"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"pgregory.net/rapid"
)

// world is a random piece space and what is known of it without hashing rows.
type world struct {
	fsys    vfs.FS
	plan    *Plan
	space   []byte // the whole piece space
	absent  map[int]bool
	content int64
}

// draw makes a plan of one kind over random files, some of which are missing.
func draw(t *rapid.T, data []byte) *world {
	w := &world{fsys: memfs.New(), absent: map[int]bool{}}
	kind := rapid.SampledFrom([]string{"v1", "v2", "hybrid"}).Draw(t, "kind")
	lengths := []int64{16 << 10, 32 << 10, 2 * maxChunk}
	if kind == "v1" { // any length will do
		lengths = append(lengths, 10007, maxChunk+100)
	}
	p := &Plan{
		FS: w.fsys, V1: kind != "v2", V2: kind != "v1",
		PieceLength: rapid.SampledFrom(lengths).Draw(t, "piece length"),
		Workers:     rapid.IntRange(1, 4).Draw(t, "workers"),
	}
	end := int64(0)
	for range rapid.IntRange(1, 60).Draw(t, "files") {
		length := rapid.OneOf(rapid.Int64Range(0, 300), rapid.Int64Range(0, 3*p.PieceLength)).Draw(t, "length")
		if end+length > int64(len(data)) {
			break
		}
		f := File{Name: fmt.Sprint(len(p.Files)), Length: length, Offset: end}
		w.content += length
		if rapid.IntRange(0, 19).Draw(t, "absent") == 0 {
			w.absent[len(p.Files)] = true
		} else if err := writeFile(w.fsys, f.Name, data[end:end+length]); err != nil {
			t.Fatal(err)
		}
		p.Files = append(p.Files, f)
		end += length
		if gap := -end & (p.PieceLength - 1); p.V2 {
			if p.V1 && gap > 0 {
				p.Files = append(p.Files, File{Length: gap, Offset: end, Pad: true})
			}
			end += gap
		}
	}
	w.space = make([]byte, end)
	for _, f := range p.Files {
		if !f.Pad {
			copy(w.space[f.Offset:f.Offset+f.Length], data[f.Offset:])
		}
	}
	p.NumPieces = int((end + p.PieceLength - 1) / p.PieceLength)
	w.plan = p
	return w
}

func writeFile(fsys vfs.FS, name string, data []byte) error {
	f, err := fsys.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(data, 0)
	return errors.Join(err, f.Close())
}

// want hashes a piece the simplest way.
func (w *world) want(i int) Piece {
	p := w.plan
	start := int64(i) * p.PieceLength
	end := min(start+p.PieceLength, int64(len(w.space)))
	res := Piece{Index: i, OK: true}
	for at, f := range p.Files {
		if f.Length == 0 || f.Pad || f.Offset >= end || f.Offset+f.Length <= start {
			continue
		}
		if w.absent[at] {
			return Piece{Index: i}
		}
		if p.V2 {
			from, to := max(start, f.Offset), min(end, f.Offset+f.Length)
			layer := merkle.Layers(min(merkle.Blocks(f.Length), p.PieceLength/merkle.BlockLen))
			res.V2 = merkle.RootAt(merkle.AppendLeaves(nil, w.space[from:to]), 0, layer)
		}
	}
	if p.V1 {
		res.V1 = sha1.Sum(w.space[start:end])
	}
	return res
}

// TestRunProperty compares rows, chunks and workers with hashing piece by
// piece.
func TestRunProperty(t *testing.T) {
	data := make([]byte, 6<<20)
	rand.NewChaCha8([32]byte{}).Read(data)
	rapid.Check(t, func(t *rapid.T) {
		w := draw(t, data)
		var mu sync.Mutex
		pieces := map[int]Piece{}
		failed := map[int]bool{}
		read := map[int]bool{}
		var done int64
		w.plan.Piece = func(p Piece) {
			mu.Lock()
			defer mu.Unlock()
			if _, ok := pieces[p.Index]; ok {
				t.Errorf("piece %d is hashed twice", p.Index)
			}
			pieces[p.Index] = p
		}
		w.plan.Failed = func(i int, err error) error {
			mu.Lock()
			defer mu.Unlock()
			if failed[i] = true; !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("file %d: %v", i, err)
			}
			return nil
		}
		w.plan.Read = func(i int, _ vfs.File) error {
			mu.Lock()
			defer mu.Unlock()
			read[i] = true
			return nil
		}
		w.plan.Progress = func(n int64) { done = n }
		if err := Run(context.Background(), w.plan); err != nil {
			t.Fatal(err)
		}
		if done != w.content || len(pieces) != w.plan.NumPieces {
			t.Errorf("%d of %d bytes, %d of %d pieces", done, w.content, len(pieces), w.plan.NumPieces)
		}
		for i := range w.plan.NumPieces {
			got, want := pieces[i], w.want(i)
			if got.OK != want.OK || want.OK && got != want {
				t.Errorf("piece %d: %+v, want %+v", i, got, want)
			}
		}
		for i, f := range w.plan.Files {
			if there := !f.Pad && f.Length > 0; read[i] != (there && !w.absent[i]) || failed[i] != (there && w.absent[i]) {
				t.Errorf("file %d: read %v, failed %v, absent %v", i, read[i], failed[i], w.absent[i])
			}
		}
	})
}
