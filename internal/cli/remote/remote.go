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
	"path/filepath"
	"strings"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
)

const root = "/api/v1"

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

// Node is a node that runs.
type Node struct {
	Home    string
	Running home.Running

	token  string
	client *http.Client
	limit  int64 // bytes of an answer; 0 is maxAnswer
	close  func() error
}

// At returns the node of a home whose API is reached by a transport, such as one that
// does not run. close is called at the end.
func At(path string, by http.RoundTripper, close func() error) *Node {
	return &Node{Home: path, Running: home.Running{API: "http://127.0.0.1"}, client: &http.Client{Transport: by}, close: close}
}

// OwnerURL returns where a browser is let in as the owner's.
func (n *Node) OwnerURL() string { return n.Running.API + "/management/" + n.token }

// keyFile is where the key of the node lies.
func (n *Node) keyFile() string { return filepath.Join(n.Home, access.KeyFile) }

// Find returns the node of the home that the command line says. The error is a
// [*NoNodeError] if none runs there; no home is made.
func Find(c *console.Console) (*Node, error) {
	path, err := c.HomePath()
	if err != nil {
		return nil, err
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

// With calls do with the node that [Find] finds.
func With(c *console.Console, do func(*Node) error) error {
	n, err := Find(c)
	if err != nil {
		return err
	}
	defer n.Close()
	return do(n)
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
	token, err := vfs.ReadFile(h.State(), access.KeyFile)
	if err != nil {
		return nil, fmt.Errorf("read the key of the node: %w", console.Cause(err))
	}
	dial := func(ctx context.Context, _, addr string) (net.Conn, error) { return netpolicy.Direct{}.Dial(ctx, addr) }
	return &Node{Home: h.Path(), Running: r, token: strings.TrimSpace(string(token)), client: &http.Client{
		// No proxy: the node is on this machine.
		Transport:     &http.Transport{DialContext: dial},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Close lets go of connections, and of a node that does not run.
func (n *Node) Close() error {
	n.client.CloseIdleConnections()
	if n.close == nil {
		return nil
	}
	return n.close()
}

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
	resp, err := n.send(ctx, method, path, body, patience)
	if err != nil {
		return err
	}
	err = n.understand(ctx, resp, out)
	_ = resp.Body.Close() // what was read of it counts
	return err
}
