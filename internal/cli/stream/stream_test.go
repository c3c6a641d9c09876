package stream

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/streaming"
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
	}
	return closer{strings.NewReader("0123456789")}, nil
}

var files = []streaming.File{{Name: "set/movie.mkv", Size: 10}, {Name: "set/readme", Size: 10, Index: 1}, {Name: "set/slow.mp4", Size: 5, Index: 2}}

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
		Server: Serve(l, &streaming.Show{Tag: "tag", Files: files, Open: c.open}), opened: c.opened,
		client: http.Client{Transport: &http.Transport{
			DisableKeepAlives: true,
			DialContext:       func(ctx context.Context, _, addr string) (net.Conn, error) { return mem.Dial(ctx, addr) },
		}},
	}
}

func (w *world) do(t *testing.T, method, url string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
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

// What commands say leads to the files, and ends with them.
func TestServe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := serve(t)
		if resp, body := w.do(t, http.MethodGet, w.URL(files[0])); resp.StatusCode != 200 || body != "0123456789" {
			t.Errorf("%d %q", resp.StatusCode, body)
		}
		_, list := w.do(t, http.MethodGet, w.Playlist())
		lines := strings.Split(strings.TrimSpace(list), "\n")
		if len(lines) != 5 {
			t.Fatalf("%q", lines)
		}
		if resp, body := w.do(t, http.MethodGet, lines[2]); resp.StatusCode != 200 || body != "0123456789" {
			t.Errorf("by the list: %d %q", resp.StatusCode, body)
		}
		if resp, _ := w.do(t, http.MethodGet, strings.Replace(w.URL(files[0]), "/1/0/", "/2/0/", 1)); resp.StatusCode != 404 {
			t.Errorf("another torrent: %d", resp.StatusCode)
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
