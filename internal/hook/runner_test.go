//go:build unix

package hook

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/courier"
	"github.com/warren-p2p/warren/internal/netpolicy"
)

// TestMain plays the programs that hooks run, if it is told to.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "program" {
		os.Exit(program(os.Args[2], os.Args[3:]))
	}
	goleak.VerifyTestMain(m)
}

func program(what string, args []string) int {
	switch what {
	case "tell":
		fmt.Printf("%q %q\n", args, os.Getenv("WARREN_NAME"))
	case "fail":
		fmt.Fprintln(os.Stderr, "no such thing")
		return 3
	case "talk":
		fmt.Print(strings.Repeat("0123456789", 100_000))
	case "wait": // with a child, and no ear for who asks it to end
		signal.Ignore(syscall.SIGTERM)
		c := exec.Command(os.Args[0], "program", "sleep")
		if err := c.Start(); err != nil {
			return 1
		}
		if err := os.WriteFile(args[0], []byte(strconv.Itoa(c.Process.Pid)), 0o600); err != nil {
			return 1
		}
		time.Sleep(time.Minute)
	case "sleep":
		signal.Ignore(syscall.SIGTERM)
		time.Sleep(time.Minute)
	case "leave": // something behind that holds on to the output
		c := exec.Command(os.Args[0], "program", "nap")
		c.Stdout = os.Stdout
		if err := c.Start(); err != nil {
			return 1
		}
		fmt.Println("left")
	case "nap":
		time.Sleep(4 * time.Second)
	case "count": // how many of us there are at a time
		name := filepath.Join(args[0], strconv.Itoa(os.Getpid()))
		_ = os.WriteFile(name, nil, 0o600)
		time.Sleep(100 * time.Millisecond)
		list, _ := os.ReadDir(args[0])
		fmt.Println(len(list))
		_ = os.Remove(name)
	}
	return 0
}

func start(t *testing.T, hooks ...Hook) *Runner {
	t.Helper()
	r, err := New(Config{Hooks: hooks, Environ: os.Environ(), Clock: clock.System{}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

func self(t *testing.T, args ...string) Hook {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return Hook{Name: args[0], Program: exe, Args: append([]string{"program"}, args...)}
}

// results waits until so many have come in.
func results(t *testing.T, r *Runner, n int) []Result {
	t.Helper()
	for deadline := time.Now().Add(8 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if list := r.Results(); len(list) >= n {
			return list
		}
	}
	t.Fatalf("%d results", len(r.Results()))
	return nil
}

func TestPrograms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name            string
		hook            Hook
		output, problem string
	}{
		{"arguments", self(t, "tell", "{name}", "{category}"), `["x; $(id) \"y" "films"] "x; $(id) \"y"`, ""},
		{"failure", self(t, "fail"), "no such thing", "exit status 3"},
		{"missing", Hook{Name: "m", Program: "/nowhere/at/all"}, "", "no such file"},
		{"leaves something behind", self(t, "leave"), "left", ""},
	} {
		r := start(t, c.hook)
		r.Emit(Event{Kind: Added}) // nobody asked
		r.Emit(Event{Kind: Completed, Name: `x; $(id) "y`, Category: "films"})
		got := results(t, r, 1)[0]
		if got.Output != c.output || (got.Problem == "") != (c.problem == "") || !strings.Contains(got.Problem, c.problem) || got.Event != Completed {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	r := start(t, self(t, "talk"))
	r.Emit(Event{Kind: Completed})
	if got := results(t, r, 1)[0]; len(got.Output) != maxOutput || got.Problem != "" {
		t.Errorf("%d bytes of output, %s", len(got.Output), got.Problem)
	}
}

// gone waits until no process has an id.
func gone(pid int) bool {
	for range 400 {
		if syscall.Kill(pid, 0) != nil || zombie(pid) {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

// zombie reports whether a process has ended and nobody has asked how.
func zombie(pid int) bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && strings.Contains(string(b), ") Z ")
}

// A program that takes too long, or longer than the node, ends with what it has
// started, whether it listens or not.
func TestEndsWithItsChildren(t *testing.T) {
	for name, end := range map[string]func(*Runner){"timeout": func(*Runner) {}, "node": (*Runner).Close} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "pid")
			h := self(t, "wait", file)
			if name == "timeout" {
				h.Timeout = time.Second
			}
			r, err := New(Config{Hooks: []Hook{h}, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Fatal(err)
			}
			r.Emit(Event{Kind: Completed})
			var pid int
			for pid == 0 {
				b, _ := os.ReadFile(file)
				pid, _ = strconv.Atoi(string(b))
				time.Sleep(5 * time.Millisecond)
			}
			end(r)
			if !gone(pid) {
				t.Error("a child is still there")
			}
			if got := results(t, r, 1)[0]; got.Problem == "" {
				t.Errorf("%+v", got)
			}
			if name == "timeout" {
				r.Close()
			}
		})
	}
}

func TestFewAtOnce(t *testing.T) {
	t.Parallel()
	r := start(t, self(t, "count", t.TempDir()))
	for range 6 {
		r.Emit(Event{Kind: Completed})
	}
	for _, res := range results(t, r, 6) {
		if n, _ := strconv.Atoi(res.Output); n < 1 || n > atOnce {
			t.Errorf("%q at a time", res.Output)
		}
	}
}

func TestMany(t *testing.T) {
	r := start(t)
	r.Close() // nobody works any more
	if err := r.Set([]Hook{self(t, "tell")}); err != nil {
		t.Fatal(err)
	}
	for range maxWaiting + 10 {
		r.Emit(Event{Kind: Completed})
	}
	if len(r.queue) != maxWaiting || len(r.List()) != 1 {
		t.Error(len(r.queue))
	}
	if err := r.Set([]Hook{{Name: "bad"}}); err == nil || !strings.Contains(err.Error(), `"bad"`) {
		t.Error(err)
	}
	if err := r.Set(make([]Hook, maxHooks+1)); err == nil {
		t.Error("any number of hooks")
	}
	if _, err := New(Config{Hooks: []Hook{{}}}); err == nil {
		t.Error("a wrong hook was taken")
	}
}

func TestWebhook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mem := netpolicy.NewMem()
		beside := netip.MustParseAddr("192.168.1.9")
		l, err := mem.Host(beside).Listen(t.Context(), "192.168.1.9:80")
		if err != nil {
			t.Fatal(err)
		}
		var asked atomic.Int32
		var mu sync.Mutex
		var got Event
		s := http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			n := asked.Add(1)
			body, _ := io.ReadAll(r.Body)
			mu.Lock()
			defer mu.Unlock()
			if err := json.Unmarshal(body, &got); err != nil || r.Method != http.MethodPost {
				t.Errorf("%s %q: %v", r.Method, body, err)
			}
			if r.URL.Path == "/refuse" {
				w.WriteHeader(http.StatusForbidden)
			} else if n < 3 {
				w.WriteHeader(http.StatusBadGateway)
			}
		})}
		done := make(chan struct{})
		go func(l net.Listener) { defer close(done); _ = s.Serve(l) }(l)
		c := courier.New(courier.Config{Net: mem, Clock: clock.System{}})
		r, err := New(Config{Courier: c, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Hooks: []Hook{{Name: "web", URL: "http://192.168.1.9/", On: []Kind{Failed}}}})
		if err != nil {
			t.Fatal(err)
		}
		r.Emit(Event{Kind: Failed, Name: "x", Problem: "the disk is gone"})
		time.Sleep(time.Minute)
		if res := r.Results(); len(res) != 1 || res[0].Problem != "" || asked.Load() != 3 {
			t.Errorf("%+v, asked %d times", res, asked.Load())
		}
		mu.Lock()
		if got.Kind != Failed || got.Problem != "the disk is gone" {
			t.Errorf("%+v", got)
		}
		mu.Unlock()
		if err := r.Set([]Hook{{Name: "web", URL: "http://192.168.1.9/refuse"}}); err != nil {
			t.Fatal(err)
		}
		r.Emit(Event{Kind: Completed})
		time.Sleep(time.Minute)
		if res := r.Results(); len(res) != 2 || !strings.Contains(res[0].Problem, "403") || asked.Load() != 4 {
			t.Errorf("%+v, asked %d times", res, asked.Load())
		}
		if err := r.Set([]Hook{{Name: "web", URL: "http://192.168.1.10/"}}); err != nil {
			t.Fatal(err)
		}
		r.Emit(Event{Kind: Completed})
		time.Sleep(time.Second)
		r.Close() // while it waits to try again
		if res := r.Results(); len(res) != 3 || res[0].Problem == "" {
			t.Errorf("%+v", res)
		}
		_ = s.Close()
		<-done
	})
}
