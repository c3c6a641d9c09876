package hashing

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestPlan(t *testing.T) {
	sizes := []int64{5, 0, 3, 9}
	tests := []struct {
		kind string
		want []Job
	}{
		{"v1", []Job{
			{Segments: []Segment{{0, 0, 4}}},
			{Segments: []Segment{{0, 4, 1}, {2, 0, 3}}},
			{Segments: []Segment{{3, 0, 4}}},
			{Segments: []Segment{{3, 4, 4}}},
			{Segments: []Segment{{3, 8, 1}}},
		}},
		{"v2", []Job{
			{Segments: []Segment{{0, 0, 4}}},
			{Segments: []Segment{{0, 4, 1}}},
			{Segments: []Segment{{2, 0, 3}}},
			{Segments: []Segment{{3, 0, 4}}},
			{Segments: []Segment{{3, 4, 4}}},
			{Segments: []Segment{{3, 8, 1}}},
		}},
		{"hybrid", []Job{
			{Segments: []Segment{{0, 0, 4}}},
			{Segments: []Segment{{0, 4, 1}}, Pad: 3},
			{Segments: []Segment{{2, 0, 3}}, Pad: 1},
			{Segments: []Segment{{3, 0, 4}}},
			{Segments: []Segment{{3, 4, 4}}},
			{Segments: []Segment{{3, 8, 1}}},
		}},
	}
	for _, tt := range tests {
		got, err := Plan(tt.kind, sizes, 4)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("%s: -want +got\n%s", tt.kind, d)
		}
	}
	for _, bad := range []struct {
		kind  string
		piece int64
	}{{"v3", 4}, {"v1", 0}} {
		if _, err := Plan(bad.kind, sizes, bad.piece); err == nil {
			t.Errorf("%+v: no error", bad)
		}
	}
}

// Every byte of every file is in exactly one job, and no job is longer than a
// piece.
func TestPlanCoversEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.Int64Range(0, 50), 0, 8).Draw(t, "sizes")
		piece := rapid.Int64Range(1, 16).Draw(t, "piece")
		kind := rapid.SampledFrom([]string{"v1", "v2", "hybrid"}).Draw(t, "kind")
		jobs, err := Plan(kind, sizes, piece)
		if err != nil {
			t.Fatal(err)
		}
		at := make([]int64, len(sizes))
		for _, j := range jobs {
			n := j.Pad
			for _, s := range j.Segments {
				if s.Off != at[s.File] || s.N <= 0 {
					t.Fatalf("segment %+v, file covered to %d", s, at[s.File])
				}
				at[s.File] += s.N
				n += s.N
			}
			if n > piece {
				t.Fatalf("job of %d bytes, piece length %d", n, piece)
			}
		}
		if d := cmp.Diff(append([]int64{}, sizes...), at); d != "" {
			t.Fatal(d)
		}
	})
}

func TestRaw(t *testing.T) {
	dir := t.TempDir()
	for name, size := range map[string]int{"a": 100_000, "b": 0, "c": 70_000} {
		if err := os.WriteFile(filepath.Join(dir, name), make([]byte, size), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, kind := range []string{"v1", "v2", "hybrid"} {
		if err := Raw(t.Context(), dir, kind, 32<<10); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
	if err := Raw(t.Context(), filepath.Join(dir, "none"), "v1", 1<<14); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
	w := worker{names: []string{filepath.Join(dir, "b")}, fd: -1}
	defer w.close()
	if err := w.read(Segment{N: 1}, make([]byte, 1)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("read past the end: %v", err)
	}
}
