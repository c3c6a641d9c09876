package door_test

import (
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/share/book"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/piecespace"
)

// many is a draft of many files of one byte each.
func (h *house) many(t *testing.T, n int) book.New {
	t.Helper()
	d := h.Draft("set", "Many")
	const piece = 16 << 10
	s := piecespace.Space{Name: "many", MultiFile: true, PieceLength: piece}
	for i := range n {
		s.Files = append(s.Files, piecespace.File{Path: []string{fmt.Sprintf("file %06d", i)}, Length: 1, PiecesRoot: metainfo.HashV2{1, byte(i >> 8), byte(i)}})
		if i < n-1 {
			s.Files = append(s.Files, piecespace.File{Path: []string{".pad", fmt.Sprint(piece - 1)}, Length: piece - 1, Pad: true})
		}
	}
	s, err := piecespace.Lay(s)
	if err != nil {
		t.Fatal(err)
	}
	d.Metainfo = metainfo.New(metainfo.Content{Space: s, Pieces: make([]byte, 20*n), V2: true, Private: true, Source: d.ID.String()})
	return d
}

// TestManyFiles: of a hundred thousand files a page shows some, and takes no more memory
// than that needs.
func TestManyFiles(t *testing.T) {
	n := 100_000
	if raceEnabled {
		n = 2_000 // SQLite is twenty times slower then
	}
	h := newHouse(t)
	d := h.many(t, n)
	d.Direct = true
	s := h.Share(d)
	var before, after runtime.MemStats
	last, middle := n/500, n/1000
	for query, want := range map[string]int{"": 0, fmt.Sprint("?page=", last): n - 1, fmt.Sprint("?page=", middle): middle*500 - 500, "?page=999999": n - 1} {
		runtime.ReadMemStats(&before)
		w := h.get(page(&s) + query)
		runtime.ReadMemStats(&after)
		body := w.Body.String()
		if w.Code != http.StatusOK || !strings.Contains(body, fmt.Sprintf("file %06d", want)) || strings.Count(body, "<tr>") != 501 || len(body) > 200_000 {
			t.Errorf("%s: %d with %d rows in %d bytes", query, w.Code, strings.Count(body, "<tr>"), len(body))
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 8<<20 {
			t.Errorf("%s: the page took %d bytes of memory", query, took)
		}
	}
	if w := h.get(page(&s) + fmt.Sprintf("/file/%d", n-1)); w.Code != http.StatusGone { // it was never there
		t.Errorf("the last file: %d", w.Code)
	}
}
