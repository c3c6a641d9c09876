package changes_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/apitest"
	"github.com/warren-p2p/warren/internal/api/changes"
	"github.com/warren-p2p/warren/internal/api/torrents"
)

// serve serves an API over TCP, as who may see everything.
func serve(t *testing.T, w *apitest.World) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.ServeHTTP(rw, r.WithContext(access.With(r.Context(), access.Owner(access.ByKey))))
	}))
	t.Cleanup(s.Close)
	return s
}

// event reads the next event.
func event(t *testing.T, lines *bufio.Reader) (name, id string, data []byte) {
	t.Helper()
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Errorf("the stream has ended: %v", err)
			return "", "", nil
		}
		field, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch field {
		case "event":
			name = value
		case "id":
			id = value
		case "data":
			data = []byte(value)
		case "":
			if name != "" {
				return name, id, data
			}
		}
	}
}

func follow(ctx context.Context, t *testing.T, s *httptest.Server, query string) (*bufio.Reader, func()) {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, "GET", s.URL+"/api/v1/events?"+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := s.Client().Do(r)
	if err != nil {
		t.Error(err)
		return bufio.NewReader(strings.NewReader("")), func() {}
	}
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "text/event-stream" {
		t.Errorf("%s, %v", resp.Status, resp.Header)
	}
	return bufio.NewReader(resp.Body), func() { _ = resp.Body.Close() }
}

// Who follows one torrent hears of no other.
func TestStreamOfOne(t *testing.T) {
	w := apitest.With(t, 3)
	defer w.Close(t)
	s := serve(t, w)
	lines, hangUp := follow(t.Context(), t, s, "torrent=2&fields=name,note")
	defer hangUp()
	name, _, data := event(t, lines)
	var page changes.Page
	if err := json.Unmarshal(data, &page); err != nil || name != "snapshot" || len(page.Torrents) != 1 || page.Total != 1 || page.Torrents[0].ID != 2 {
		t.Fatalf("%s: %s", name, data)
	}
	if name, _, _ := event(t, lines); name != "ready" {
		t.Fatalf("then %s", name)
	}
	for i := range 5 {
		w.Must(t, 200, "PATCH", "/api/v1/torrents/1", map[string]any{"note": fmt.Sprint("other ", i)}, nil)
	}
	w.Must(t, 204, "DELETE", "/api/v1/torrents/3", nil, nil)
	w.Must(t, 200, "PATCH", "/api/v1/torrents/2", map[string]any{"note": "this"}, nil)
	name, id, data := event(t, lines)
	var d changes.Delta
	if err := json.Unmarshal(data, &d); err != nil || name != "delta" || len(d.Changed) != 1 || d.Changed[0].Note != "this" || len(d.Removed) > 0 {
		t.Errorf("%s: %s", name, data)
	}
	w.Must(t, 204, "DELETE", "/api/v1/torrents/2", nil, nil)
	again, hangUp2 := follow(t.Context(), t, s, "torrent=2&since="+id)
	defer hangUp2()
	for _, lines := range []*bufio.Reader{lines, again} {
		d = changes.Delta{}
		for len(d.Removed) == 0 {
			if name, _, data = event(t, lines); name != "delta" {
				t.Fatalf("%s: %s", name, data)
			}
			if err := json.Unmarshal(data, &d); err != nil {
				t.Fatal(err)
			}
		}
		if len(d.Removed) != 1 || d.Removed[0] != 2 {
			t.Errorf("removed: %s", data)
		}
	}
}

// Who looks at some torrents hears of these, and with totals of all others together.
func TestStreamOfSome(t *testing.T) {
	w := apitest.With(t, 3)
	defer w.Close(t)
	s := serve(t, w)
	lines, hangUp := follow(t.Context(), t, s, "torrent=1,3&totals=true&fields=note")
	defer hangUp()
	name, _, data := event(t, lines)
	var page changes.Page
	if err := json.Unmarshal(data, &page); err != nil || name != "snapshot" || len(page.Torrents) != 2 || page.Torrents[1].ID != 3 {
		t.Fatalf("%s: %s", name, data)
	}
	var ready changes.Ready
	name, id, data := event(t, lines)
	if err := json.Unmarshal(data, &ready); err != nil || name != "ready" || ready.Totals == nil || ready.Totals.Torrents != 3 {
		t.Fatalf("%s: %s", name, data)
	}
	next := func(lines *bufio.Reader, until func(d changes.Delta) bool) {
		t.Helper()
		for {
			name, _, data := event(t, lines)
			var d changes.Delta
			if err := json.Unmarshal(data, &d); err != nil || name != "delta" || d.Totals == nil {
				t.Fatalf("%s: %s", name, data)
			}
			for _, one := range d.Changed {
				if one.ID == 2 {
					t.Errorf("heard of another: %s", data)
				}
			}
			if until(d) {
				return
			}
		}
	}
	w.Must(t, 200, "PATCH", "/api/v1/torrents/3", map[string]any{"note": "seen"}, nil)
	next(lines, func(d changes.Delta) bool { return len(d.Changed) == 1 && d.Changed[0].Note == "seen" })
	w.Must(t, 200, "PUT", "/api/v1/categories/films", map[string]any{}, nil)
	next(lines, func(d changes.Delta) bool { return d.Groups && len(d.Changed) == 0 })
	w.Must(t, 204, "DELETE", "/api/v1/torrents/2", nil, nil)
	next(lines, func(d changes.Delta) bool { return d.Totals.Torrents == 2 && len(d.Removed) == 0 })

	// Nobody's number leaves totals alone, from the first event on.
	none, hangUp2 := follow(t.Context(), t, s, "torrent=0&totals=true&since="+id)
	defer hangUp2()
	next(none, func(d changes.Delta) bool { return d.Totals.Torrents == 2 && len(d.Changed) == 0 })
}

func TestStream(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	s := serve(t, w)
	for i := range 1100 {
		w.Must(t, 201, "POST", "/api/v1/torrents", torrents.NewTorrent{Magnet: apitest.Link(i + 1), Paused: new(true)}, nil)
	}
	lines, hangUp := follow(t.Context(), t, s, "fields=name")
	seen := 0
	var id string
	for {
		name, at, data := event(t, lines)
		if name == "ready" {
			id = at
			break
		}
		var page changes.Page
		if err := json.Unmarshal(data, &page); err != nil || name != "snapshot" || page.Offset != seen || page.Total != 1100 || page.Torrents[0].Name == "" || page.Torrents[0].State != "" {
			t.Fatalf("%s: %.300s", name, data)
		}
		seen += len(page.Torrents)
	}
	if seen != 1100 {
		t.Errorf("the snapshot has %d torrents", seen)
	}
	w.Must(t, 204, "DELETE", "/api/v1/torrents/7", nil, nil)
	var d changes.Delta
	for len(d.Removed) == 0 {
		name, _, data := event(t, lines)
		d = changes.Delta{}
		if err := json.Unmarshal(data, &d); err != nil || name != "delta" {
			t.Fatalf("%s: %.300s", name, data)
		}
	}
	if len(d.Removed) != 1 || d.Removed[0] != 7 {
		t.Errorf("delta %+v", d)
	}
	hangUp()
	w.Must(t, 200, "PATCH", "/api/v1/torrents/8", map[string]string{"note": "x"}, nil)
	lines, hangUp = follow(t.Context(), t, s, "since="+id)
	defer hangUp()
	name, _, data := event(t, lines)
	d = changes.Delta{}
	if err := json.Unmarshal(data, &d); err != nil || name != "delta" || len(d.Removed) != 1 || d.Changed[len(d.Changed)-1].Note != "x" || len(d.Changed) > 10 {
		t.Errorf("coming back: %s, %.300s", name, data)
	}
	var now changes.Delta
	w.Must(t, 200, "GET", "/api/v1/changes?since=1", nil, &now)
	if !now.Full || len(now.Changed) != 1099 {
		t.Errorf("of an unknown revision: %v, %d torrents", now.Full, len(now.Changed))
	}
	for since := now.Revision; ; since = now.Revision {
		rec := w.As(access.Owner(access.ByKey), "GET", fmt.Sprint("/api/v1/changes?since=", since), nil)
		now = changes.Delta{}
		if err := json.Unmarshal(rec.Body.Bytes(), &now); err != nil {
			t.Fatal(err)
		}
		if len(now.Changed) == 0 {
			if rec.Body.Len() > 100 {
				t.Errorf("nothing takes %d bytes: %s", rec.Body.Len(), rec.Body)
			}
			break
		}
	}
}

// A thousand clients hear of a change, and each is let go.
func TestThousand(t *testing.T) {
	w := apitest.Open(t)
	s := serve(t, w)
	w.Must(t, 201, "POST", "/api/v1/torrents", torrents.NewTorrent{Magnet: apitest.Link(1), Paused: new(true)}, nil)
	const clients = 1000
	var ready, heard, ended sync.WaitGroup
	ready.Add(clients)
	heard.Add(clients)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for range clients {
		ended.Go(func() {
			lines, hangUp := follow(ctx, t, s, "")
			defer hangUp()
			told, done := sync.OnceFunc(ready.Done), sync.OnceFunc(heard.Done)
			defer told()
			defer done()
			for {
				name, _, data := event(t, lines)
				switch {
				case name == "":
					return
				case name == "ready":
					told()
				case strings.Contains(string(data), "for all"):
					return
				}
			}
		})
	}
	ready.Wait()
	if n := w.Feed().Listeners(); n > clients {
		t.Errorf("%d listen", n)
	}
	began := time.Now()
	w.Must(t, 200, "PATCH", "/api/v1/torrents/1", map[string]string{"note": "for all"}, nil)
	heard.Wait()
	t.Logf("%d clients have heard of a change within %v", clients, time.Since(began).Round(time.Millisecond))
	ended.Wait()
	w.Close(t)
	if n := w.Feed().Listeners(); n != 0 {
		t.Errorf("%d listen in the end", n)
	}
}

// stuck is a client that takes nothing.
type stuck struct {
	http.ResponseWriter
	block chan struct{}
}

func (s stuck) Write(b []byte) (int, error) {
	if strings.HasPrefix(string(b), "event: delta") {
		<-s.block
	}
	return len(b), nil
}

func (stuck) Flush() {}

// Who does not read is dropped, and the others go on.
func TestTooSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := apitest.Open(t)
		defer w.Close(t)
		w.Must(t, 201, "POST", "/api/v1/torrents", torrents.NewTorrent{Magnet: apitest.Link(1), Paused: new(true)}, nil)
		slow := stuck{httptest.NewRecorder(), make(chan struct{})}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			w.Feed().Stream(t.Context(), slow, 0, changes.Want{})
		}()
		time.Sleep(time.Second)
		if n := w.Feed().Listeners(); n != 1 {
			t.Errorf("%d listen", n)
		}
		for n := range 20 {
			w.Must(t, 200, "PATCH", "/api/v1/torrents/1", map[string]string{"note": fmt.Sprint(n)}, nil)
			time.Sleep(2 * time.Second)
		}
		if n := w.Feed().Listeners(); n != 0 {
			t.Error("it is kept")
		}
		close(slow.block)
		<-ended
	})
}
