package browsed

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func page(name string, ms, bytes float64, small int) Page {
	p := Page{Name: name, Loads: []Load{{First: ms, Bytes: bytes, Script: bytes / 2, Requests: int(bytes), IdleBytes: bytes, Nodes: int(bytes)}}}
	p.Phone.Small = small
	return p
}

// A page that is behind on one column is behind; where nothing can be better, level is
// enough.
func TestCheck(t *testing.T) {
	good := Watched{Opened: Opened{First: 100}, Updates: 10, Task: 0.1, Heap: []float64{1e6, 1e6, 1.01e6}, Nodes: []float64{1, 1, 1}}
	for name, c := range map[string]struct {
		us, other Page
		long      Watched
		behind    string
	}{
		"ahead":           {page("we", 1, 1, 0), page("they", 2, 2, 0), good, ""},
		"later":           {page("we", 3, 1, 0), page("they", 2, 2, 0), good, "first row, ms: 3, and 2 of they"},
		"level":           {page("we", 2, 1, 0), page("they", 2, 2, 0), good, "first row, ms: 2, and 2 of they"},
		"small controls":  {page("we", 1, 1, 1), page("they", 2, 2, 0), good, "phone: controls < 24 px: 1, and 0 of they"},
		"slow when many":  {page("we", 1, 1, 0), page("they", 2, 2, 0), Watched{Opened: Opened{First: 100}, Updates: 10, Task: 0.2, Heap: good.Heap, Nodes: good.Nodes}, "an update, ms"},
		"late when many":  {page("we", 1, 1, 0), page("they", 2, 2, 0), Watched{Opened: Opened{First: 301}, Updates: 10, Task: 0.1, Heap: good.Heap, Nodes: good.Nodes}, "first row, ms"},
		"grows when many": {page("we", 1, 1, 0), page("they", 2, 2, 0), Watched{Opened: Opened{First: 100}, Updates: 10, Task: 0.1, Heap: []float64{1, 1, 2}, Nodes: good.Nodes}, "growth of the heap"},
		"no update came":  {page("we", 1, 1, 0), page("they", 2, 2, 0), Watched{Opened: Opened{First: 100}, Task: 0.001, Heap: good.Heap, Nodes: good.Nodes}, "no update"},
	} {
		r := Results{Few: 10, Many: 20, Duration: time.Minute, Long: c.long, Pages: []Page{c.us, c.other}}
		err := r.Check()
		if (err == nil) != (c.behind == "") || err != nil && (!errors.Is(err, ErrBehind) || !strings.Contains(err.Error(), c.behind)) {
			t.Errorf("%s: %v", name, err)
		}
		if text := r.Document(); !strings.Contains(text, "|  | we | they |") {
			t.Errorf("%s: %s", name, text)
		}
	}
}
