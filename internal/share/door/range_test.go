package door_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/warren-p2p/warren/internal/share/book"
)

// TestRanges: a byte of each piece costs as much as all of a file, which has to be hashed
// for it. Of several ranges none counts, and who asks for them gets the file once.
func TestRanges(t *testing.T) {
	h := newHouse(t)
	whole := strings.Repeat("0123456789abcdef", 20_000) // ten pieces
	h.Write(map[string]string{"set/c": whole})
	s := h.direct(func(n *book.New) {})
	var read atomic.Int64
	h.Swarm.OnRead = func(n int) { read.Add(int64(n)) }
	var spec strings.Builder
	for i := range 500 { // from one piece to another and back
		fmt.Fprintf(&spec, ",%d-%d", i%10*32<<10+i, i%10*32<<10+i)
	}
	for name, header := range map[string]string{
		"many": "bytes=" + spec.String()[1:], "two": "bytes=0-0,40000-40000", "the same twice": "bytes=0-9,0-9", "nothing in one": "bytes=0-9,",
		"huge": "bytes=0-0,0-99999999999999999999999",
	} {
		read.Store(0)
		w := h.get(page(&s)+"/file/2", "Range", header)
		if w.Code != http.StatusOK || w.Body.String() != whole {
			t.Errorf("%s: %d, %d bytes", name, w.Code, w.Body.Len())
		}
		if n := read.Load(); n > 3*int64(len(whole)) {
			t.Errorf("%s: %d bytes were read", name, n)
		}
		if w := h.get(page(&s)+"/record", "Range", header); w.Code != http.StatusOK {
			t.Errorf("%s of the record: %d", name, w.Code)
		}
	}
	for header, want := range map[string]int{"bytes=1-99999999999999999999999": 416, "bytes=5-1": 416, "lines=1-2": 416, "bytes=x": 416} {
		if w := h.get(page(&s)+"/file/2", "Range", header); w.Code != want {
			t.Errorf("%s: %d", header, w.Code)
		}
	}
}
