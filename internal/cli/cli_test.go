package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/internal/cli"
)

// command runs a command line in this process.
type command struct {
	out    *io.PipeReader
	errs   bytes.Buffer
	cancel context.CancelFunc
	code   chan int
}

func begin(t *testing.T, args ...string) *command {
	t.Helper()
	return beginAt(t.TempDir(), args...)
}

func beginAt(home string, args ...string) *command {
	ctx, cancel := context.WithCancel(context.Background())
	r, w := io.Pipe()
	c := &command{out: r, cancel: cancel, code: make(chan int, 1)}
	env := map[string]string{"WARREN_HOME": home}
	go func() {
		c.code <- cli.Run(ctx, args, cli.Streams{Out: w, Err: &c.errs, Getenv: func(k string) string { return env[k] }})
		_ = w.Close() // always nil
	}()
	return c
}

// listen reads the ready event and says where the command listens. What comes
// after it is thrown away.
func (c *command) listen(t *testing.T) string {
	t.Helper()
	dec := json.NewDecoder(c.out)
	for {
		var e struct {
			Event  string
			Listen []string
		}
		if err := dec.Decode(&e); err != nil {
			t.Fatalf("no ready event: %v", err)
		}
		if e.Event == "ready" {
			go func() { _, _ = io.Copy(io.Discard, c.out) }()
			return e.Listen[0]
		}
	}
}

// TestNoGoroutineIsLeft: share and get, complete and interrupted, end whole.
func TestNoGoroutineIsLeft(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	dir := t.TempDir()
	content := bytes.Repeat([]byte("warren"), 100_000)
	if err := os.WriteFile(filepath.Join(dir, "x.bin"), content, 0o600); err != nil {
		t.Fatal(err)
	}
	torrent := filepath.Join(dir, "x.torrent")
	share := begin(t, "share", filepath.Join(dir, "x.bin"), "--torrent", torrent, "--listen", "127.0.0.1:0", "--json")
	at := share.listen(t)

	whole := begin(t, "get", torrent, "--dir", filepath.Join(dir, "whole"), "--peer", at, "--listen", "127.0.0.1:0", "--exit")
	said, err := io.ReadAll(whole.out)
	if code := <-whole.code; err != nil || code != cli.ExitDone || !strings.Contains(string(said), "is complete.") {
		t.Errorf("get: exit code %d, %v\n%s%s", code, err, said, &whole.errs)
	}
	got, err := os.ReadFile(filepath.Join(dir, "whole", "x.bin"))
	if err != nil || !bytes.Equal(got, content) {
		t.Errorf("%d bytes arrived, %v", len(got), err)
	}

	slow := begin(t, "get", torrent, "--dir", filepath.Join(dir, "slow"), "--peer", at, "--listen", "127.0.0.1:0", "--limit-down", "1kB", "--json")
	go func() { _, _ = io.Copy(io.Discard, slow.out) }()
	slow.cancel()
	if code := <-slow.code; code != cli.ExitInterrupted {
		t.Errorf("interrupted get: exit code %d\n%s", code, &slow.errs)
	}
	share.cancel()
	if code := <-share.code; code != cli.ExitInterrupted {
		t.Errorf("interrupted share: exit code %d\n%s", code, &share.errs)
	}
}

// TestHelp: every command explains itself, within the width of a terminal.
func TestHelp(t *testing.T) {
	for _, line := range []string{
		"", "share", "get", "torrent", "torrent create", "torrent show", "torrent verify", "torrent edit",
		"bench", "bench transfer", "bench hash", "version", "completion",
	} {
		var out, errs bytes.Buffer
		args := append(strings.Fields(line), "--help")
		code := cli.Run(context.Background(), args, cli.Streams{Out: &out, Err: &errs, Getenv: func(string) string { return "" }})
		if code != cli.ExitDone || errs.Len() > 0 || !strings.HasPrefix(out.String(), "Usage: warren") {
			t.Errorf("%s: exit code %d\n%s%s", line, code, &out, &errs)
		}
		for text := range strings.SplitSeq(out.String(), "\n") {
			if len(text) > 80 {
				t.Errorf("%s: a line of %d columns: %s", line, len(text), text)
			}
		}
	}
}
