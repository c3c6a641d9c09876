package blocklist

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/courier"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a network with a server of one list, and a folder.
type world struct {
	dir     string
	keep    *memfs.FS
	mem     *netpolicy.Mem
	log     journal
	changed atomic.Int32

	mu     sync.Mutex
	body   string
	status int
	asked  int
}

// journal is a log.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(b)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{dir: t.TempDir(), keep: memfs.New(), mem: netpolicy.NewMem(), status: 200}
	public := netip.MustParseAddr("9.9.9.9")
	w.mem.Name("lists.example", public)
	l, err := w.mem.Host(public).Listen(t.Context(), "9.9.9.9:80")
	if err != nil {
		t.Fatal(err)
	}
	s := http.Server{Handler: w}
	done := make(chan struct{})
	go func(l net.Listener) { defer close(done); _ = s.Serve(l) }(l)
	t.Cleanup(func() { _ = s.Close(); <-done })
	return w
}

func (w *world) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked++
	tag := fmt.Sprintf("%q", w.body)
	if r.Header.Get("If-None-Match") == tag {
		rw.WriteHeader(http.StatusNotModified)
		return
	}
	rw.Header().Set("ETag", tag)
	rw.WriteHeader(w.status)
	_, _ = rw.Write([]byte(w.body))
}

// serve changes what the server says, and returns how often it was asked.
func (w *world) serve(status int, body string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.status, w.body = status, body
	return w.asked
}

func (w *world) write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (w *world) open(t *testing.T, sources ...string) *Blocklist {
	t.Helper()
	b, err := New(Config{
		Sources: sources, Keep: w.keep, Courier: courier.New(courier.Config{Net: w.mem, Clock: clock.System{}}),
		Clock: clock.System{}, Log: slog.New(slog.NewTextHandler(&w.log, nil)), Changed: func() { w.changed.Add(1) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func blocked(b *Blocklist, addrs ...string) string {
	var list []string
	for _, a := range addrs {
		if b.Blocked(netip.MustParseAddr(a)) {
			list = append(list, a)
		}
	}
	return strings.Join(list, " ")
}

func TestFiles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		one := w.write(t, "one.dat", "1.2.3.0/24\nnonsense\n")
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		_, _ = z.Write([]byte("Bad people:5.0.0.0-5.0.0.255\n"))
		_ = z.Close()
		two := w.write(t, "two.p2p.gz", packed.String())
		missing := filepath.Join(w.dir, "missing")
		b := w.open(t, one, two, missing)
		defer b.Close()
		synctest.Wait() // it has looked once more
		all := []string{"1.2.3.4", "5.0.0.9", "::ffff:5.0.0.9", "7.7.7.7"}
		if got := blocked(b, all...); got != "1.2.3.4 5.0.0.9 ::ffff:5.0.0.9" {
			t.Errorf("at once: %s", got)
		}
		list := b.List()
		if list[0].Ranges != 1 || list[0].Skipped != 1 || list[1].Ranges != 1 || list[2].Problem != "no such file or directory" || list[2].Loaded != (time.Time{}) {
			t.Errorf("%+v", list)
		}
		// A file that is no list any more changes nothing; one that appears does.
		w.write(t, "one.dat", "<html>\n")
		w.write(t, "missing", "7.7.7.7\n")
		time.Sleep(look + look/2)
		if got := blocked(b, all...); got != strings.Join(all, " ") || w.changed.Load() != 1 {
			t.Errorf("later: %s, told %d times", got, w.changed.Load())
		}
		if s := b.List()[0]; s.Problem == "" || s.Ranges != 1 {
			t.Errorf("%+v", s)
		}
		w.write(t, "one.dat", "1.2.3.0/24\n1.2.5.0/24\n")
		if err := os.Remove(filepath.Join(w.dir, "missing")); err != nil {
			t.Fatal(err)
		}
		b.Refresh(t.Context())
		if s := b.List(); s[0].Problem != "" || s[0].Ranges != 2 || s[2].Problem == "" || blocked(b, "7.7.7.7") == "" {
			t.Errorf("%+v", s)
		}
		if err := b.Set([]string{two}); err != nil {
			t.Fatal(err)
		}
		if got := blocked(b, all...); got != "5.0.0.9 ::ffff:5.0.0.9" || len(b.List()) != 1 || w.changed.Load() != 3 {
			t.Errorf("after Set: %s, told %d times", got, w.changed.Load())
		}
		if n := strings.Count(w.log.String(), "cannot be read"); n != 3 {
			t.Errorf("problems were said %d times: %s", n, w.log.String())
		}
	})
}

func TestURL(t *testing.T) {
	const at = "http://lists.example/list?key=secret"
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.serve(200, "1.2.3.4\n")
		b := w.open(t, at)
		time.Sleep(time.Second)
		if blocked(b, "1.2.3.4") == "" {
			t.Error("not fetched")
		}
		w.serve(200, "1.2.3.5\n")
		time.Sleep(usually - time.Minute)
		if blocked(b, "1.2.3.4") == "" {
			t.Error("fetched before it was due")
		}
		time.Sleep(2 * time.Minute)
		if blocked(b, "1.2.3.4", "1.2.3.5") != "1.2.3.5" {
			t.Error("not fetched again")
		}
		b.Refresh(t.Context())
		if w.changed.Load() != 2 {
			t.Errorf("told %d times", w.changed.Load())
		}
		b.Close()
		// The next run has it at once, also if the server has gone, or says nonsense.
		asked := w.serve(500, "")
		b = w.open(t, at)
		if blocked(b, "1.2.3.5") == "" {
			t.Error("not kept")
		}
		time.Sleep(time.Second)
		if s := b.List()[0]; s.Problem == "" || s.Ranges != 1 {
			t.Errorf("%+v", s)
		}
		w.serve(200, "<html>")
		time.Sleep(retry - time.Minute)
		if n := w.serve(200, "<html>"); n != asked+1 {
			t.Errorf("asked %d times in an hour", n-asked)
		}
		time.Sleep(2 * time.Minute)
		if blocked(b, "1.2.3.5") == "" || !strings.Contains(b.List()[0].Problem, "not a list") {
			t.Errorf("%+v", b.List())
		}
		b.Close()
		if strings.Contains(w.log.String(), "secret") {
			t.Error(w.log.String())
		}
	})
}

func TestNoSource(t *testing.T) {
	for _, list := range [][]string{{"list.dat"}, {"ftp://lists.example/"}, {"http://"}, {"/a", "/a"}, make([]string, maxSources+1)} {
		if _, err := New(Config{Sources: list}); err == nil {
			t.Errorf("%q was taken", list)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		b := newWorld(t).open(t)
		defer b.Close()
		if err := b.Set([]string{"relative"}); err == nil || blocked(b, "1.2.3.4") != "" {
			t.Error(err)
		}
	})
}

// Who asks takes no lock, and sees the old lists or the new.
func TestSwap(t *testing.T) {
	w := newWorld(t)
	a, c := w.write(t, "a", "1.1.1.1\n9.1.1.1\n"), w.write(t, "c", "2.2.2.2\n9.1.1.1\n")
	b := w.open(t, a)
	defer b.Close()
	stop := make(chan struct{})
	var asking sync.WaitGroup
	asking.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				if blocked(b, "9.1.1.1") == "" {
					t.Error("for a moment nobody was blocked")
					return
				}
			}
		}
	})
	for i := range 100 {
		if err := b.Set([]string{[]string{c, a}[i%2]}); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	asking.Wait()
}

// Who changes the lists does not wait for a server that does not answer, and what it
// was asked is asked again.
func TestSetDoesNotWait(t *testing.T) {
	w := newWorld(t)
	public := netip.MustParseAddr("9.9.9.10")
	w.mem.Name("slow.example", public)
	l, err := w.mem.Host(public).Listen(t.Context(), "9.9.9.10:80")
	if err != nil {
		t.Fatal(err)
	}
	asked, answer := make(chan struct{}, 10), make(chan struct{})
	s := http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		select {
		case <-answer:
			_, _ = w.Write([]byte("192.0.2.1\n"))
		case <-r.Context().Done():
		}
	})}
	done := make(chan struct{})
	go func() { defer close(done); _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close(); <-done })

	const slow = "http://slow.example/"
	b := w.open(t, slow)
	defer b.Close()
	<-asked
	file := w.write(t, "list", "192.0.2.2\n")
	if err := b.Set([]string{slow, file}); err != nil { // or it would not come back
		t.Fatal(err)
	}
	if got := b.List(); got[0].Problem != "" || got[1].Ranges != 1 {
		t.Errorf("%+v", got)
	}
	<-asked
	close(answer)
	until(t, func() bool { return b.List()[0].Ranges == 1 })
	w.write(t, "list", "192.0.2.2\n192.0.2.9\n")
	b.Renew()
	<-asked
	until(t, func() bool { return b.List()[1].Ranges == 2 })
}

func until(t *testing.T, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !so(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it never happens")
		}
	}
}
