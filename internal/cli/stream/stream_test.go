package stream

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/warren-p2p/warren/internal/netpolicy"
)

// content is what the test's torrent holds; file 2 never comes.
type content struct{ opened chan context.Context }

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

func (c content) open(ctx context.Context, file int) (io.ReadSeekCloser, error) {
	switch file {
	case 2:
		c.opened <- ctx
		return never{strings.NewReader("never"), ctx}, nil
	case 3:
		return nil, errors.New("it was removed")
	}
	return closer{strings.NewReader("0123456789")}, nil
}

var files = []File{
	{"set/movie \"1\".mkv", 10, 0}, {"set/page.html", 10, 1}, {"set/slow.mp4", 5, 2}, {"set/gone\n.mp3", 5, 3}, {"set/readme", 10, 4},
}

// world serves the files in a network in memory.
type world struct {
	*Server
	client http.Client
	opened chan context.Context
}

func serve(t *testing.T) *world {
	t.Helper()
	mem := netpolicy.NewMem()
	l, err := mem.Listen(t.Context(), "127.0.0.1:8080")
	if err != nil {
		t.Fatal(err)
	}
	c := content{make(chan context.Context, 1)}
	return &world{
		Server: Serve(l, "tag", files, c.open), opened: c.opened,
		client: http.Client{Transport: &http.Transport{
			DisableKeepAlives: true,
			DialContext:       func(ctx context.Context, _, addr string) (net.Conn, error) { return mem.Dial(ctx, addr) },
		}},
	}
}

func (w *world) do(t *testing.T, method, url string, change func(*http.Request)) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(r)
	}
	resp, err := w.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

func TestServe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := serve(t)
		film, page := w.URL(files[0]), w.URL(files[1])
		ranged := func(spec string) func(*http.Request) {
			return func(r *http.Request) { r.Header.Set("Range", spec) }
		}
		named := func(host string) func(*http.Request) { return func(r *http.Request) { r.Host = host } }
		for _, c := range []struct {
			name, method, url string
			change            func(*http.Request)
			status            int
			body              string // "" is not compared
			header, value     string
		}{
			{"whole", "GET", film, nil, 200, "0123456789", "Content-Type", "video/x-matroska"},
			{"range", "GET", film, ranged("bytes=7-"), 206, "789", "Content-Range", "bytes 7-9/10"},
			{"head", "HEAD", film, nil, 200, "", "Content-Length", "10"},
			{"tag", "HEAD", film, nil, 200, "", "Etag", `"tag-0"`},
			{"beyond", "GET", film, ranged("bytes=10-"), 416, "", "Content-Range", "bytes */10"},
			{"page", "GET", page, nil, 200, "0123456789", "Content-Disposition", "attachment"},
			{"page type", "GET", page, nil, 200, "", "Content-Type", "application/octet-stream"},
			{"no name", "GET", w.URL(files[4]), nil, 200, "", "Content-Type", "application/octet-stream"},
			{"nosniff", "GET", film, nil, 200, "", "X-Content-Type-Options", "nosniff"},
			{"sandbox", "GET", page, nil, 200, "", "Content-Security-Policy", "sandbox; default-src 'none'; media-src 'self'; img-src 'self'; frame-ancestors 'none'"},
			{"gone", "GET", w.URL(files[3]), nil, 503, "it was removed\n", "", ""},
			{"localhost", "GET", film, named("LocalHost:8080"), 200, "", "", ""},
			{"v6", "GET", film, named("[::1]:8080"), 200, "", "", ""},
			{"bare", "GET", film, named("127.0.0.1"), 200, "", "", ""},
			{"rebound", "GET", film, named("evil.example:8080"), 421, "", "", ""},
			{"rebound in disguise", "GET", film, named("127.0.0.1.evil.example"), 421, "", "", ""},
			{"post", "POST", film, nil, 405, "", "Allow", "GET, HEAD"},
			{"no token", "GET", "http://127.0.0.1:8080/0/x.mkv", nil, 404, "", "", ""},
			{"root", "GET", "http://127.0.0.1:8080/", nil, 404, "", "", ""},
			{"other file", "GET", strings.Replace(film, "/0/", "/9/", 1), nil, 404, "", "", ""},
			{"token alone", "GET", film[:strings.Index(film, "/0/")], nil, 404, "", "", ""},
			{"playlist", "GET", w.Playlist(), nil, 200, "#EXTM3U\n#EXTINF:-1,movie \"1\".mkv\n" + film +
				"\n#EXTINF:-1,slow.mp4\n" + w.URL(files[2]) + "\n#EXTINF:-1,gone .mp3\n" + w.URL(files[3]) + "\n", "Content-Type", "application/vnd.apple.mpegurl"},
			{"playlist from elsewhere", "GET", w.Playlist(), named("192.0.2.7:8080"), 200, strings.NewReplacer("127.0.0.1", "192.0.2.7").Replace("#EXTM3U\n#EXTINF:-1,movie \"1\".mkv\n" + film +
				"\n#EXTINF:-1,slow.mp4\n" + w.URL(files[2]) + "\n#EXTINF:-1,gone .mp3\n" + w.URL(files[3]) + "\n"), "", ""},
		} {
			resp, body := w.do(t, c.method, c.url, c.change)
			if resp.StatusCode != c.status {
				t.Errorf("%s: status %d", c.name, resp.StatusCode)
			}
			if c.body != "" && body != c.body {
				t.Errorf("%s: %q", c.name, body)
			}
			if c.header != "" && resp.Header.Get(c.header) != c.value {
				t.Errorf("%s: %s: %q", c.name, c.header, resp.Header.Get(c.header))
			}
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
}

// A transfer that waits for content ends with the server, and with its player.
func TestEnd(t *testing.T) {
	for name, end := range map[string]func(w *world, hangUp func()){
		"server": func(w *world, _ func()) { _ = w.Close() },
		"player": func(_ *world, hangUp func()) { hangUp() },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := serve(t)
				ctx, hangUp := context.WithCancel(t.Context())
				defer hangUp()
				done := make(chan error, 1)
				go func() {
					r, _ := http.NewRequestWithContext(ctx, http.MethodGet, w.URL(files[2]), nil)
					resp, err := w.client.Do(r)
					if err == nil {
						_, err = io.ReadAll(resp.Body)
						_ = resp.Body.Close()
					}
					done <- err
				}()
				opened := <-w.opened
				end(w, hangUp)
				<-opened.Done()
				if err := <-done; err == nil {
					t.Error("what never came was sent")
				}
				if err := w.Close(); err != nil {
					t.Error(err)
				}
			})
		})
	}
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
