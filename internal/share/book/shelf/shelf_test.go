package shelf_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/share/book/rows"
	"github.com/warren-p2p/warren/internal/share/book/shelf"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/share/record"
)

// full returns a shelf with public shares of which much is said.
func full(n int) *shelf.Shelf {
	s := shelf.New()
	said := strings.Repeat("Wörter ohne Ende ", 500)
	for i := range n {
		row := rows.Share{ID: record.NewID(), Token: link.NewToken(), Torrent: "t", Public: "p", Uses: -1, Created: time.Unix(int64(i), 0)}
		row.Title, row.Description = fmt.Sprint("Share ", i), said
		s.Put(&row, time.Unix(0, 0))
	}
	return s
}

// TestSearchIsCheap: whoever has the public link looks for what he likes; that takes no more
// memory than what is found.
func TestSearchIsCheap(t *testing.T) {
	s := full(300)
	for _, q := range []shelf.Query{{Most: 25}, {Words: "nothing"}, {Words: strings.Repeat("ohne ", 40) + "nichts"}, {Words: "SHARE 77", Most: 25}, {Tag: "x"}} {
		if n := testing.AllocsPerRun(3, func() { s.Search(q, time.Unix(0, 0)) }); n > 100 {
			t.Errorf("%+v: %g allocations", q, n)
		}
	}
	if list, total := s.Search(shelf.Query{Words: "wörter SHARE 299", Most: 5}, time.Unix(0, 0)); total != 1 || list[0].Title != "Share 299" {
		t.Errorf("%d are found", total)
	}
}

// TestSearchMeanwhile: shares come, go and are counted while somebody looks for one.
func TestSearchMeanwhile(t *testing.T) {
	s := full(50)
	var all sync.WaitGroup
	for _, one := range s.All(time.Unix(0, 0)) {
		all.Go(func() {
			s.Count(one.ID, 1, 1)
			one.Title = "other"
			s.Put(&one.Share, time.Unix(0, 0))
			s.Drop(one.ID)
		})
		all.Go(func() {
			if list, total := s.Search(shelf.Query{Words: "wörter", Most: 9}, time.Unix(0, 0)); len(list) != min(total, 9) {
				t.Errorf("%d of %d", len(list), total)
			}
		})
	}
	all.Wait()
}

func BenchmarkSearch(b *testing.B) {
	s := full(10_000)
	for _, words := range []string{"", "nothing"} {
		b.Run(words, func(b *testing.B) {
			for b.Loop() {
				s.Search(shelf.Query{Words: words, Most: 25}, time.Unix(0, 0))
			}
		})
	}
}

// BenchmarkToken reports how long it takes to look a token up, right ones and wrong ones.
func BenchmarkToken(b *testing.B) {
	s := full(10_000)
	right := s.All(time.Unix(0, 0))[7].Token
	near := right
	near[15] ^= 1
	for name, token := range map[string]link.Token{"right": right, "wrong": link.NewToken(), "near": near} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				s.Private(token, time.Unix(0, 0))
			}
		})
	}
}
