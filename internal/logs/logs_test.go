package logs_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/logs"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
)

func newLogs(t *testing.T, cfg logs.Config) *logs.Logs {
	t.Helper()
	if cfg.Level == "" {
		cfg.Level = "info"
	}
	l, err := logs.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// shown returns lines without their time.
func shown(l *logs.Logs) (all []string) {
	for _, n := range l.Recent() {
		text := n.Text()
		all = append(all, strings.TrimSpace(text[len("15:04:05 "):]))
	}
	return all
}

func TestLines(t *testing.T) {
	var out bytes.Buffer
	l := newLogs(t, logs.Config{Out: &out})
	log := l.Logger()
	log.Debug("unseen")
	log.Info("begun", "at", "203.0.113.7:1", "err", nil, "n", 3)
	log.With("torrent", "films").WithGroup("disk").Warn("cannot store", "err", errors.New("no space"), slog.Group("more", "token", "abc", "x", ""))
	want := []string{
		`info  logs_test: begun  at=203.0.0.0/16:1 n=3`,
		`warn  logs_test: cannot store  torrent=films disk.err="no space" disk.more.token=… disk.more.x=""`,
	}
	got := shown(l)
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if strings.Count(out.String(), "\n") != 2 || strings.Contains(out.String(), "203.0.113.7") {
		t.Errorf("out: %q", out.String())
	}
}

func TestPlain(t *testing.T) {
	l := newLogs(t, logs.Config{Plain: true})
	l.Logger().Info("dial", "at", "203.0.113.7:1", "token", "abc")
	if got := shown(l); got[0] != "info  logs_test: dial  at=203.0.113.7:1 token=abc" {
		t.Errorf("got %q", got)
	}
}

// TestNothingMovesTheCursor: what a stranger called a torrent is shown as it is safe.
func TestNothingMovesTheCursor(t *testing.T) {
	l := newLogs(t, logs.Config{})
	l.Logger().Info("added", "torrent", "a\x1b[2Jb\nc")
	if got := l.Recent()[0].Text(); strings.Count(got, "\n") != 1 || strings.Contains(got, "\x1b") {
		t.Errorf("%q", got)
	}
}

func TestLevels(t *testing.T) {
	l := newLogs(t, logs.Config{Level: "warn", Levels: []string{"logs_test=debug"}})
	log := l.Logger()
	log.Debug("one")
	if err := l.Set("debug", []string{"logs_test=off"}); err != nil {
		t.Fatal(err)
	}
	log.Error("two")
	if err := l.Set("error", nil); err != nil {
		t.Fatal(err)
	}
	log.Warn("three")
	if log.Enabled(context.Background(), slog.LevelWarn) {
		t.Error("what nobody wants is enabled")
	}
	if got := shown(l); len(got) != 1 || got[0] != "debug logs_test: one" {
		t.Errorf("got %q", got)
	}
	if l.Set("loud", nil) == nil || l.Set("info", []string{"dht"}) == nil {
		t.Error("no level was taken for one")
	}
}

// TestSubscribe: what was said before, what comes, and how much was missed.
func TestSubscribe(t *testing.T) {
	l := newLogs(t, logs.Config{})
	log := l.Logger()
	for i := range 1500 {
		log.Info("early", "i", i)
	}
	before, lines, stop := l.Subscribe()
	if len(before) != 1000 || before[0].Attrs[0].Value != "500" || before[999].Attrs[0].Value != "1499" {
		t.Errorf("%d lines before, from %v", len(before), before[0])
	}
	for i := range 300 {
		log.Info("late", "i", i)
	}
	for i := range 256 {
		if n := <-lines; n.Attrs[0].Value != fmt.Sprint(i) || n.Lost != 0 {
			t.Fatalf("line %d: %+v", i, n)
		}
	}
	log.Info("after")
	if n := <-lines; n.Message != "after" || n.Lost != 44 {
		t.Errorf("got %+v", n)
	}
	stop()
	stop()
	if _, ok := <-lines; ok {
		t.Error("a line after the end")
	}
	_, lines, stop = l.Subscribe()
	defer stop()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, ok := <-lines; ok {
		t.Error("open after Close")
	}
	if _, lines, _ := l.Subscribe(); lines == nil {
		t.Error("no channel")
	} else if _, ok := <-lines; ok {
		t.Error("a subscription to what is closed")
	}
}

// TestFile: the two files stay within their size, and hold the newest lines as JSON.
func TestFile(t *testing.T) {
	fs := memfs.New()
	l := newLogs(t, logs.Config{Dir: fs, File: "warren.log", Size: 4000})
	for i := range 200 {
		l.Logger().Info("a line", "i", i, "from", "198.51.100.7:4")
	}
	var all []byte
	for _, name := range []string{"warren.log.1", "warren.log"} {
		b, err := vfs.ReadFile(fs, name)
		if err != nil || len(b) > 2000 {
			t.Fatalf("%s: %d bytes, %v", name, len(b), err)
		}
		all = append(all, b...)
	}
	if bytes.Contains(all, []byte("198.51.100.7")) {
		t.Error("an address was written")
	}
	dec, last := json.NewDecoder(bytes.NewReader(all)), logs.Line{}
	for dec.More() {
		if err := dec.Decode(&last); err != nil {
			t.Fatal(err)
		}
	}
	if last.Attrs[0].Value != "199" || last.Part != "logs_test" || time.Since(last.Time) > time.Hour {
		t.Errorf("the last line is %+v", last)
	}
	// What was written is gone on from.
	again := newLogs(t, logs.Config{Dir: fs, File: "warren.log", Size: 1 << 20})
	again.Logger().Info("again")
	b, err := vfs.ReadFile(fs, "warren.log")
	if err != nil || !bytes.Contains(b, []byte(`"199"`)) || !bytes.Contains(b, []byte("again")) {
		t.Errorf("%q, %v", b, err)
	}
}

// TestFullDisk: a line is lost, the node goes on, and so does the log.
func TestFullDisk(t *testing.T) {
	fs := memfs.New()
	l := newLogs(t, logs.Config{Dir: fs, File: "warren.log", Size: 1 << 20})
	log := l.Logger()
	log.Info("one")
	fs.SetFault(func(op, _ string, _ int64, _ int) error {
		if op == "write" {
			return vfs.ErrNoSpace
		}
		return nil
	})
	log.Info("two")
	fs.SetFault(nil)
	log.Info("three")
	b, err := vfs.ReadFile(fs, "warren.log")
	if err != nil || bytes.Count(b, []byte("\n")) != 2 || !bytes.Contains(b, []byte("three")) {
		t.Errorf("%q, %v", b, err)
	}
	if got := shown(l); len(got) != 3 {
		t.Errorf("got %q", got)
	}
}
