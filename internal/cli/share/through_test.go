package share

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/remote"
	"github.com/warren-p2p/warren/internal/clock"
)

// node is one that seeds whatever it is given, and keeps what it was told.
type node struct {
	told map[string]any
	file []byte // that it gives back
}

func (n *node) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodGet {
		return &http.Response{
			StatusCode: 200, Header: http.Header{"Content-Type": {"application/x-bittorrent"}}, Request: r,
			Body: io.NopCloser(bytes.NewReader(n.file)),
		}, nil
	}
	if err := json.NewDecoder(r.Body).Decode(&n.told); err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: 201, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
		Body: io.NopCloser(bytes.NewReader([]byte(`{"id":1,"key":"k","state":"seeding"}`))),
	}, nil
}

// What was hashed just now the node need not hash again, unless it may have changed
// while it was.
func TestStamp(t *testing.T) {
	for name, c := range map[string]struct {
		age     time.Duration
		torrent bool // the torrent file is given instead of made
		want    bool
	}{"made": {time.Hour, false, true}, "given": {time.Hour, true, true}, "fresh": {0, false, false}, "given, fresh": {0, true, false}} {
		dir := t.TempDir()
		path := filepath.Join(dir, "film.mkv")
		if err := os.WriteFile(path, bytes.Repeat([]byte("x"), 100_000), 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Now().Add(-c.age)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
		s := &Command{Kind: "hybrid"}
		s.TLS = "prefer"
		con := &console.Console{Out: io.Discard, Err: io.Discard, Getenv: func(string) string { return "" }, Clock: clock.System{}}
		one, err := s.create(t.Context(), con, path)
		if err != nil {
			t.Fatal(err)
		}
		if c.torrent {
			one.made, one.hashed = false, time.Time{}
		}
		asked := node{file: one.meta.Bytes()}
		n := remote.At("/srv/node", &asked, nil)
		if _, err := s.give(t.Context(), con, n, one); err != nil {
			t.Fatal(err)
		}
		stamp, _ := asked.told["stamp"].(string)
		if got := len(stamp) == 64; got != c.want || len(stamp) != 64 && stamp != "" {
			t.Errorf("%s: stamp %q", name, stamp)
		}
	}
}
