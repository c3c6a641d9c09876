package hello

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
)

// Go looks like a program that opens a WebSocket with the packages of Go, which
// is what it is.
type Go struct{}

var _ Hello = Go{}

// Client returns crypto/tls's client. TLS 1.2 is offered because a hello without
// it is rare; the handshake is given up if the server takes it.
func (Go) Client(raw net.Conn, p Params) (Client, error) {
	return goClient{tls.Client(raw, &tls.Config{
		ServerName:                  p.ServerName,
		MinVersion:                  tls.VersionTLS12,
		NextProtos:                  []string{"http/1.1"},
		SessionTicketsDisabled:      true,
		DynamicRecordSizingDisabled: true,
		KeyLogWriter:                p.KeyLog,
		// The certificate is checked by VerifyConnection, against what is
		// known of a peer rather than against the web's authorities alone.
		InsecureSkipVerify: true, //nolint:gosec // G402: VerifyConnection decides
		VerifyConnection:   func(st tls.ConnectionState) error { return p.Verify(st.PeerCertificates) },
	})}, nil
}

// Request returns what Go's own HTTP client would write.
func (Go) Request(r Request) ([]byte, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	req := &http.Request{
		Method: http.MethodGet, Host: r.Host, URL: &url.URL{Path: r.Path},
		ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{
			"Connection":            {"Upgrade"},
			"Cookie":                {r.Cookie},
			"Sec-WebSocket-Key":     {r.Key},
			"Sec-WebSocket-Version": {"13"},
			"Upgrade":               {"websocket"},
		},
	}
	var b bytes.Buffer
	if err := req.Write(&b); err != nil {
		return nil, fmt.Errorf("hello: write request: %w", err)
	}
	return b.Bytes(), nil
}

type goClient struct{ *tls.Conn }

func (c goClient) State() State {
	st := c.ConnectionState()
	return Of(&st)
}

// Of returns the state of a connection of crypto/tls.
func Of(st *tls.ConnectionState) State {
	s := State{Version: st.Version, CipherSuite: st.CipherSuite, Export: st.ExportKeyingMaterial}
	if len(st.PeerCertificates) > 0 {
		s.Leaf = st.PeerCertificates[0].Raw
	}
	return s
}
