// Package remote lets a command talk to the node that runs in its home: it finds it by
// what the node has written down there, and asks it through its API.
package remote

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
)

const (
	tokenFile = "management-token"
	root      = "/api/v1"
	patience  = 30 * time.Second // for an answer to begin
	maxAnswer = 256 << 20
)

// NoNodeError reports that no node runs in the home.
type NoNodeError struct {
	Home  string
	Given bool // by --home
}

func (e *NoNodeError) Error() string {
	start := "warren run"
	if e.Given {
		start += " --home " + words.Shell(e.Home)
	}
	return fmt.Sprintf("no node is running in home %s: start one with `%s`, or say with --home where it runs", words.Plain(e.Home), start)
}

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

// Node is a node that runs.
type Node struct {
	Home    string
	Running home.Running

	token  string
	client *http.Client
}

// Find returns the node of the home that the command line says. The error is a
// [*NoNodeError] if none runs there; no home is made.
func Find(c *console.Console) (*Node, error) {
	path, err := home.Path(c.Home, c.Getenv)
	if err != nil {
		return nil, fmt.Errorf("find a home for state: %w: give one with --home", err)
	}
	none := &NoNodeError{path, c.Home != ""}
	dir, err := vfs.OpenDir(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, none
	}
	if err != nil {
		return nil, fmt.Errorf("open home %s: %w: choose another directory for state with --home", words.Plain(path), console.Cause(err))
	}
	if err := dir.Close(); err != nil {
		return nil, err
	}
	h, err := home.Open(path)
	if err != nil {
		return nil, err
	}
	n, err := open(h)
	if err = errors.Join(err, h.Close()); err != nil {
		return nil, err
	}
	if n == nil {
		return nil, none
	}
	return n, nil
}

// open returns the node of a home, nil if none runs there.
func open(h *home.Home) (*Node, error) {
	r, ok, err := h.Node()
	switch {
	case err != nil:
		return nil, fmt.Errorf("find the node: %w", err)
	case !ok:
		return nil, nil
	case r.API == "":
		return nil, fmt.Errorf("the node in home %s is starting or stopping: try again in a moment", words.Plain(h.Path()))
	}
	token, err := vfs.ReadFile(h.State(), tokenFile)
	if err != nil {
		return nil, fmt.Errorf("read the key of the node: %w", console.Cause(err))
	}
	dial := func(ctx context.Context, _, addr string) (net.Conn, error) { return netpolicy.Direct{}.Dial(ctx, addr) }
	return &Node{Home: h.Path(), Running: r, token: strings.TrimSpace(string(token)), client: &http.Client{
		// No proxy: the node is on this machine.
		Transport:     &http.Transport{DialContext: dial, ResponseHeaderTimeout: patience},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Close lets go of connections.
func (n *Node) Close() { n.client.CloseIdleConnections() }

// Get asks for something. query may be nil.
func (n *Node) Get(ctx context.Context, path string, query url.Values, out any) error {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return n.Do(ctx, http.MethodGet, path, nil, out)
}

// Do asks the node to do something. in is sent as JSON unless it is nil, the answer is
// read into out unless that is nil. The error is a [*Problem] if the node says no.
func (n *Node) Do(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, n.Running.API+root+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+n.token)
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := n.client.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("the node does not answer: %w", console.Cause(unwrapURL(err)))
	}
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		return fmt.Errorf("read what the node says: %w", err)
	}
	return understand(resp, answer, out)
}

// understand reads an answer.
func understand(resp *http.Response, answer []byte, out any) error {
	if resp.StatusCode >= 300 {
		p := &Problem{Status: resp.StatusCode, Title: resp.Status}
		if err := json.Unmarshal(answer, p); err != nil {
			return fmt.Errorf("the node says %s", words.Plain(resp.Status))
		}
		return p
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("the node says what this version does not understand: %w", err)
	}
	return nil
}

// unwrapURL drops the address, which people know.
func unwrapURL(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}
