package webseed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy"
)

// Bounds on servers.
const (
	blockTimeout = 20 * time.Second // for each block, and for an answer to begin
	maxHeader    = 32 << 10         // bytes
	maxRedirects = 5
)

// client speaks to the server of one source.
type client struct {
	s         *Source
	http      http.Client
	transport *http.Transport
}

func newClient(s *Source) *client {
	c := &client{s: s}
	c.transport = &http.Transport{
		DialContext:            c.dial,
		DisableCompression:     true, // ranges are of the file, not of something packed
		MaxResponseHeaderBytes: maxHeader,
		MaxIdleConns:           2,
		IdleConnTimeout:        time.Minute,
		TLSHandshakeTimeout:    blockTimeout,
	}
	c.http = http.Client{Transport: c.transport, CheckRedirect: checkRedirect}
	return c
}

func (c *client) close() { c.transport.CloseIdleConnections() }

// dial connects to addresses on the Internet alone, but for the one that the user
// named.
func (c *client) dial(ctx context.Context, _, addr string) (net.Conn, error) {
	if c.s.typed && addr == authority(c.s.base) {
		return c.s.cfg.Net.Dial(ctx, addr)
	}
	return netpolicy.Public{Policy: c.s.cfg.Net}.Dial(ctx, addr)
}

// authority returns the host and port of a URL.
func authority(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// checkRedirect keeps redirects few, and TLS where it was. Who is redirected to is not
// told from where: there may be a key in that.
func checkRedirect(req *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return fmt.Errorf("%w: more than %d redirects", ErrURL, maxRedirects)
	}
	if _, err := ParseURL(req.URL.String()); err != nil {
		return err
	}
	if via[len(via)-1].URL.Scheme == "https" && req.URL.Scheme != "https" {
		return fmt.Errorf("%w: redirected from https to %s", ErrURL, req.URL.Scheme)
	}
	req.Header.Del("Referer")
	return nil
}

// get asks for bytes of a file.
func (c *client) get(ctx context.Context, w stretch) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, fileURL(c.s.base, c.s.cfg.Space, w.file), nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrURL, err)
	}
	req.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", w.off, w.off+w.n-1))
	req.Header.Set("User-Agent", c.s.cfg.Client)
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	if err := check(resp, w.off, w.n, c.s.cfg.Space.Files[w.file].Length, c.s.cfg.Clock.Now()); err != nil {
		return nil, errors.Join(err, resp.Body.Close())
	}
	return resp.Body, nil
}

// reader reads stretches one after the other.
type reader struct {
	ctx  context.Context
	c    *client
	left []stretch
	file int // the one read last
	body io.ReadCloser
}

func (r *reader) Read(b []byte) (int, error) {
	if len(r.left) == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	w := &r.left[0]
	r.file = w.file
	b = b[:min(int64(len(b)), w.n)]
	n, err := len(b), error(nil)
	if w.pad {
		clear(b)
	} else {
		n, err = r.read(w, b)
	}
	w.n -= int64(n)
	w.off += int64(n)
	if w.n > 0 {
		return n, err
	}
	if err = r.close(); err == nil {
		r.left = r.left[1:]
	}
	return n, err
}

// read reads from the server. That it ends too early is an error.
func (r *reader) read(w *stretch, b []byte) (n int, err error) {
	if r.body == nil {
		if r.body, err = r.c.get(r.ctx, *w); err != nil {
			return 0, err
		}
	}
	n, err = r.body.Read(b)
	if errors.Is(err, io.EOF) {
		err = nil
		if int64(n) < w.n {
			err = io.ErrUnexpectedEOF
		}
	}
	return n, err
}

// close ends an answer. The connection goes on if the server has said all: it is
// not listened to any longer to find out.
func (r *reader) close() error {
	if r.body == nil {
		return nil
	}
	body := r.body
	r.body = nil
	return body.Close()
}
