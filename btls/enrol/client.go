package enrol

import (
	"bufio"
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/warren-p2p/warren/btls/hello"
)

// Dialer opens connections; it decides which may be opened.
type Dialer interface {
	// Dial opens a TCP connection to addr ("host:port").
	Dial(ctx context.Context, addr string) (net.Conn, error)
}

// Client asks a service. URL and Dialer are required.
type Client struct {
	// URL is https://HOST[:PORT]/<key>/enrol.
	URL    string
	Dialer Dialer
	// Pins are the SHA-256 digests of the public keys, as SubjectPublicKeyInfo,
	// of which the service must have one. Without any it needs a certificate for
	// its name by an authority of Roots, nil meaning those of the system. Either is
	// checked within the TLS handshake, before anything is sent.
	Pins  [][32]byte
	Roots *x509.CertPool
	Hello hello.Hello // what the client looks like; by default hello.Go
}

// CheckURL reports whether text is the URL of a service: https, and a path of
// nothing but a key and "enrol". The error is ErrURL.
func CheckURL(text string) error {
	_, err := parseURL(text)
	return err
}

func parseURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.RawPath != "" {
		return nil, fmt.Errorf("enrol: %w", ErrURL)
	}
	path, _ := strings.CutPrefix(u.Path, "/")
	if key, rest, _ := strings.Cut(path, "/"); !isKey(key) || rest != enrolPath {
		return nil, fmt.Errorf("enrol: %w", ErrURL)
	}
	return u, nil
}

// Host returns HOST:PORT of the service.
func (c *Client) Host() (string, error) {
	u, err := parseURL(c.URL)
	if err != nil {
		return "", err
	}
	return hostPort(u), nil
}

func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = "443"
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// Enrol asks for what admits the holder of a key, Ed25519 or ECDSA P-256: the
// first with an invite token, the next ones without. It returns the bytes of a
// credential or a certificate, which the caller checks. The error matches
// ErrRefused, ErrURL, ErrPin, ErrAnswer, or is one of the network and of TLS.
func (c *Client) Enrol(ctx context.Context, key crypto.Signer, token []byte) ([]byte, error) {
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		return nil, fmt.Errorf("enrol: make a certificate request: %w", err)
	}
	header := http.Header{"Content-Type": {typeRequest}}
	if len(token) > 0 {
		header.Set("Authorization", "Bearer "+base64.RawURLEncoding.EncodeToString(token))
	}
	return c.ask(ctx, enrolPath, &http.Request{
		Method: http.MethodPost, Header: header, ContentLength: int64(len(der)), Body: io.NopCloser(bytes.NewReader(der)),
	})
}

// Revoked asks for the list of what was revoked, which the caller parses and
// checks (package credential).
func (c *Client) Revoked(ctx context.Context) ([]byte, error) {
	return c.ask(ctx, revokedPath, &http.Request{Method: http.MethodGet, Header: http.Header{}})
}

func (c *Client) ask(ctx context.Context, what string, r *http.Request) ([]byte, error) {
	u, err := parseURL(c.URL)
	if err != nil {
		return nil, err
	}
	u.Path = strings.TrimSuffix(u.Path, enrolPath) + what
	r.URL, r.Host, r.ProtoMajor, r.ProtoMinor, r.Close = u, u.Host, 1, 1, true
	conn, stop, err := c.connect(ctx, u)
	if err != nil {
		return nil, ended(ctx, err)
	}
	defer conn.Close()
	defer stop()
	body, err := exchange(conn, r)
	if err != nil {
		return nil, ended(ctx, err)
	}
	return body, nil
}

// ended blames the end of ctx for what it has caused.
func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return fmt.Errorf("enrol: ask the service: %w", err)
}

// connect opens a connection to a service that is the right one. It breaks at the
// end of ctx unless stop is called.
func (c *Client) connect(ctx context.Context, u *url.URL) (conn net.Conn, stop func() bool, err error) {
	raw, err := c.Dialer.Dial(ctx, hostPort(u))
	if err != nil {
		return nil, nil, err
	}
	stop = context.AfterFunc(ctx, func() { raw.SetDeadline(time.Unix(1, 0)) })
	tc, err := c.shake(ctx, raw, u.Hostname())
	if err != nil {
		stop()
		raw.Close()
		return nil, nil, err
	}
	return tc, stop, nil
}

func (c *Client) shake(ctx context.Context, raw net.Conn, host string) (net.Conn, error) {
	look := c.Hello
	if look == nil {
		look = hello.Go{}
	}
	name, err := hello.ServerName(host)
	if err != nil {
		return nil, err
	}
	tc, err := look.Client(raw, hello.Params{
		ServerName: name, KeyLog: io.Discard,
		Verify: func(chain []*x509.Certificate) error { return c.verify(chain, host) },
	})
	if err != nil {
		return nil, err
	}
	if err := tc.HandshakeContext(ctx); err != nil {
		return nil, err
	}
	if tc.State().Version != tls.VersionTLS13 {
		return nil, ErrAnswer
	}
	return tc, nil
}

func (c *Client) verify(chain []*x509.Certificate, host string) error {
	if len(c.Pins) > 0 {
		if !slices.Contains(c.Pins, sha256.Sum256(chain[0].RawSubjectPublicKeyInfo)) {
			return ErrPin
		}
		return nil
	}
	inter := x509.NewCertPool()
	for _, one := range chain[1:] {
		inter.AddCert(one)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{DNSName: host, Roots: c.Roots, Intermediates: inter})
	return err
}

// exchange sends a request and returns the body of the answer.
func exchange(conn net.Conn, r *http.Request) ([]byte, error) {
	if err := r.Write(conn); err != nil {
		return nil, err
	}
	resp, err := http.ReadResponse(bufio.NewReader(io.LimitReader(conn, maxAnswer)), r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	kind := resp.Header.Get("Content-Type")
	if resp.StatusCode != http.StatusOK || kind != typeBinary && kind != typeLeaf {
		return nil, ErrRefused
	}
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	return b, nil
}
