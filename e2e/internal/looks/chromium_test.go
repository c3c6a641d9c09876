package looks

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/certificate"
	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/btls/parrot"
)

// seen is what a server has seen of a client that opened a WebSocket.
type seen struct {
	hello   []byte // the first record
	request string
}

// recorder is a connection that keeps what is read from it.
type recorder struct {
	net.Conn
	kept bytes.Buffer
}

func (r *recorder) Read(p []byte) (int, error) {
	n, err := r.Conn.Read(p)
	r.kept.Write(p[:n])
	return n, err
}

// watcher serves a page that opens a WebSocket, and tells of those who do.
func watcher(t *testing.T) (addr string, opened <-chan seen) {
	t.Helper()
	cert, err := certificate.SelfSigned(time.Now(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr, ch := l.Addr().String(), make(chan seen, 8)
	var wg sync.WaitGroup
	// No tickets: a browser that has been here before would show one.
	cfg := &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: []string{"http/1.1"}, SessionTicketsDisabled: true}
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { showPage(c, cfg, ch) })
		}
	})
	t.Cleanup(func() { l.Close(); wg.Wait() })
	return addr, ch
}

func showPage(raw net.Conn, cfg *tls.Config, opened chan<- seen) {
	defer raw.Close()
	_ = raw.SetDeadline(time.Now().Add(time.Minute))
	kept := &recorder{Conn: raw}
	c := tls.Server(kept, cfg)
	if c.Handshake() != nil {
		return
	}
	first := bytes.Clone(kept.kept.Bytes())
	in := bufio.NewReader(c)
	for {
		var request strings.Builder
		for !strings.HasSuffix(request.String(), "\r\n\r\n") {
			line, err := in.ReadString('\n')
			if err != nil {
				return
			}
			request.WriteString(line)
		}
		if strings.Contains(request.String(), "\r\nUpgrade: websocket\r\n") {
			opened <- seen{first[:5+int(first[3])<<8+int(first[4])], request.String()}
			return
		}
		const page = `<script>document.cookie = "a=b"; new WebSocket("wss://" + location.host + "/a/path")</script>`
		fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s", len(page), page)
	}
}

// chromium opens a page until the test has seen enough of it.
func chromium(t *testing.T, url string) {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed (apt-get install chromium)")
	}
	profile, err := os.MkdirTemp("", "warren-chromium")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
		"--disable-background-networking", "--ignore-certificate-errors", "--user-data-dir="+profile, url)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // it has many processes
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
		_ = os.RemoveAll(profile) // what is left of it is the system's to remove
	})
}

func next(t *testing.T, opened <-chan seen) seen {
	t.Helper()
	select {
	case s := <-opened:
		return s
	case <-time.After(time.Minute):
		t.Fatal("nobody opened a WebSocket")
		return seen{}
	}
}

// late is how many versions the parrot may be behind the browser: people are as late.
const late = 4

// TestParrotBesideChromium: what a peer sends when it dials is what Debian's browser
// sends when it opens a WebSocket, but for what the comment of package parrot lists.
// Beside a browser of another version differences are told, and are none of this
// change's making until the parrot is too far behind.
func TestParrotBesideChromium(t *testing.T) {
	differ, version := t.Errorf, installed(t)
	if version != parrot.Major {
		differ = t.Logf
		t.Logf("the browser is Chromium %d, the parrot %d: it is time to record it anew", version, parrot.Major)
	}
	if version > parrot.Major+late {
		t.Errorf("the parrot is %d versions behind", version-parrot.Major)
	}
	addr, opened := watcher(t)
	_, port, _ := net.SplitHostPort(addr)
	for _, host := range []string{"localhost", "127.0.0.1"} {
		t.Run(host, func(t *testing.T) {
			at := net.JoinHostPort(host, port)
			chromium(t, "https://"+at+"/")
			theirs := next(t, opened)
			dialOnce(t, addr, host, at, parrot.New())
			ours := next(t, opened)
			for _, d := range Diff(parsed(t, theirs.hello), parsed(t, ours.hello)) {
				differ("client hello: %s", d)
			}
			dialOnce(t, addr, host, at, hello.Go{})
			if len(Diff(parsed(t, theirs.hello), parsed(t, next(t, opened).hello))) == 0 {
				t.Error("Go's client hello is found to be Chromium's as well")
			}
			want, got := lines(theirs.request), lines(ours.request)
			if !slices.Equal(want, got) {
				differ("request:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

// installed returns the version of the browser.
func installed(t *testing.T) int {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed (apt-get install chromium)")
	}
	out, err := exec.Command(path, "--version").Output()
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`Chromium (\d+)\.`).FindSubmatch(out)
	if m == nil {
		t.Fatalf("no version in %q", out)
	}
	n, err := strconv.Atoi(string(m[1]))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// dialOnce dials as the engine does; nobody proves anything to it.
func dialOnce(t *testing.T, addr, name, host string, look hello.Hello) {
	t.Helper()
	raw, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	k, err := btls.BasicKey(make([]byte, 20))
	if err != nil {
		t.Fatal(err)
	}
	_, err = btls.Dial(t.Context(), raw, k, btls.DialOptions{Host: host, Hello: named{look, name}})
	if err == nil {
		t.Fatal("a server that has nothing was taken for a peer")
	}
}

// named puts a name into the client hello that the certificate is not for.
type named struct {
	hello.Hello
	name string
}

func (n named) Client(raw net.Conn, p hello.Params) (hello.Client, error) {
	p.ServerName, _ = hello.ServerName(n.name)
	return n.Hello.Client(raw, p)
}

func parsed(t *testing.T, b []byte) Hello {
	t.Helper()
	h, err := Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// lines are those of a request without what is new with each.
func lines(request string) []string {
	for _, r := range []struct{ what, with string }{
		{`^GET \S+`, "GET /path"}, {"HeadlessChrome/", "Chrome/"},
		{`(?m)^Cookie: [a-z]+=\S+`, "Cookie: a=b"}, {`(?m)^Sec-WebSocket-Key: \S+`, "Sec-WebSocket-Key: k"},
	} {
		request = regexp.MustCompile(r.what).ReplaceAllString(request, r.with)
	}
	return strings.Split(request, "\r\n")
}
