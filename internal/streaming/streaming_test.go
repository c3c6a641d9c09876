package streaming

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
)

var files = []File{
	{"set/movie \"1\".mkv", 10, 0}, {"set/page.html", 10, 1}, {"set/slow.mp4", 5, 2}, {"set/gone\n.mp3", 5, 3}, {"set/readme", 10, 4},
}

// never is a file that does not come.
type never struct {
	io.ReadSeeker
	ctx context.Context
}

func (n never) Read([]byte) (int, error) {
	<-n.ctx.Done()
	return 0, context.Cause(n.ctx)
}
func (never) Close() error { return nil }

type closer struct{ io.ReadSeeker }

func (closer) Close() error { return nil }

func open(ctx context.Context, file int) (io.ReadSeekCloser, error) {
	switch file {
	case 2:
		return never{strings.NewReader("never"), ctx}, nil
	case 3:
		return nil, errors.New("it was removed")
	}
	return closer{strings.NewReader("0123456789")}, nil
}

func find(torrent int64) (*Show, error) {
	switch torrent {
	case 7:
		return &Show{Tag: "tag", Files: files, Open: open}, nil
	case 8:
		return nil, errors.New("it is being moved")
	}
	return nil, ErrNotFound
}

func ask(h http.Handler, method, path string, change func(*http.Request)) *http.Response {
	r := httptest.NewRequest(method, "/", nil)
	r.URL.Path, r.Host = strings.ReplaceAll(path, "%22", `"`), "127.0.0.1:9471"
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestServe(t *testing.T) {
	h := New(Config{Find: find, Clock: clock.System{}})
	film, page := h.Path(7, files[0], time.Hour), h.Path(7, files[1], time.Hour)
	list := h.Playlist(7, time.Hour)
	whole, _, _ := strings.Cut(strings.TrimPrefix(list, Prefix), "/")
	one, _, _ := strings.Cut(strings.TrimPrefix(film, Prefix), "/")
	ranged := func(spec string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Range", spec) }
	}
	named := func(host string) func(*http.Request) { return func(r *http.Request) { r.Host = host } }
	for _, c := range []struct {
		name, method, path string
		change             func(*http.Request)
		status             int
		body               string // "" is not compared
		header, value      string
	}{
		{"whole", "GET", film, nil, 200, "0123456789", "Content-Type", "video/x-matroska"},
		{"range", "GET", film, ranged("bytes=7-"), 206, "789", "Content-Range", "bytes 7-9/10"},
		{"the end", "GET", film, ranged("bytes=-2"), 206, "89", "Content-Range", "bytes 8-9/10"},
		{"head", "HEAD", film, nil, 200, "", "Content-Length", "10"},
		{"tag", "HEAD", film, nil, 200, "", "Etag", `"tag-0"`},
		{"the same", "GET", film, func(r *http.Request) { r.Header.Set("If-None-Match", `"tag-0"`) }, 304, "", "", ""},
		{"another", "GET", film, func(r *http.Request) { r.Header.Set("If-Range", `"tag-1"`); r.Header.Set("Range", "bytes=7-") }, 200, "0123456789", "", ""},
		{"beyond", "GET", film, ranged("bytes=10-"), 416, "", "Content-Range", "bytes */10"},
		{"page", "GET", page, nil, 200, "0123456789", "Content-Disposition", "attachment"},
		{"page type", "GET", page, nil, 200, "", "Content-Type", "application/octet-stream"},
		{"no ending", "GET", h.Path(7, files[4], time.Hour), nil, 200, "", "Content-Type", "application/octet-stream"},
		{"nosniff", "GET", film, nil, 200, "", "X-Content-Type-Options", "nosniff"},
		{"sandbox", "GET", page, nil, 200, "", "Content-Security-Policy", "sandbox; default-src 'none'; media-src 'self'; img-src 'self'; frame-ancestors 'none'"},
		{"gone", "GET", h.Path(7, files[3], time.Hour), nil, 503, "it was removed\n", "", ""},
		{"not now", "GET", h.Path(8, files[0], time.Hour), nil, 503, "it is being moved\n", "", ""},
		{"no torrent", "GET", h.Path(9, files[0], time.Hour), nil, 404, "", "", ""},
		{"localhost", "GET", film, named("LocalHost:8080"), 200, "", "", ""},
		{"v6", "GET", film, named("[::1]:8080"), 200, "", "", ""},
		{"bare", "GET", film, named("127.0.0.1"), 200, "", "", ""},
		{"rebound", "GET", film, named("evil.example:8080"), 421, "", "", ""},
		{"rebound in disguise", "GET", film, named("127.0.0.1.evil.example"), 421, "", "", ""},
		{"post", "POST", film, nil, 405, "", "Allow", "GET, HEAD"},
		{"by the torrent's token", "GET", Prefix + whole + "/7/0/x.mkv", nil, 200, "0123456789", "", ""},
		{"without a name", "GET", Prefix + one + "/7/0", nil, 200, "0123456789", "", ""},
		{"no token", "GET", Prefix + "7/0/x.mkv", nil, 404, "", "", ""},
		{"empty token", "GET", Prefix + "/7/0/x.mkv", nil, 404, "", "", ""},
		{"long token", "GET", Prefix + strings.Repeat("A", 100) + "/7/0/x.mkv", nil, 404, "", "", ""},
		{"changed token", "GET", Prefix + "B" + one[1:] + "/7/0/x.mkv", nil, 404, "", "", ""},
		{"token of another run", "GET", New(Config{Find: find, Clock: clock.System{}}).Path(7, files[0], time.Hour), nil, 404, "", "", ""},
		{"root", "GET", "/", nil, 404, "", "", ""},
		{"prefix", "GET", Prefix, nil, 404, "", "", ""},
		{"another file", "GET", Prefix + one + "/7/1/x.mkv", nil, 404, "", "", ""},
		{"another torrent", "GET", Prefix + whole + "/8/0/x.mkv", nil, 404, "", "", ""},
		{"list by a file's token", "GET", Prefix + one + "/7/playlist.m3u8", nil, 404, "", "", ""},
		{"no such file", "GET", Prefix + whole + "/7/99/x", nil, 404, "", "", ""},
		{"a file before the first", "GET", Prefix + whole + "/7/-1/x", nil, 404, "", "", ""},
		{"no number", "GET", Prefix + whole + "/7/x/0", nil, 404, "", "", ""},
		{"playlist", "GET", list, nil, 200, "#EXTM3U\n#EXTINF:-1,movie \"1\".mkv\nhttp://127.0.0.1:9471/stream/" + whole + "/7/0/movie%20%221%22.mkv\n" +
			"#EXTINF:-1,slow.mp4\nhttp://127.0.0.1:9471/stream/" + whole + "/7/2/slow.mp4\n#EXTINF:-1,gone .mp3\nhttp://127.0.0.1:9471/stream/" + whole + "/7/3/gone%0A.mp3\n",
			"Content-Type", "application/vnd.apple.mpegurl"},
		{"playlist from elsewhere", "GET", list, named("192.0.2.7:8080"), 200, "", "", ""},
	} {
		resp := ask(h, c.method, c.path, c.change)
		if resp.StatusCode != c.status {
			t.Errorf("%s: status %d", c.name, resp.StatusCode)
		}
		if body := text(t, resp); c.body != "" && body != c.body {
			t.Errorf("%s: %q", c.name, body)
		}
		if c.header != "" && resp.Header.Get(c.header) != c.value {
			t.Errorf("%s: %s: %q", c.name, c.header, resp.Header.Get(c.header))
		}
	}
	if got := text(t, ask(h, "GET", list, named("192.0.2.7:8080"))); !strings.Contains(got, "http://192.0.2.7:8080/stream/") || strings.Contains(got, "127.0.0.1") {
		t.Errorf("a playlist from elsewhere: %s", got)
	}
}

// Several ranges at once come in parts.
func TestRanges(t *testing.T) {
	h := New(Config{Find: find, Clock: clock.System{}})
	resp := ask(h, "GET", h.Path(7, files[0], time.Hour), func(r *http.Request) { r.Header.Set("Range", "bytes=1-2,5-6") })
	_, params, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil || resp.StatusCode != http.StatusPartialContent {
		t.Fatal(resp.StatusCode, err)
	}
	var got []string
	for parts := multipart.NewReader(resp.Body, params["boundary"]); ; {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(p)
		got = append(got, p.Header.Get("Content-Range")+" "+string(b))
	}
	if strings.Join(got, ", ") != "bytes 1-2/10 12, bytes 5-6/10 56" {
		t.Error(got)
	}
}

func TestTokensEnd(t *testing.T) {
	wall := clock.NewManual(time.Unix(1_800_000_000, 0))
	h := New(Config{Find: find, Clock: wall})
	film, list := h.Path(7, files[0], time.Hour), h.Playlist(7, 2*time.Hour)
	for _, c := range []struct{ film, list int }{{200, 200}, {404, 200}, {404, 404}} {
		if f, l := ask(h, "GET", film, nil).StatusCode, ask(h, "GET", list, nil).StatusCode; f != c.film || l != c.list {
			t.Errorf("%s: %d, %d", wall.Now(), f, l)
		}
		wall.Pass(time.Hour)
	}
}

// So many readers and no more; one that ends makes room.
func TestReaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := New(Config{Find: find, Clock: clock.System{}, Readers: 2})
		slow, film := h.Path(7, files[2], time.Hour), h.Path(7, files[0], time.Hour)
		ctx, end := context.WithCancel(t.Context())
		for range 2 {
			go ask(h, "GET", slow, func(r *http.Request) { *r = *r.WithContext(ctx) })
		}
		synctest.Wait()
		if resp := ask(h, "GET", film, nil); resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" {
			t.Error(resp.StatusCode)
		}
		end()
		synctest.Wait()
		if resp := ask(h, "GET", film, nil); resp.StatusCode != http.StatusOK {
			t.Error(resp.StatusCode)
		}
	})
}

func TestMainFile(t *testing.T) {
	for _, c := range []struct {
		files []File
		want  string
	}{
		{nil, ""},
		{[]File{{"a.iso", 100, 0}, {"b.iso", 200, 1}}, "b.iso"},
		{[]File{{"a.iso", 100, 0}, {"b.MKV", 20, 1}, {"c.mkv", 30, 2}, {"d.rar", 300, 3}}, "c.mkv"},
		{[]File{{"empty.txt", 0, 0}}, "empty.txt"},
	} {
		if got := Main(c.files).Name; got != c.want {
			t.Errorf("%v: %q", c.files, got)
		}
	}
}
