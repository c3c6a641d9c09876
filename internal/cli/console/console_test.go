package console_test

import (
	"bytes"
	"errors"
	"io/fs"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/metainfo"
)

func newConsole(json bool) (c *console.Console, out, errs *bytes.Buffer) {
	out, errs = &bytes.Buffer{}, &bytes.Buffer{}
	return &console.Console{
		Out: out, Err: errs, Getenv: func(string) string { return "" }, Clock: clock.System{}, JSON: json, Version: "1.2.3",
	}, out, errs
}

// still is a view that shows always the same, unless it is changed.
type still struct{ peers atomic.Int64 }

func (s *still) Gauge() console.Gauge {
	return console.Gauge{Name: "x", Total: 10, Done: 5, Transfer: true, Peers: int(s.peers.Load()), TLSPercent: 100}
}

func (s *still) Events() []console.Event {
	return []console.Event{{Event: console.Progress, Name: "x", Bytes: 5, Total: 10, Peers: int(s.peers.Load())}}
}

// TestWatchLines: without a terminal there is a line every few seconds, but only
// if there is something to tell.
func TestWatchLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, out, _ := newConsole(false)
		v := &still{}
		v.peers.Store(1)
		stop := c.Watch(v)
		time.Sleep(61 * time.Second)
		synctest.Wait()
		v.peers.Store(2)
		time.Sleep(10 * time.Second)
		stop()
		stop()
		want := "x: 50%, 0 B/s, TLS 100%, 1 peer, 5 B of 10 B\nx: 50%, 0 B/s, TLS 100%, 2 peers, 5 B of 10 B\n"
		if out.String() != want {
			t.Errorf("printed\n%swant\n%s", out, want)
		}
		time.Sleep(time.Minute)
		if out.String() != want {
			t.Error("it goes on after the end")
		}
	})
}

func TestWatchEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, out, _ := newConsole(true)
		stop := c.Watch(&still{})
		time.Sleep(3500 * time.Millisecond)
		stop()
		line := `{"event":"progress","name":"x","info_hash":"","bytes":5,"total":10,"rate_bps":0,"peers":0,"tls_peers":0}` + "\n"
		if want := strings.Repeat(line, 3); out.String() != want {
			t.Errorf("printed\n%swant\n%s", out, want)
		}
	})
}

// TestWatchBar: on a terminal the bar is drawn, and taken away at the end.
func TestWatchBar(t *testing.T) {
	defer goleak.VerifyNone(t)
	c, _, _ := newConsole(false)
	c.Terminal = true
	stop := c.Watch(&still{})
	stop()
	stop()
}

func TestHashing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := console.NewHashing(clock.System{}, "making", "x")
		if g := h.Gauge(); g.LeftKnown || g.Rate != 0 {
			t.Errorf("at the start: %+v", g)
		}
		time.Sleep(2 * time.Second)
		h.Progress(500, 2000)
		g := h.Gauge()
		if g.Rate != 250 || g.Left != 6*time.Second || !g.LeftKnown || g.Doing != "making" {
			t.Errorf("after two seconds: %+v", g)
		}
		want := console.Event{Event: "progress", Name: "x", State: "making", Bytes: 500, Total: 2000, RateBPS: 250}
		if e := h.Events()[0]; e.Event != want.Event || e.Bytes != want.Bytes || e.State != want.State || e.RateBPS != want.RateBPS {
			t.Errorf("event %+v, want %+v", e, want)
		}
	})
}

func TestSpeaking(t *testing.T) {
	c, out, errs := newConsole(false)
	c.Say("%d files", 3)
	c.Warn("careful with %s", "that")
	c.Fail("warren get", errors.New("read x: no"))
	c.Fail("warren get", console.Usage("--peer %s: what?", "y"))
	if err := c.Emit(console.Event{}); err != nil {
		t.Error(err)
	}
	if want := "3 files\n"; out.String() != want {
		t.Errorf("out %q, want %q", out, want)
	}
	want := "warren: careful with that\nwarren: read x: no\nwarren get: --peer y: what?\nSee: warren get --help\n"
	if errs.String() != want {
		t.Errorf("err %q, want %q", errs, want)
	}
	if c.Client() != "warren/1.2.3" {
		t.Errorf("client %q", c.Client())
	}
	c.JSON = true
	out.Reset()
	c.Say("nothing")
	if out.Len() > 0 {
		t.Errorf("words among events: %q", out)
	}
}

func TestEmit(t *testing.T) {
	c, out, _ := newConsole(true)
	if err := c.Emit(console.Event{Event: console.Ready, Magnet: "magnet:?a&b<c>", TLSPeers: 1}); err != nil {
		t.Fatal(err)
	}
	want := `{"event":"ready","name":"","info_hash":"","bytes":0,"total":0,"rate_bps":0,"peers":0,"tls_peers":1,"magnet":"magnet:?a&b<c>"}` + "\n"
	if out.String() != want {
		t.Errorf("%s, want %s", out, want)
	}
}

func TestErrors(t *testing.T) {
	cause := console.Cause(&fs.PathError{Op: "statat", Path: "x", Err: fs.ErrNotExist})
	if cause != fs.ErrNotExist {
		t.Errorf("cause %v", cause)
	}
	if other := errors.New("other"); console.Cause(other) != other {
		t.Error("an error that names no file was changed")
	}
	told := &console.ToldError{Err: fs.ErrExist}
	if !errors.Is(told, fs.ErrExist) || told.Error() != fs.ErrExist.Error() {
		t.Errorf("told %v", told)
	}
	usage := console.Usage("x: %w", fs.ErrInvalid)
	if !errors.Is(usage, fs.ErrInvalid) {
		t.Errorf("usage %v", usage)
	}
}

func TestOf(t *testing.T) {
	v1, err := metainfo.ParseInfo([]byte("d6:lengthi3e4:name1:x12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaae"))
	if err != nil {
		t.Fatal(err)
	}
	e := console.Of(console.Done, v1)
	if e.InfoHash != v1.Hashes().V1.String() || e.InfoHashV2 != "" || e.Total != 3 || e.Name != "x" {
		t.Errorf("event %+v", e)
	}
}

func TestTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, out, _ := newConsole(false)
		now := c.Clock.Now()
		for got, want := range map[string]string{
			c.Ago(time.Time{}): "never", c.Ago(now): "1 s ago", c.Ago(now.Add(-90 * time.Second)): "1 min ago", c.Ago(now.Add(-49 * time.Hour)): "2 d 1 h ago",
			c.In(time.Time{}): "soon", c.In(now.Add(-time.Second)): "soon", c.In(now.Add(25*time.Minute + 40*time.Second)): "in 25 min",
		} {
			if got != want {
				t.Errorf("%q, want %q", got, want)
			}
		}
		c.Line(strings.Repeat("ä", 100))
		c.Line("short  ")
		if got := out.String(); got != strings.Repeat("ä", 79)+"…\nshort\n" {
			t.Errorf("%q", got)
		}
	})
}
