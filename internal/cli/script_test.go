package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/warren-p2p/warren/internal/cli"
)

// TestMain keeps the tests, and the commands that they start, out of the public
// DHT and away from the router.
func TestMain(m *testing.M) {
	for _, name := range []string{"WARREN_NO_DHT", "WARREN_NO_PORTMAP"} {
		if err := os.Setenv(name, "1"); err != nil {
			panic(err)
		}
	}
	testscript.Main(m, map[string]func(){"warren": func() {
		os.Exit(cli.Main())
	}})
}

// TestScripts runs the command line as people and programs do. Beside the
// commands of testscript, scripts have:
//
//	exits CODE warren ARGS…     runs it and compares the exit code
//	start NAME warren ARGS…     starts it in the background
//	await NAME REGEXP           waits until its output matches
//	peer NAME                   sets $PEER to where it listens and $PORT, from its ready event
//	link NAME                   sets $MAGNET to its magnet link, from there as well
//	linked VAR                  sets $VAR to the first private link that was printed last, and
//	                            $WRONG to the same with another pin
//	interrupt NAME [CODE]       does what Ctrl-C does; the exit code must be 130 then, or CODE
//	random FILE SIZE            writes bytes that are the same each time
//	flip FILE OFFSET            changes one byte
//	urls NAME                   sets $UDP, $HTTP, $AT, $STATS of a tracker, and $QUERY
//	page URL FILE [REGEXP]      writes what is at a URL to a file, once that matches
//	serve DIR                   serves a folder on this machine, and sets $SITE
//	retry REGEXP warren ARGS…   runs it until its output matches
//	visit PATH FILE             asks $PEER for a page and writes status and body to a file
//	play NAME FILE OFFSET       reads the main file that NAME streams from there to its end,
//	                            compares it with FILE, and fails if NAME has all by then
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Vars = append(e.Vars, "WARREN_HOME="+filepath.Join(e.WorkDir, "home"), "LANG=C",
				"GORACE=atexit_sleep_ms=0") // else each process waits a second at its end
			e.Values[nodesKey{}] = &nodes{list: map[string]*node{}}
			e.Defer(e.Values[nodesKey{}].(*nodes).kill)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "start": start, "await": await, "peer": peer, "link": link, "interrupt": interrupt,
			"random": random, "flip": flip, "play": play, "certificates": certificates, "visit": visit,
			"urls": urls, "page": page, "serve": serve, "retry": retry, "linked": linked,
		},
	})
}

// patience is how long a script waits for what must come.
const patience = 30 * time.Second

type nodesKey struct{}

// nodes are the processes of a script in the background.
type nodes struct{ list map[string]*node }

type node struct {
	cmd  *exec.Cmd
	out  *output
	gone chan struct{} // closed when it has ended
}

// output collects what a process prints.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

func (n *nodes) kill() {
	for _, p := range n.list {
		_ = p.cmd.Process.Kill() // it may have ended
		<-p.gone
	}
}

func (n *nodes) get(ts *testscript.TestScript, name string) *node {
	p := n.list[name]
	if p == nil {
		ts.Fatalf("%s was not started", name)
	}
	return p
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARGS…")
	}
	compareExit(ts, args[0], ts.Exec(args[1], args[2:]...))
}

func compareExit(ts *testscript.TestScript, want string, err error) {
	code := 0
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(code) != want {
		ts.Fatalf("exit code %d, want %s", code, want)
	}
}

func start(ts *testscript.TestScript, _ bool, args []string) {
	p := &node{cmd: exec.Command(args[1], args[2:]...), out: &output{}, gone: make(chan struct{})}
	path, err := exec.LookPath(filepath.Join(strings.Split(ts.Getenv("PATH"), string(os.PathListSeparator))[0], args[1]))
	ts.Check(err)
	p.cmd.Path, p.cmd.Err = path, nil
	p.cmd.Dir = ts.MkAbs(".")
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	for _, name := range []string{"WARREN_HOME", "LANG", "HOME", "PATH", "TMPDIR", "GOCOVERDIR", "GORACE"} {
		p.cmd.Env = append(p.cmd.Env, name+"="+ts.Getenv(name))
	}
	ts.Check(p.cmd.Start())
	go func() {
		defer close(p.gone)
		_ = p.cmd.Wait() // interrupt looks at the state
	}()
	ts.Value(nodesKey{}).(*nodes).list[args[0]] = p
}

func await(ts *testscript.TestScript, _ bool, args []string) {
	p := ts.Value(nodesKey{}).(*nodes).get(ts, args[0])
	want := regexp.MustCompile(args[1])
	for end := time.Now().Add(patience); !want.MatchString(p.out.String()); time.Sleep(5 * time.Millisecond) {
		select {
		case <-p.gone:
			if !want.MatchString(p.out.String()) {
				ts.Fatalf("%s ended without %s:\n%s", args[0], want, p.out)
			}
			return
		default:
		}
		if time.Now().After(end) {
			ts.Fatalf("%s did not print %s:\n%s", args[0], want, p.out)
		}
	}
}

func peer(ts *testscript.TestScript, neg bool, args []string) {
	await(ts, neg, []string{args[0], `"event":"ready"`})
	for line := range strings.SplitSeq(ts.Value(nodesKey{}).(*nodes).get(ts, args[0]).out.String(), "\n") {
		var e struct {
			Event  string
			Listen []string
		}
		if json.Unmarshal([]byte(line), &e) == nil && e.Event == "ready" {
			ts.Setenv("PEER", e.Listen[0])
			ts.Setenv("PORT", e.Listen[0][strings.LastIndex(e.Listen[0], ":")+1:])
			return
		}
	}
}

func link(ts *testscript.TestScript, neg bool, args []string) {
	await(ts, neg, []string{args[0], `"event":"ready"`})
	for line := range strings.SplitSeq(ts.Value(nodesKey{}).(*nodes).get(ts, args[0]).out.String(), "\n") {
		var e struct{ Event, Magnet string }
		if json.Unmarshal([]byte(line), &e) == nil && e.Event == "ready" {
			ts.Setenv("MAGNET", e.Magnet)
			return
		}
	}
}

func linked(ts *testscript.TestScript, _ bool, args []string) {
	l := regexp.MustCompile(`https://[^ ]+/private/[^ ]+&c=`).FindString(ts.ReadFile("stdout"))
	if l == "" {
		ts.Fatalf("no link was printed")
	}
	pin := ts.ReadFile("stdout")
	pin = pin[strings.Index(pin, l)+len(l):][:43]
	ts.Setenv(args[0], l+pin)
	ts.Setenv("WRONG", l+strings.Repeat("A", 43))
}

func interrupt(ts *testscript.TestScript, _ bool, args []string) {
	p := ts.Value(nodesKey{}).(*nodes).get(ts, args[0])
	ts.Check(p.cmd.Process.Signal(os.Interrupt))
	select {
	case <-p.gone:
	case <-time.After(patience):
		ts.Fatalf("%s did not end:\n%s", args[0], p.out)
	}
	ts.Logf("%s", p.out)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".out"), []byte(p.out.String()), 0o600))
	want := strconv.Itoa(cli.ExitInterrupted)
	if len(args) > 1 {
		want = args[1]
	}
	if code := strconv.Itoa(p.cmd.ProcessState.ExitCode()); code != want {
		ts.Fatalf("%s: exit code %s, want %s", args[0], code, want)
	}
}

func random(ts *testscript.TestScript, _ bool, args []string) {
	size, err := strconv.Atoi(args[1])
	ts.Check(err)
	b := make([]byte, size)
	var seed [32]byte
	copy(seed[:], args[0])
	_, _ = rand.NewChaCha8(seed).Read(b)
	ts.Check(os.MkdirAll(filepath.Dir(ts.MkAbs(args[0])), 0o755))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b, 0o644))
}

func flip(ts *testscript.TestScript, _ bool, args []string) {
	at, err := strconv.Atoi(args[1])
	ts.Check(err)
	b, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	b[at] ^= 0x40
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b, 0o644))
}

func play(ts *testscript.TestScript, neg bool, args []string) {
	await(ts, neg, []string{args[0], `"stream":`})
	p := ts.Value(nodesKey{}).(*nodes).get(ts, args[0])
	url := regexp.MustCompile(`"stream":\["([^"]*)"`).FindStringSubmatch(p.out.String())[1]
	at, err := strconv.Atoi(args[2])
	ts.Check(err)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	ts.Check(err)
	r.Header.Set("Range", "bytes="+args[2]+"-")
	resp, err := http.DefaultClient.Do(r)
	ts.Check(err)
	got, err := io.ReadAll(resp.Body)
	ts.Check(errors.Join(err, resp.Body.Close()))
	want, err := os.ReadFile(ts.MkAbs(args[1]))
	ts.Check(err)
	if resp.StatusCode != http.StatusPartialContent || !bytes.Equal(got, want[at:]) {
		ts.Fatalf("%s: status %d, %d bytes that are not those of the file", args[0], resp.StatusCode, len(got))
	}
	if strings.Contains(p.out.String(), `"event":"done"`) {
		ts.Fatalf("%s has fetched all before", args[0])
	}
}
