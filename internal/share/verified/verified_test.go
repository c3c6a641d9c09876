package verified_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"

	"github.com/warren-p2p/warren/internal/share/verified"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo/create"
)

const pieceLength = 64 << 10

// content returns bytes by chance, and what verifies them.
func content(t *testing.T, size int) ([]byte, verified.Content) {
	t.Helper()
	b := make([]byte, size)
	r := rand.NewChaCha8([32]byte{byte(size)})
	_, _ = r.Read(b) // it never fails
	if size == 0 {   // no torrent is of nothing
		return b, verified.Content{From: bytes.NewReader(b), PieceLength: pieceLength}
	}
	dir := memfs.New()
	if err := vfs.WriteFileAtomic(dir, "f", b, 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := create.Torrent(t.Context(), dir, "f", create.Options{PieceLength: pieceLength})
	if err != nil {
		t.Fatal(err)
	}
	return b, verified.Content{From: bytes.NewReader(b), Size: int64(size), PieceLength: pieceLength, Root: m.Info.Files[0].PiecesRoot, Layer: m.PieceLayer(0)}
}

func sizes() []int {
	return []int{0, 1, 16 << 10, 16<<10 + 1, pieceLength - 1, pieceLength, pieceLength + 1, 3*pieceLength + 20_000, 4 * pieceLength}
}

func TestRead(t *testing.T) {
	for _, size := range sizes() {
		b, c := content(t, size)
		if err := iotest.TestReader(verified.New(c), b); err != nil {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}

// flipped has one byte changed, from the n-th read on.
type flipped struct {
	b     []byte
	at    int
	after int
}

func (f *flipped) ReadAt(p []byte, off int64) (int, error) {
	n, err := bytes.NewReader(f.b).ReadAt(p, off)
	if f.after--; f.after < 0 && int64(f.at) >= off && int64(f.at) < off+int64(n) {
		p[int64(f.at)-off] ^= 1
	}
	return n, err
}

// TestChanged: of a piece in which a byte was changed not one is returned, and all of
// those before it are what was shared.
func TestChanged(t *testing.T) {
	for _, size := range sizes()[1:] {
		b, c := content(t, size)
		for _, at := range []int{0, size / 2, size - 1} {
			c.From = &flipped{b: b, at: at}
			got, err := io.ReadAll(verified.New(c))
			if !errors.Is(err, verified.ErrChanged) || !bytes.Equal(got, b[:at/pieceLength*pieceLength]) {
				t.Errorf("%d bytes, changed at %d: %d were returned, %v", size, at, len(got), err)
			}
			if err := verified.New(c).Probe(int64(at)); !errors.Is(err, verified.ErrChanged) {
				t.Errorf("%d bytes, changed at %d: %v", size, at, err)
			}
		}
		c.From = bytes.NewReader(b[:size-1])
		if _, err := io.ReadAll(verified.New(c)); !errors.Is(err, verified.ErrChanged) {
			t.Errorf("%d bytes, one less now: %v", size, err)
		}
	}
}

// TestChangedMeanwhile: what is changed after its piece was verified is not returned
// either.
func TestChangedMeanwhile(t *testing.T) {
	b, c := content(t, pieceLength)
	c.From = &flipped{b: b, at: 20_000, after: pieceLength / (16 << 10)}
	got, err := io.ReadAll(verified.New(c))
	if !errors.Is(err, verified.ErrChanged) || !bytes.Equal(got, b[:16<<10]) {
		t.Errorf("%d bytes were returned, %v", len(got), err)
	}
}

func TestDiskFails(t *testing.T) {
	_, c := content(t, pieceLength)
	broken := errors.New("broken")
	c.From = readerAt(func([]byte, int64) (int, error) { return 0, broken })
	if _, err := io.ReadAll(verified.New(c)); !errors.Is(err, broken) {
		t.Error(err)
	}
}

type readerAt func([]byte, int64) (int, error)

func (f readerAt) ReadAt(p []byte, off int64) (int, error) { return f(p, off) }
