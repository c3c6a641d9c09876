package webseed

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/metainfo/piecespace"
	"github.com/warren-p2p/warren/peerwire"
	"pgregory.net/rapid"
)

func lay(t testing.TB, s piecespace.Space) *piecespace.Space {
	t.Helper()
	s, err := piecespace.Lay(s)
	if err != nil {
		t.Fatal(err)
	}
	return &s
}

func file(n int64, path ...string) piecespace.File { return piecespace.File{Path: path, Length: n} }

func TestFileURL(t *testing.T) {
	single := lay(t, piecespace.Space{Name: "a b.iso", PieceLength: 16384, Files: []piecespace.File{file(5, "a b.iso")}})
	multi := lay(t, piecespace.Space{
		Name: "50% ü?", MultiFile: true, PieceLength: 16384, Files: []piecespace.File{file(5, "x#1", "y+&.txt")},
	})
	for _, c := range []struct {
		base  string
		space *piecespace.Space
		want  string
	}{
		{"http://h.example/dir/", single, "http://h.example/dir/a%20b.iso"},
		{"http://h.example/dir/other.iso", single, "http://h.example/dir/other.iso"},
		{"http://h.example/dl%2Fx/?id=7", single, "http://h.example/dl%2Fx/a%20b.iso?id=7"},
		{"http://h.example/get?id=7", single, "http://h.example/get?id=7"},
		{"http://h.example", single, "http://h.example/a%20b.iso"},
		{"https://h.example:8443/d/", multi, "https://h.example:8443/d/50%25%20%C3%BC%3F/x%231/y+&.txt"},
		{"https://h.example/d", multi, "https://h.example/d/50%25%20%C3%BC%3F/x%231/y+&.txt"},
		{"https://h.example/%7Ed/", multi, "https://h.example/%7Ed/50%25%20%C3%BC%3F/x%231/y+&.txt"},
		{"https://h.example#fragment", multi, "https://h.example/50%25%20%C3%BC%3F/x%231/y+&.txt"},
	} {
		u, err := ParseURL(c.base)
		if err != nil {
			t.Errorf("%s: %v", c.base, err)
		} else if got := fileURL(u, c.space, 0); got != c.want {
			t.Errorf("%s: %s, want %s", c.base, got, c.want)
		}
	}
	for _, text := range []string{
		"", "h.example/x", "ftp://h.example/", "file:///etc/passwd", "http:///x", "http:x", "http://h\x00/", "http://h/" + strings.Repeat("x", 2048),
	} {
		if _, err := ParseURL(text); !errors.Is(err, ErrURL) {
			t.Errorf("%.30q: %v", text, err)
		}
	}
}

// Whatever is asked for, the stretches are the bytes of files that these blocks
// are, in their order, with padding marked.
func TestStretches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const pieceLength = 40
		var files []piecespace.File
		var space []string // each byte, as its file and where it lies there
		for i, n := range rapid.SliceOfN(rapid.Int64Range(0, 100), 1, 6).Draw(t, "files") {
			f := file(n, fmt.Sprint(i))
			f.Pad = n > 0 && n < pieceLength && i > 0 && !files[i-1].Pad && rapid.IntRange(0, 3).Draw(t, "pad") == 0
			for k := range n {
				space = append(space, fmt.Sprint(i, "@", k, f.Pad))
			}
			files = append(files, f)
		}
		s, err := piecespace.Lay(piecespace.Space{Name: "n", MultiFile: true, PieceLength: pieceLength, Files: files})
		if err != nil {
			return // nothing but padding
		}
		var reqs []peerwire.Request
		for range rapid.IntRange(1, 8).Draw(t, "requests") {
			i := rapid.IntRange(0, s.NumPieces()-1).Draw(t, "piece")
			begin := rapid.IntRange(0, s.PieceLen(i)-1).Draw(t, "begin")
			n := rapid.IntRange(1, s.PieceLen(i)-begin).Draw(t, "length")
			reqs = append(reqs, peerwire.Request{Index: uint32(i), Begin: uint32(begin), Length: uint32(n)})
		}
		n := take(&s, reqs)
		var want, got []string
		for _, r := range reqs[:n] {
			at := int(r.Index)*pieceLength + int(r.Begin)
			if len(want) > 0 && want[len(want)-1] != space[at-1] {
				t.Fatal("requests that do not follow each other are taken together")
			}
			want = append(want, space[at:at+int(r.Length)]...)
		}
		for _, w := range stretches(&s, reqs[:n]) {
			for k := range w.n {
				got = append(got, fmt.Sprint(w.file, "@", w.off+k, w.pad))
			}
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func TestContentRange(t *testing.T) {
	for text, want := range map[string][3]int64{
		"bytes 0-99/100":                 {0, 99, 100},
		" bytes 10-10/*":                 {10, 10, -1},
		"bytes 5-9/9":                    {},
		"bytes 9-5/100":                  {},
		"bytes */100":                    {},
		"bytes 0-/100":                   {},
		"bytes -1-5/100":                 {},
		"items 0-5/100":                  {},
		"":                               {},
		"bytes 0-1":                      {},
		"bytes 0-99999999999999999999/*": {},
	} {
		first, last, total, ok := contentRange(text)
		if ok != (want != [3]int64{}) || ok && want != [3]int64{first, last, total} {
			t.Errorf("%q: %d, %d, %d, %v", text, first, last, total, ok)
		}
	}
}

func FuzzContentRange(f *testing.F) {
	f.Add("bytes 0-99/100")
	f.Add("bytes 5-5/*")
	f.Fuzz(func(t *testing.T, text string) {
		first, last, total, ok := contentRange(text)
		if !ok {
			return
		}
		if first < 0 || last < first || total >= 0 && last >= total {
			t.Fatalf("%q: %d, %d, %d", text, first, last, total)
		}
	})
}

func FuzzParseURL(f *testing.F) {
	f.Add("http://h.example/dir/?a=b#c")
	f.Add("https://[::1]:80/%zz")
	f.Add("http://h/a%2Fb")
	space := lay(f, piecespace.Space{Name: "ü", MultiFile: true, PieceLength: 16384, Files: []piecespace.File{file(5, "a b", "c%")}})
	f.Fuzz(func(t *testing.T, text string) {
		u, err := ParseURL(text)
		if err != nil {
			return
		}
		at, err := ParseURL(fileURL(u, space, 0))
		if errors.Is(err, ErrURL) && len(text) > 1000 {
			return
		}
		if err != nil || at.Host != u.Host || at.Scheme != u.Scheme || !strings.HasSuffix(at.Path, "/ü/a b/c%") {
			t.Fatalf("%q leads to %v, %v", text, at, err)
		}
	})
}

func TestAnswers(t *testing.T) {
	answer := func(code int, length int64, header ...string) *http.Response {
		r := &http.Response{StatusCode: code, ContentLength: length, Header: http.Header{}}
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		return r
	}
	for _, c := range []struct {
		name string
		resp *http.Response
		off  int64
		want error
	}{
		{"right", answer(206, 10, "Content-Range", "bytes 20-29/100"), 20, nil},
		{"size not told", answer(206, -1, "Content-Range", "bytes 20-29/*"), 20, nil},
		{"all of it", answer(200, 100), 0, nil},
		{"all of it, length not told", answer(200, -1), 0, nil},
		{"all instead of a part", answer(200, 100), 20, ErrRange},
		{"all of another", answer(200, 101), 0, ErrOther},
		{"part of another", answer(206, 10, "Content-Range", "bytes 20-29/101"), 20, ErrOther},
		{"elsewhere", answer(206, 10, "Content-Range", "bytes 21-30/100"), 20, ErrRange},
		{"less", answer(206, 9, "Content-Range", "bytes 20-28/100"), 20, ErrRange},
		{"more", answer(206, 11, "Content-Range", "bytes 20-30/100"), 20, ErrRange},
		{"longer than it says", answer(206, 1<<40, "Content-Range", "bytes 20-29/100"), 20, ErrRange},
		{"no range", answer(206, 10), 20, ErrRange},
		{"packed", answer(206, 10, "Content-Range", "bytes 20-29/100", "Content-Encoding", "gzip"), 20, ErrRange},
	} {
		if err := check(c.resp, c.off, 10, 100, time.Unix(0, 0)); !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func TestPatience(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	status := func(code int, after string) error {
		return check(&http.Response{StatusCode: code, Header: http.Header{"Retry-After": {after}}}, 0, 1, 1, now)
	}
	for _, c := range []struct {
		err  error
		want verdict
	}{
		{status(503, ""), later}, {status(500, ""), later}, {status(429, ""), later}, {status(408, ""), later},
		{status(404, ""), noFile}, {status(403, ""), noFile}, {status(416, ""), noFile},
		{errors.New("connection refused"), later}, {ErrSlow, later}, {ErrRange, noFile}, {ErrOther, noFile},
		{netpolicy.ErrNotPublic, never}, {ErrURL, never},
	} {
		if got := judge(fmt.Errorf("get: %w", c.err)); got != c.want {
			t.Errorf("%v: %d, want %d", c.err, got, c.want)
		}
	}
	for text, want := range map[string]time.Duration{
		"120": 2 * time.Minute, "Fri, 02 Jan 2026 03:14:05 GMT": 10 * time.Minute, "999999999": time.Hour, "soon": 0, "-5": 0,
		"Fri, 02 Jan 2025 03:14:05 GMT": 0, "Fri, 02 Jan 2099 03:14:05 GMT": time.Hour,
	} {
		if got := retryAfter(text, now); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
	rng := rand.New(rand.NewPCG(1, 2))
	var p patience
	last := time.Duration(0)
	for i := range 30 {
		d := p.wait(io.ErrUnexpectedEOF, rng)
		if low := min(5*time.Second<<min(i, 12), time.Hour); d < low || d > low*5/4 || d > time.Hour {
			t.Errorf("failure %d: %v", i, d)
		}
		last = d
	}
	if d := new(patience).wait(ErrSlow, rng); d < time.Minute {
		t.Errorf("a slow one is left alone for %v", d)
	}
	if last != time.Hour {
		t.Errorf("in the end %v", last)
	}
	if d := p.wait(status(503, "7"), rng); d != 7*time.Second {
		t.Errorf("told to wait 7 s, waits %v", d)
	}
}
