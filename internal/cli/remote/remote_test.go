package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/netpolicy"
)

const at = "127.0.0.1:9471"

// against returns a node whose API is a handler, in a network in memory, and what ends
// it. It belongs into a bubble.
func against(t *testing.T, h http.HandlerFunc) (*Node, func()) {
	t.Helper()
	mem := netpolicy.NewMem()
	n := &Node{Home: "/srv/node", Running: home.Running{PID: 42, API: "http://" + at}, token: "key", limit: 1000, client: &http.Client{
		Transport:     &http.Transport{DialContext: func(ctx context.Context, _, addr string) (net.Conn, error) { return mem.Dial(ctx, addr) }},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	if h == nil {
		return n, func() { _ = n.Close() }
	}
	l, err := mem.Listen(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	all, end := context.WithCancel(context.Background())
	s := &http.Server{Handler: h, BaseContext: func(net.Listener) context.Context { return all }}
	done := make(chan struct{})
	go func() { defer close(done); _ = s.Serve(l) }()
	return n, func() {
		end()
		_ = n.Close()
		_ = s.Close()
		<-done
	}
}

// says answers with a status, a type and a body.
func says(status int, kind, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = []string{kind}
		for _, h := range headers {
			name, value, _ := strings.Cut(h, ": ")
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// hang sends the beginning of an answer, and no more.
func hang(begin string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if begin != "" {
			says(200, "application/json", begin)(w, r)
			_ = http.NewResponseController(w).Flush()
		}
		<-r.Context().Done()
	}
}

// breakOff ends in the middle of what was announced.
func breakOff(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", "500")
	_, _ = io.WriteString(w, `{"total": 1, "torr`)
	panic(http.ErrAbortHandler)
}

// TestAnswers: whatever answers, people are told what is the matter.
func TestAnswers(t *testing.T) {
	const problem, plain, page = "application/problem+json", "application/json", "text/html; charset=utf-8"
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   string // of the message
	}{
		"right":               {says(200, plain, `{"id":7,"name":"x"}`), ""},
		"nobody":              {nil, "the node at http://127.0.0.1:9471 (process 42) does not answer: "},
		"silence":             {hang(""), "does not answer: nothing came for 30s: it may be busy or stuck"},
		"silence half-way":    {hang(`{"id":7,`), "does not answer: nothing came for 30s"},
		"broken off":          {breakOff, "does not answer: its answer breaks off: it may have been stopped"},
		"closed":              {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "does not answer: its answer breaks off"},
		"truncated":           {says(200, plain, `{"id":7,"na`), "it is no JSON, or breaks off: are both of the same version?"},
		"empty":               {says(200, plain, ""), "it is no JSON, or breaks off"},
		"no JSON":             {says(200, plain, "<html>"), "it is no JSON"},
		"wrong type":          {says(200, plain, `{"id":"seven"}`), "what this program does not understand: json: cannot unmarshal string into Go struct field Torrent.id of type int64: are both of the same version?"},
		"a list":              {says(200, plain, `[1]`), "does not understand: json: cannot unmarshal array"},
		"null":                {says(200, plain, `null`), ""},
		"a page":              {says(200, page, "<html>Welcome</html>"), "what answers at http://127.0.0.1:9471 is no node (it says text/html)"},
		"no type":             {says(200, "", `{"id":7}`), "is no node (it says nothing)"},
		"giant":               {says(200, plain, `{"name":"`+strings.Repeat("x", 1000)+`"}`), "says more than 1.00 kB at once: ask for less"},
		"elsewhere":           {says(302, page, "", "Location: http://192.0.2.1/"), "is no node"},
		"401":                 {says(401, problem, `{"status":401,"title":"Who asks has not been shown","detail":"the token is not known"}`), "does not take the key in /srv/node/management-token: it was replaced just now, or another node has the address"},
		"401 plain":           {says(401, "text/plain", "no"), "does not take the key in"},
		"403":                 {says(403, problem, `{"status":403,"title":"Not allowed","detail":"this is for the owner alone"}`), "this is for the owner alone"},
		"403 plain":           {says(403, "text/plain", "no"), "the node does not allow this"},
		"404":                 {says(404, problem, `{"type":"urn:warren:problem:not-found","status":404,"title":"Not found","detail":"no such torrent"}`), "no such torrent"},
		"404 plain":           {says(404, "text/plain", "404"), "does not know how to do this: is it of the same version"},
		"404 page":            {says(404, page, "<html>"), "is no node (it says text/html)"},
		"429":                 {says(429, problem, `{"status":429,"detail":"too many"}`, "Retry-After: 90"), "the node is asked too often: try again in 1 min 30 s"},
		"429 plain":           {says(429, "text/plain", "", "Retry-After: soon"), "try again in a moment"},
		"500":                 {says(500, problem, `{"status":500,"title":"The node failed","detail":"the log of the node has more"}`), "the log of the node has more"},
		"500 plain":           {says(500, "text/plain", "boom"), "the node has failed: its log has more"},
		"500 page":            {says(500, page, "<html>"), "the node has failed: its log has more"},
		"503 without detail":  {says(503, problem, `{"status":503,"title":"Not at this time"}`), "Not at this time"},
		"broken problem":      {says(409, problem, `{"status":`), "the node says 409 Conflict"},
		"problem of no shape": {says(409, problem, `[]`), "the node says 409 Conflict"},
		"problem that paints": {says(409, problem, `{"detail":"a\u001b[2Jb"}`), "a"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n, end := against(t, c.answer)
				defer end()
				began := time.Now()
				_, err := n.Torrent(t.Context(), "7")
				switch {
				case c.want == "" && err != nil, c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
					t.Errorf("%v", err)
				case err != nil && strings.ContainsAny(err.Error(), "\x1b\n"):
					t.Errorf("%q", err)
				}
				if took := time.Since(began); took > 2*patience {
					t.Errorf("it took %v", took)
				}
			})
		})
	}
}

// What a node does without an answer is done; what is no node has done nothing.
func TestNoContent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			answer http.HandlerFunc
			want   bool
		}{{says(204, "", ""), true}, {says(200, "application/json", "{}"), true}, {says(200, "text/html", "<html>"), false}} {
			n, end := against(t, c.answer)
			if err := n.Do(t.Context(), "POST", "/x", nil, nil); (err == nil) != c.want {
				t.Errorf("%v", err)
			}
			end()
		}
	})
}

// events answers with a stream.
func events(lines ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for _, l := range lines {
			_, _ = io.WriteString(w, l)
		}
		_ = http.NewResponseController(w).Flush()
		if strings.Contains(lines[len(lines)-1], "hang") {
			<-r.Context().Done()
		}
	}
}

// TestFollow: a torrent is followed until it is as wanted, over streams that end.
func TestFollow(t *testing.T) {
	const begin = "event: snapshot\ndata: {\"total\":1,\"torrents\":[{\"id\":7,\"name\":\"old\",\"state\":\"checking\"}]}\n\nevent: ready\nid: 5\ndata: {\"revision\":5}\n\n"
	delta := func(text string) string { return "event: delta\nid: 6\ndata: " + text + "\n\n" }
	ended := delta(`{"changed":[{"id":9,"state":"failed"},{"id":7,"name":"x","state":"seeding"}]}`)
	asked := 0
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"at once":    {events(begin, ended, ": hang\n\n"), ""},
		"with CRLF":  {events(strings.ReplaceAll(begin+ended, "\n", "\r\n"), ": hang\n\n"), ""},
		"in between": {events(begin, ":\n\n", ended, ": hang\n\n"), ""},
		"taken up": {func(w http.ResponseWriter, r *http.Request) {
			if asked++; asked < 4 {
				events(begin)(w, r)
				return
			}
			events(begin, ended, ": hang\n\n")(w, r)
		}, ""},
		"removed":       {events(begin, delta(`{"removed":[3,7]}`), ": hang\n\n"), `"old": the node does not have it any more: it was removed`},
		"gone before":   {events("event: snapshot\ndata: {\"total\":0,\"torrents\":[]}\n\n: hang\n\n"), "it was removed"},
		"silence":       {events(begin, ": hang\n\n"), "does not answer: nothing came"},
		"no JSON":       {events(begin, delta(`{"changed":[{"id":7`), ": hang\n\n"), "the node tells what this program does not understand"},
		"wrong type":    {events(begin, delta(`{"changed":{"id":7}}`), ": hang\n\n"), "the node tells what this program does not understand"},
		"endless":       {events("data: " + strings.Repeat("x", 20<<20)), "it sends a line without an end"},
		"a page":        {says(200, "text/html", "<html>"), "is no node (it says text/html)"},
		"JSON":          {says(200, "application/json", "{}"), "is no node (it says application/json)"},
		"not any more":  {says(401, "text/plain", ""), "does not take the key"},
		"too many":      {says(429, "text/plain", "", "Retry-After: 2"), "try again in 2.0 s"},
		"done says no":  {events(begin, delta(`{"changed":[{"id":7,"state":"failed"}]}`), ": hang\n\n"), "it has failed"},
		"nobody at all": {nil, "does not answer"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n, end := against(t, c.answer)
				defer end()
				f := n.Follow(Torrent{ID: 7, Name: "old", State: "starting"})
				err := f.Until(t.Context(), &console.Console{Out: io.Discard, Err: io.Discard, Getenv: func(string) string { return "" }, Clock: clock.System{}}, func(t Torrent) (bool, error) {
					if t.State == "failed" {
						return false, errors.New("it has failed")
					}
					return t.State == "seeding", nil
				})
				switch {
				case c.want == "" && (err != nil || f.Last().Name != "x"), c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
					t.Errorf("%v, %+v", err, f.Last())
				}
			})
		})
	}
	if asked != 4 {
		t.Errorf("a stream that ended was asked for %d times", asked)
	}
}

// Ctrl-C ends it at once.
func TestFollowInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, end := against(t, events("event: ready\ndata: {}\n\n", ": hang\n\n"))
		defer end()
		ctx, cancel := context.WithCancelCause(t.Context())
		cause := fmt.Errorf("interrupted")
		time.AfterFunc(time.Second, func() { cancel(cause) })
		began := time.Now()
		err := n.watch(ctx, 7, func(Torrent) (bool, error) { return true, nil })
		if !errors.Is(err, cause) || time.Since(began) > time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}
