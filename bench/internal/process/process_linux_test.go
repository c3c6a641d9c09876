package process

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/bench/internal/procfs"
	"github.com/warren-p2p/warren/internal/clock"
)

func openProc(t *testing.T) procfs.FS {
	t.Helper()
	f, err := procfs.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestRun(t *testing.T) {
	u, err := Run(t.Context(), Command{Args: []string{"sh", "-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo $X"}, Env: []string{"X=fin"}}, openProc(t))
	if err != nil || u.Output != "fin" || u.CPU <= 0 || u.Wall <= 0 {
		t.Errorf("got %+v, %v", u, err)
	}
	if _, err := Run(t.Context(), Command{Args: []string{"sh", "-c", "echo why; exit 3"}}, openProc(t)); !errors.Is(err, ErrStatus) || !strings.Contains(err.Error(), "why") {
		t.Errorf("exit 3: got %v", err)
	}
	if _, err := Run(t.Context(), Command{Args: []string{"/no/such/program"}}, openProc(t)); err == nil {
		t.Error("missing program: no error")
	}
}

func TestRunIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Run(ctx, Command{Args: []string{"sleep", "1000"}}, openProc(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestEventsAndStop(t *testing.T) {
	said := func(line string) string {
		if line == "I am ready" {
			return "ready"
		}
		return ""
	}
	p, err := Start("", Command{Args: []string{"sh", "-c", "printf 'I am '; echo ready; sleep 1000 & wait"}, Said: said}, openProc(t))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Stop()
	for {
		if at, ok := p.Event("ready"); ok {
			if at.Before(p.Spawned) {
				t.Errorf("ready %v before the start %v", at, p.Spawned)
			}
			break
		}
		select {
		case <-p.Exited():
			t.Fatal(p.Failure("wait for ready"))
		case <-time.After(time.Millisecond):
		}
	}
	p.SampleMemory()
	if m := p.Peak(); m.Private <= 0 || m.PeakRSS < m.Private {
		t.Errorf("memory: %+v", m)
	}
	if _, ok := p.Event("done"); ok {
		t.Error("an event nobody said")
	}
}

// An ended process keeps its figures until Stop.
func TestUsageAfterTheEnd(t *testing.T) {
	p, err := Start("", Command{Args: []string{"true"}}, openProc(t))
	if err != nil {
		t.Fatal(err)
	}
	<-p.Exited()
	if _, err := p.CPU(); err != nil {
		t.Errorf("CPU after the end: %v", err)
	}
	if err := p.Succeeded(time.Minute); err != nil {
		t.Errorf("succeeded: %v", err)
	}
}

func TestFailuresNameTheProgram(t *testing.T) {
	p, err := Start("", Command{Args: []string{"sh", "-c", "echo no luck; exit 7"}}, openProc(t))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Stop()
	<-p.Exited()
	if err := p.Succeeded(time.Minute); err == nil || err.Error() != `sh: exit status 7, last words: "no luck"` {
		t.Errorf("got %v", err)
	}
	if err := p.Failure("wait for luck"); err.Error() != `wait for luck: sh ended early, last words: "no luck"` {
		t.Errorf("got %v", err)
	}
}

func TestTailIsBounded(t *testing.T) {
	o := &output{clock: clock.System{}}
	for range 100 {
		if _, err := o.Write([]byte(strings.Repeat("x", 1000) + "\n")); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(o.tail()); n == 0 || n > keep {
		t.Errorf("kept %d bytes", n)
	}
}
