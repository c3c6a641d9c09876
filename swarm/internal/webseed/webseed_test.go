package webseed_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm/internal/fetch"
	"github.com/warren-p2p/warren/swarm/internal/intake"
	"github.com/warren-p2p/warren/swarm/internal/limiter"
	"github.com/warren-p2p/warren/swarm/internal/piece"
	"github.com/warren-p2p/warren/swarm/internal/storage"
	"github.com/warren-p2p/warren/swarm/internal/webseed"
)

const pieceLen = 64 << 10

func public() netip.Addr { return netip.AddrFrom4([4]byte{81, 0, 0, 1}) }

// download is a torrent that is fetched from the web, on a network in memory.
type download struct {
	t       *testing.T
	net     *netpolicy.Mem
	files   map[string][]byte // by name below the torrent's folder
	meta    *metainfo.Torrent
	disk    *memfs.FS
	fetch   *fetch.Fetcher
	set     *webseed.Set
	store   *storage.Store
	limit   int64
	mu      sync.Mutex
	guilty  int
	end     webseed.Totals // when run returned
	asked   []string       // "path range" of each request, in order
	begun   time.Time
	servers []*http.Server
	allowed func(string) bool
}

func (d *download) Verified(int)      {}
func (d *download) Failed(int, error) {}
func (d *download) Suspect(int)       {}
func (d *download) Guilty(id fetch.PeerID, _ int) {
	d.mu.Lock()
	d.guilty++
	d.mu.Unlock()
	if !d.set.Expel(id) {
		d.t.Errorf("peer %d is guilty", id)
	}
	d.fetch.Distrust(id)
}

// play runs f in a bubble with a torrent of the files, of which nothing is there.
func play(t *testing.T, kind create.Kind, files map[string]int, f func(*download)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		d := &download{t: t, net: netpolicy.NewMem(), files: map[string][]byte{}, disk: memfs.New(), begun: time.Now(), allowed: func(string) bool { return true }}
		source := memfs.New()
		rng := rand.NewChaCha8([32]byte{1})
		for name, n := range files {
			b := make([]byte, n)
			_, _ = rng.Read(b)
			d.files["set/"+name] = b
			write(t, source, "set/"+name, b)
		}
		var err error
		if d.meta, err = create.Torrent(context.Background(), source, "set", create.Options{Kind: kind, PieceLength: pieceLen}); err != nil {
			t.Fatal(err)
		}
		if d.store, err = storage.Open(storage.Config{Torrent: d.meta, Content: d.disk, State: memfs.New(), Clock: clock.System{}, Reserve: 1}); err != nil {
			t.Fatal(err)
		}
		if err := d.store.Prepare(); err != nil {
			t.Fatal(err)
		}
		buffers, workers := piece.NewBuffers(1<<20), intake.NewWorkers(1, 1<<20, 0)
		d.fetch = fetch.New(fetch.Config{
			Torrent: d.meta, Store: d.store, Buffers: buffers, Workers: workers,
			Clock: clock.System{}, Events: d, Rand: rand.New(rand.NewPCG(1, 2)),
		})
		d.fetch.SetActive(true)
		f(d)
		d.set.Drain()
		for _, s := range d.servers {
			_ = s.Close()
		}
		d.fetch.Close()
		workers.Close()
		buffers.Close()
		if n := buffers.Used(); n != 0 {
			t.Errorf("%d bytes of buffers were not given back", n)
		}
		if err := d.store.Close(); err != nil {
			t.Error(err)
		}
	})
}

func write(t *testing.T, disk *memfs.FS, name string, b []byte) {
	t.Helper()
	if err := disk.MkdirAll(path.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	file, err := disk.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteAt(b, 0); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}

// serve serves HTTP at an address, and returns a URL of it.
func (d *download) serve(ip netip.Addr, h http.HandlerFunc) string {
	d.t.Helper()
	l, err := d.net.Host(ip).Listen(context.Background(), netip.AddrPortFrom(ip, 0).String())
	if err != nil {
		d.t.Fatal(err)
	}
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		d.asked = append(d.asked, r.URL.Path+" "+r.Header.Get("Range"))
		d.mu.Unlock()
		h(w, r)
	})}
	d.servers = append(d.servers, s)
	go func() { _ = s.Serve(l) }()
	return "http://" + l.Addr().String() + "/data"
}

// requests returns what was asked of servers so far: "path range" of each.
func (d *download) requests() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.asked)
}

// honest serves the files, as an ordinary server does.
func (d *download) honest(w http.ResponseWriter, r *http.Request) {
	b, ok := d.files[strings.TrimPrefix(r.URL.Path, "/data/")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b))
}

// run fetches for so long at most, or until everything is there, and reports
// whether it is.
func (d *download) run(limit time.Duration, typed, named []string) bool {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	defer func() { d.end = d.set.Totals() }()
	d.set = webseed.NewSet(webseed.Config{
		Space: &d.meta.Info.Space, Fetch: d.fetch, Down: limiter.New(d.limit, time.Now()), Net: d.net.Host(netip.AddrFrom4([4]byte{10, 0, 0, 9})),
		Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Client: "test/1", Rand: rand.New(rand.NewPCG(3, 4)), Allowed: d.allowed,
	}, typed, func() []string { return named })
	for range int(limit / time.Second) {
		d.set.Step(ctx, time.Now(), true)
		time.Sleep(time.Second)
		if d.fetch.Left() == 0 {
			return true
		}
	}
	return false
}

// same compares what lies on the disk.
func (d *download) same() {
	d.t.Helper()
	if err := d.store.Sync(); err != nil {
		d.t.Error(err)
	}
	for name, want := range d.files {
		if got, err := vfs.ReadFile(d.disk, name); err != nil || !bytes.Equal(got, want) {
			d.t.Errorf("%s differs: %d bytes, %v", name, len(got), err)
		}
	}
}

func several() map[string]int {
	return map[string]int{"a/one": 1, "empty": 0, "b/big": 900_001, "mid": 70_000, "z%2F ?#ü": 65536}
}

// A torrent of any kind comes from an ordinary server alone, by few requests.
func TestWholeTorrent(t *testing.T) {
	for name, kind := range map[string]create.Kind{"v1": create.V1, "v2": create.V2, "hybrid": create.Hybrid} {
		t.Run(name, func(t *testing.T) {
			play(t, kind, several(), func(d *download) {
				if !d.run(5*time.Minute, nil, []string{"ftp://other/", d.serve(public(), d.honest)}) {
					t.Fatalf("%d pieces are missing; asked for %q", d.fetch.Left(), d.requests())
				}
				d.same()
				if got := d.end; got.Received != d.meta.Info.TotalLength() || got.Secret != 0 || got.Running != 1 {
					t.Errorf("%+v of %d bytes", got, d.meta.Info.TotalLength())
				}
				if n := d.meta.Info.NumPieces() + len(d.files); len(d.requests()) > n {
					t.Errorf("%d requests for %d pieces: %q", len(d.requests()), d.meta.Info.NumPieces(), d.requests())
				}
			})
		})
	}
}

// The limit holds for web seeds as well.
func TestLimit(t *testing.T) {
	play(t, create.V1, map[string]int{"x": 600_000}, func(d *download) {
		d.limit = 20_000
		if !d.run(time.Minute, nil, []string{d.serve(public(), d.honest)}) {
			t.Fatal("it never ended")
		}
		if took := time.Since(d.begun); took < 20*time.Second || took > 40*time.Second {
			t.Errorf("600 kB at 20 kB/s took %v", took)
		}
	})
}

// Who sends wrong bytes is out, and what it sent is fetched from another.
func TestWrongBytes(t *testing.T) {
	play(t, create.V1, several(), func(d *download) {
		liar := d.serve(public(), func(w http.ResponseWriter, r *http.Request) {
			b := bytes.Clone(d.files[strings.TrimPrefix(r.URL.Path, "/data/")])
			for i := range b {
				b[i] ^= 1
			}
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b))
		})
		honest := d.serve(netip.AddrFrom4([4]byte{81, 0, 0, 2}), d.honest)
		if !d.run(5*time.Minute, nil, []string{liar, honest}) {
			t.Fatalf("%d pieces are missing", d.fetch.Left())
		}
		d.same()
		if d.guilty == 0 || d.end.Running != 1 {
			t.Errorf("%d verdicts, %d still run", d.guilty, d.end.Running)
		}
	})
}

// What servers do wrong costs little, and ends them or makes them wait.
func TestHostile(t *testing.T) {
	whole := func(d *download, r *http.Request) []byte { return d.files[strings.TrimPrefix(r.URL.Path, "/data/")] }
	endless := func(w http.ResponseWriter) {
		for {
			if _, err := w.Write(make([]byte, 4096)); err != nil {
				return
			}
		}
	}
	for _, c := range []struct {
		name    string
		handler func(*download, http.ResponseWriter, *http.Request)
		done    bool // everything came
		running int  // in the end
		most    int  // requests in an hour
	}{
		{"never ends", func(d *download, w http.ResponseWriter, r *http.Request) {
			b := whole(d, r)
			var first, last int
			_, _ = fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-%d", &first, &last)
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", first, last, len(b)))
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write(b[first : last+1])
			endless(w)
		}, true, 1, 60},
		{"no ranges", func(d *download, w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write(whole(d, r)) // small files may come that way
		}, false, 1, 30},
		{"another file, for ever", func(_ *download, w http.ResponseWriter, _ *http.Request) { endless(w) }, false, 0, 10},
		{"wrong range", func(_ *download, w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Range", "bytes 7-8/9")
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write([]byte("xx"))
		}, false, 0, 10},
		{"nothing there", func(_ *download, w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }, false, 0, 10},
		{"always busy", func(_ *download, w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusServiceUnavailable)
		}, false, 1, 15},
		{"ends early", func(d *download, w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write(make([]byte, 10))
			panic(http.ErrAbortHandler)
		}, false, 1, 15},
		{"silent", func(_ *download, _ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, false, 1, 15},
		{"slow drip", func(d *download, w http.ResponseWriter, r *http.Request) {
			b := whole(d, r)
			w.Header().Set("Content-Length", fmt.Sprint(len(b)))
			for i := range b {
				_, _ = w.Write(b[i : i+1])
				_ = http.NewResponseController(w).Flush()
				select {
				case <-r.Context().Done():
					return
				case <-time.After(time.Second):
				}
			}
		}, false, 1, 25},
		{"large header", func(_ *download, w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X", strings.Repeat("x", 1<<20))
		}, false, 1, 15},
		{"redirects for ever", func(_ *download, w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path, http.StatusFound)
		}, false, 0, 10},
		{"busy at first", func(d *download, w http.ResponseWriter, r *http.Request) {
			if time.Since(d.begun) < 200*time.Second {
				w.Header().Set("Retry-After", "100")
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			d.honest(w, r)
		}, true, 1, 40},
		{"lacks a file", func(d *download, w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "mid") {
				http.NotFound(w, r)
				return
			}
			d.honest(w, r)
		}, false, 1, 40},
	} {
		t.Run(c.name, func(t *testing.T) {
			play(t, create.Hybrid, several(), func(d *download) {
				url := d.serve(public(), func(w http.ResponseWriter, r *http.Request) { c.handler(d, w, r) })
				done := d.run(time.Hour, nil, []string{url})
				if got := d.end.Running; done != c.done || got != c.running || len(d.requests()) > c.most || len(d.requests()) == 0 {
					t.Errorf("done %v, %d run, %d requests: %.300q", done, got, len(d.requests()), d.requests())
				}
				if c.name == "lacks a file" && d.fetch.Left() != 2 {
					t.Errorf("%d pieces are missing", d.fetch.Left())
				}
			})
		})
	}
}

// URLs that others made up lead to the Internet alone, wherever they redirect;
// the user's lead where they say, and no further.
func TestReach(t *testing.T) {
	for _, c := range []struct {
		name   string
		at     string // of the server
		to     string // redirected to, if not ""
		typed  bool
		public bool // it may be fetched from
	}{
		{"public", "81.0.0.1", "", false, true},
		{"public to public", "81.0.0.1", "82.0.0.1", false, true},
		{"loopback", "127.0.0.1", "", false, false},
		{"local", "192.168.0.1", "", false, false},
		{"metadata of a cloud", "169.254.169.254", "", false, false},
		{"public to loopback", "81.0.0.1", "127.0.0.1", false, false},
		{"public to local", "81.0.0.1", "10.0.0.1", false, false},
		{"typed loopback", "127.0.0.1", "", true, true},
		{"typed local", "192.168.0.1", "", true, true},
		{"typed public to loopback", "81.0.0.1", "127.0.0.1", true, false},
		{"typed local to another", "192.168.0.1", "192.168.0.2", true, false},
		{"typed local to public", "192.168.0.1", "81.0.0.1", true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			play(t, create.V1, map[string]int{"x": 10}, func(d *download) {
				url := d.serve(netip.MustParseAddr(c.at), d.honest)
				if c.to != "" {
					to := d.serve(netip.MustParseAddr(c.to), func(w http.ResponseWriter, r *http.Request) {
						if from := r.Referer(); from != "" {
							t.Errorf("told that it comes from %s", from)
						}
						d.honest(w, r)
					})
					url = d.serve(netip.MustParseAddr(c.at), func(w http.ResponseWriter, r *http.Request) {
						http.Redirect(w, r, strings.TrimSuffix(to, "/data")+r.URL.Path, http.StatusFound)
					})
				}
				typed, named := []string(nil), []string{url}
				if c.typed {
					typed, named = named, nil
				}
				done := d.run(30*time.Second, typed, named)
				if done != c.public || (d.end.Running == 1) != c.public {
					t.Errorf("done %v, %+v, asked %q", done, d.end, d.requests())
				}
				for _, path := range d.requests() {
					if !c.public && c.to == "" {
						t.Errorf("asked for %q", path)
					}
				}
			})
		})
	}
}

// What may not be used any more is not asked any more, whatever is under way.
func TestDisallowed(t *testing.T) {
	play(t, create.V1, map[string]int{"x": 600_000}, func(d *download) {
		d.limit = 20_000
		before := d.serve(public(), d.honest)
		other := d.serve(netip.AddrFrom4([4]byte{81, 0, 0, 2}), d.honest)
		var off atomic.Bool
		d.allowed = func(u string) bool { return u != other && !(u == before && off.Load()) }
		if d.run(5*time.Second, nil, []string{before, other}) {
			t.Fatal("it was complete before anything changed")
		}
		if len(d.requests()) == 0 {
			t.Fatal("nothing was asked: nothing is tested")
		}
		off.Store(true)
		d.set.Step(context.Background(), time.Now(), true)
		d.set.Drain()
		asked := len(d.requests())
		for range 60 {
			d.set.Step(context.Background(), time.Now(), true)
			time.Sleep(time.Second)
		}
		if n := len(d.requests()); n != asked || d.set.Totals().Running != 0 {
			t.Errorf("%d requests, %d before", n, asked)
		}
	})
}
