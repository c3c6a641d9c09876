package visit

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/share/link"
)

// Bounds on a visit.
const (
	patience  = 3 * time.Minute // all of it
	shakeTime = 20 * time.Second
	answerIn  = 30 * time.Second // until an answer begins
	maxHeader = 64 << 10         // bytes
	maxWait   = 24 * time.Hour   // that anybody is told to wait
)

var errSlow = errors.New("the node that shares it does not answer in time")

// header says how a share is had (package door).
const header = "Warren-Share"

// session is the requests of one visit.
type session struct {
	address string // HOST:PORT
	by      *http.Transport
}

func (c *Client) session(l *link.Link, public bool) *session {
	by := c.cfg.Net
	if public {
		by = netpolicy.Public{Policy: by}
	}
	return &session{address: l.Address, by: &http.Transport{
		DialTLSContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return c.connect(ctx, by, l.Address, l.Pin)
		},
		DisableCompression:     true, // answers are bounded as they are
		MaxConnsPerHost:        1,
		ResponseHeaderTimeout:  answerIn,
		MaxResponseHeaderBytes: maxHeader,
	}}
}

func (s *session) close() { s.by.CloseIdleConnections() }

// connect opens a connection to a node that shows the right key.
func (c *Client) connect(ctx context.Context, by netpolicy.Policy, address string, pin [32]byte) (net.Conn, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, shakeTime, errSlow)
	defer cancel()
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	name, err := hello.ServerName(host)
	if err != nil {
		return nil, err
	}
	raw, err := by.Dial(ctx, address)
	if err != nil {
		return nil, ended(ctx, err)
	}
	conn, err := c.cfg.Hello.Client(raw, hello.Params{ServerName: name, KeyLog: io.Discard, Verify: func(chain []*x509.Certificate) error {
		if sha256.Sum256(chain[0].RawSubjectPublicKeyInfo) != pin {
			return ErrPin
		}
		return nil
	}})
	if err == nil {
		err = conn.HandshakeContext(ctx)
	}
	if err == nil && conn.State().Version != tls.VersionTLS13 {
		err = fmt.Errorf("%w: it does not speak TLS 1.3", ErrAnswer)
	}
	if err != nil {
		raw.Close()
		return nil, ended(ctx, err)
	}
	return conn, nil
}

// do makes a request; form is nil for none. Redirects are answers.
func (s *session) do(ctx context.Context, method, path string, form url.Values) (*http.Response, error) {
	r := &http.Request{
		Method: method, URL: &url.URL{Scheme: "https", Host: s.address, Path: path}, Host: s.address,
		Header: http.Header{"User-Agent": {""}}, // which program it is is nobody's business
	}
	if form != nil {
		text := form.Encode()
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.ContentLength, r.Body = int64(len(text)), io.NopCloser(strings.NewReader(text))
	}
	return s.by.RoundTrip(r.WithContext(ctx))
}

// get returns what is at a path, of so many bytes at most.
func (s *session) get(ctx context.Context, path string, most int64) ([]byte, error) {
	resp, err := s.do(ctx, http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusServiceUnavailable:
		return nil, ErrBusy
	case resp.StatusCode != http.StatusOK:
		return nil, ErrEnded
	case resp.ContentLength > most:
		return nil, errLong
	}
	b, err := io.ReadAll(io.LimitReader(resp.Body, most+1))
	if err == nil && int64(len(b)) > most {
		err = errLong
	}
	return b, err
}

var errLong = fmt.Errorf("%w: it is too long", ErrAnswer)

// retryAfter returns for how long an answer says one has to wait.
func retryAfter(resp *http.Response) time.Duration {
	n, err := strconv.ParseInt(resp.Header.Get("Retry-After"), 10, 32)
	if err != nil || n < 1 {
		n = 60
	}
	return min(time.Duration(n)*time.Second, maxWait)
}
