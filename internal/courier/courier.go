// Package courier fetches what services need from web servers, and brings them word:
// feeds, torrent files, lists of addresses, webhooks.
//
// Addresses come from users and from others. What others name must be on the
// Internet, each time it is dialled; what a user has typed may be this machine or
// one beside it, and then that host and port alone, not where it redirects to.
// Answers are bounded in bytes and time, and TLS is kept.
//
//	c := courier.New(courier.Config{Net: policy, Clock: clk, Client: "warren/1.0"})
//	a, err := c.Get(ctx, courier.Request{URL: feed, Near: []string{feed}, Max: 4 << 20})
package courier

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
)

// Bounds on servers.
const (
	stepTimeout  = 30 * time.Second // until an answer begins
	wholeTimeout = 2 * time.Minute  // until it has ended
	maxHeader    = 32 << 10         // bytes
	maxRedirects = 5
	maxURL       = 8 << 10
	maxRetry     = 24 * time.Hour // what a server may ask us to wait
)

var (
	// ErrURL reports an address that is none of a web server.
	ErrURL = errors.New("not a URL of the web")
	// ErrTooLong reports an answer of more bytes than were wanted.
	ErrTooLong = errors.New("the answer is too long")
)

// StatusError reports an answer that is a refusal.
type StatusError struct {
	Code  int
	Retry time.Duration // after which one may come again, 0 if that is not said
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("the server says %d %s", e.Code, http.StatusText(e.Code))
}

// Config is what a Courier needs.
type Config struct {
	Net    netpolicy.Policy
	Clock  clock.Clock
	Client string // name and version told to servers
}

// Courier speaks to web servers. It keeps no connection: whom it may reach differs
// from one request to the next. Its methods are safe for concurrent use.
type Courier struct {
	cfg  Config
	http http.Client
}

// New returns a courier.
func New(cfg Config) *Courier {
	c := &Courier{cfg: cfg}
	c.http = http.Client{
		Timeout:       wholeTimeout,
		CheckRedirect: checkRedirect,
		Transport: &http.Transport{
			DialContext:            c.dial,
			DisableKeepAlives:      true,
			MaxResponseHeaderBytes: maxHeader,
			ResponseHeaderTimeout:  stepTimeout,
			TLSHandshakeTimeout:    stepTimeout,
		},
	}
	return c
}

// Request says what is fetched.
type Request struct {
	URL  string
	Near []string // URLs that a user has typed: their hosts may be reached wherever they are
	Max  int64    // bytes of the answer
	Type string   // what is accepted, "" for anything
	// Cookies are sent along, "a=b; c=d"; not to other hosts that it redirects to.
	Cookies string
	// ETag and Modified are those of the answer before; then one that has not
	// changed since is not sent again (RFC 9110 section 13).
	ETag, Modified string
}

// Answer is what a server said.
type Answer struct {
	Body           []byte
	Same           bool   // nothing has changed since the answer before
	ETag, Modified string // for the next request
	Magnet         string // the magnet link it sent us on to, instead of a body
	Type           string // as the server calls it
}

// Get fetches something. The error may be a [*StatusError], and match [ErrURL],
// [ErrTooLong] or [netpolicy.ErrNotPublic].
func (c *Courier) Get(ctx context.Context, r Request) (*Answer, error) {
	req, err := request(context.WithValue(ctx, near{}, authorities(r.Near)), http.MethodGet, r.URL, nil)
	if err != nil {
		return nil, err
	}
	for name, value := range map[string]string{"Accept": r.Type, "Cookie": r.Cookies, "If-None-Match": r.ETag, "If-Modified-Since": r.Modified} {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	return c.do(req, r.Max)
}

// maxReply is how much of the answer to something that was posted is read.
const maxReply = 64 << 10

// Post sends something to a server that a user has typed.
func (c *Courier) Post(ctx context.Context, to, kind string, body []byte) error {
	req, err := request(context.WithValue(ctx, near{}, authorities([]string{to})), http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", kind)
	if _, err = c.do(req, maxReply); errors.Is(err, ErrTooLong) {
		err = nil // it was taken
	}
	return err
}

func request(ctx context.Context, method, to string, body io.Reader) (*http.Request, error) {
	u, err := ParseURL(to)
	if err != nil {
		return nil, err
	}
	return http.NewRequestWithContext(ctx, method, u.String(), body)
}

// do sends a request and reads the answer.
func (c *Courier) do(req *http.Request, limit int64) (*Answer, error) {
	req.Header.Set("User-Agent", c.cfg.Client)
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, cause(err)
	}
	defer func() { _ = resp.Body.Close() }() // what is wanted was read
	h := resp.Header
	a := &Answer{ETag: h.Get("ETag"), Modified: h.Get("Last-Modified"), Type: h.Get("Content-Type")}
	switch to := h.Get("Location"); {
	case resp.StatusCode == http.StatusNotModified:
		a.Same = true
		return a, nil
	case resp.StatusCode/100 == 3 && isMagnet(to):
		a.Magnet = to
		return a, nil
	case resp.StatusCode/100 != 2:
		return nil, &StatusError{resp.StatusCode, c.retry(h.Get("Retry-After"))}
	}
	if a.Body, err = io.ReadAll(io.LimitReader(resp.Body, limit+1)); err != nil {
		return nil, fmt.Errorf("read the answer: %w", cause(err))
	}
	if int64(len(a.Body)) > limit {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrTooLong, limit)
	}
	return a, nil
}

// cause leaves out the URL, which may have a key of the user's in it.
func cause(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}

// retry reads Retry-After (RFC 9110 section 10.2.3).
func (c *Courier) retry(text string) time.Duration {
	if n, err := strconv.ParseUint(text, 10, 31); err == nil {
		return min(time.Duration(n)*time.Second, maxRetry)
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(max(at.Sub(c.cfg.Clock.Now()), 0), maxRetry)
	}
	return 0
}
