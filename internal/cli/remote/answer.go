package remote

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/words"
)

const (
	patience  = 30 * time.Second // for an answer to begin, and for more of it to come
	maxAnswer = 256 << 20
)

// Problem is what the node says when it cannot do something (RFC 9457).
type Problem struct {
	Status int             `json:"status"`
	Type   string          `json:"type"`
	Title  string          `json:"title"`
	Detail string          `json:"detail"`
	Errors []ProblemDetail `json:"errors"`
}

// ProblemDetail says what of a request the problem is about.
type ProblemDetail struct {
	Message  string `json:"message"`
	Location string `json:"location"`
	Value    any    `json:"value"`
}

func (p *Problem) Error() string {
	if p.Detail != "" {
		return words.Plain(p.Detail)
	}
	return words.Plain(p.Title)
}

// Of reports whether it is of a kind, such as "duplicate".
func (p *Problem) Of(kind string) bool { return strings.HasSuffix(p.Type, ":"+kind) }

// About reports whether it is about a part of the request, such as "body.name".
func (p *Problem) About(place string) bool {
	return slices.ContainsFunc(p.Errors, func(d ProblemDetail) bool { return d.Location == place })
}

// errSilent reports that nothing came for a while.
var errSilent = fmt.Errorf("nothing came for %v: it may be busy or stuck, and its log may say why", patience)

// listening gives up on an answer of which nothing comes for a while.
type listening struct {
	io.ReadCloser
	timer *time.Timer
	wait  time.Duration
	ctx   context.Context
	end   context.CancelCauseFunc
}

// Read implements io.Reader.
func (l *listening) Read(p []byte) (int, error) {
	n, err := l.ReadCloser.Read(p)
	l.timer.Reset(l.wait)
	if err != nil && !errors.Is(err, io.EOF) && l.ctx.Err() != nil {
		err = context.Cause(l.ctx)
	}
	return n, err
}

// Close implements io.Closer.
func (l *listening) Close() error {
	l.timer.Stop()
	err := l.ReadCloser.Close()
	l.end(nil)
	return err
}

// send sends a request. The body of the answer has to be closed; it may pause for wait.
func (n *Node) send(ctx context.Context, method, path string, body io.Reader, wait time.Duration) (*http.Response, error) {
	all, end := context.WithCancelCause(ctx)
	timer := time.AfterFunc(wait, func() { end(errSilent) })
	resp, err := n.do(all, method, path, body)
	if err != nil {
		timer.Stop()
		if cause := context.Cause(all); cause != nil {
			err = cause
		}
		end(nil)
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, n.unanswered(err)
	}
	resp.Body = &listening{resp.Body, timer, wait, all, end}
	return resp, nil
}

func (n *Node) do(ctx context.Context, method, path string, body io.Reader) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, n.Running.API+root+path, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+n.token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return n.client.Do(req)
}

// unanswered says that the node did not answer, or not to the end.
func (n *Node) unanswered(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err // people know the address
	}
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		err = errors.New("its answer breaks off: it may have been stopped")
	default:
		err = console.Cause(err)
	}
	return fmt.Errorf("the node at %s (process %d) does not answer: %w", n.Running.API, n.Running.PID, err)
}

// understand reads an answer into out, unless that is nil; a torrent file is read into
// bytes. The error is a [*Problem] if the node says no.
func (n *Node) understand(ctx context.Context, resp *http.Response, out any) error {
	limit := n.limit
	if limit == 0 {
		limit = maxAnswer
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		return n.unanswered(err)
	case int64(len(text)) > limit:
		return fmt.Errorf("the node at %s says more than %s at once: ask for less", n.Running.API, words.Bytes(limit))
	}
	if resp.StatusCode >= 300 {
		return n.refused(resp, text)
	}
	if len(text) == 0 && out == nil {
		return nil
	}
	kind := mediaType(resp)
	if file, ok := out.(*[]byte); ok && kind == "application/x-bittorrent" {
		*file = text
		return nil
	}
	if kind != "application/json" {
		return n.stranger(kind)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(text, out); err != nil {
		if _, is := errors.AsType[*json.SyntaxError](err); is {
			err = errors.New("it is no JSON, or breaks off")
		}
		return fmt.Errorf("the node at %s says what this program does not understand: %w: are both of the same version?", n.Running.API, err)
	}
	return nil
}

// refused reads what a node says when it does not do something.
func (n *Node) refused(resp *http.Response, text []byte) error {
	p := &Problem{Title: "the node says " + resp.Status}
	kind := mediaType(resp)
	if kind == "application/problem+json" && json.Unmarshal(text, p) != nil {
		p = &Problem{Title: "the node says " + resp.Status}
	}
	p.Status = resp.StatusCode
	switch {
	case p.Status == http.StatusUnauthorized:
		p.Detail = fmt.Sprintf("the node at %s does not take the key in %s: it was replaced just now, or another node has the address; try again", n.Running.API, words.Plain(n.keyFile()))
	case p.Status == http.StatusTooManyRequests:
		p.Detail = "the node is asked too often: try again in " + later(resp)
	case p.Detail != "":
	case p.Status == http.StatusInternalServerError:
		p.Detail = "the node has failed: its log has more"
	case kind == "text/html", p.Status < 400:
		return n.stranger(kind)
	case p.Status == http.StatusNotFound:
		p.Detail = fmt.Sprintf("the node at %s does not know how to do this: is it of the same version as this program?", n.Running.API)
	case p.Status == http.StatusForbidden:
		p.Detail = "the node does not allow this"
	}
	return p
}

// later is how long a node wants to be left alone.
func later(resp *http.Response) string {
	if d, err := time.ParseDuration(resp.Header.Get("Retry-After") + "s"); err == nil && d > 0 {
		return words.Duration(d)
	}
	return "a moment"
}

// stranger says that something else answers.
func (n *Node) stranger(kind string) error {
	if kind == "" {
		kind = "nothing"
	}
	return fmt.Errorf("what answers at %s is no node (it says %s): if another program has the port now, stop it or start the node again", n.Running.API, words.Plain(kind))
}

func mediaType(resp *http.Response) string {
	kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return kind
}
