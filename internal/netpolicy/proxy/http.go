package proxy

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
)

// maxHeader bounds what a proxy says before a connection stands, in bytes.
const maxHeader = 16 << 10

// ErrRefused reports an HTTP proxy that does not connect.
var ErrRefused = errors.New("the proxy refuses")

// connectHTTP asks an HTTP proxy for a tunnel. What the other end has said already is
// read first from the connection that is returned.
func connectHTTP(c net.Conn, addr string, s Server) (net.Conn, error) {
	if strings.ContainsAny(addr, "\r\n \t") {
		return nil, fmt.Errorf("%w: not an address", ErrRefused)
	}
	req := "CONNECT " + addr + " HTTP/1.1\r\nHost: " + addr + "\r\n"
	if s.Auth.User != "" {
		req += "Proxy-Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(s.Auth.User+":"+s.Auth.Password)) + "\r\n"
	}
	if _, err := io.WriteString(c, req+"\r\n"); err != nil {
		return nil, err
	}
	limit := &io.LimitedReader{R: c, N: maxHeader}
	r := bufio.NewReader(limit)
	resp, err := http.ReadResponse(r, &http.Request{Method: http.MethodConnect})
	if err != nil {
		if limit.N == 0 {
			err = fmt.Errorf("%w: it says too much", ErrRefused)
		}
		return nil, err
	}
	_ = resp.Body.Close() // of an answer to CONNECT there is none
	if resp.StatusCode/100 != 2 {
		return nil, fmt.Errorf("%w with HTTP status %d", ErrRefused, resp.StatusCode)
	}
	if n := r.Buffered(); n > 0 {
		first, _ := r.Peek(n) // what is buffered is there
		return &early{c, first}, nil
	}
	return c, nil
}

// early is a connection of which something was read too early.
type early struct {
	net.Conn
	first []byte
}

func (e *early) Read(p []byte) (int, error) {
	if len(e.first) > 0 {
		n := copy(p, e.first)
		e.first = e.first[n:]
		return n, nil
	}
	return e.Conn.Read(p)
}

// CloseWrite ends this direction.
func (e *early) CloseWrite() error { return closeWrite(e.Conn) }

// overTLS speaks TLS to a proxy, whose certificate must be right for its name.
func overTLS(ctx context.Context, c net.Conn, addr string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	t := tls.Client(c, &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12})
	if err := t.HandshakeContext(ctx); err != nil {
		_ = c.Close() // it has failed already
		return nil, err
	}
	return t, nil
}
