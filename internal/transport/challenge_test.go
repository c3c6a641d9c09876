package transport

import (
	"crypto/tls"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/btls"
)

// asking is an authority's question under way.
type asking struct{ cert tls.Certificate }

func (a asking) Hello(h *tls.ClientHelloInfo) *tls.Config {
	if len(h.SupportedProtos) != 1 || h.SupportedProtos[0] != "acme-tls/1" {
		return nil
	}
	return &tls.Config{Certificates: []tls.Certificate{a.cert}, NextProtos: []string{"acme-tls/1"}}
}

func (a asking) Token(path string) (string, bool) {
	return "answer", path == "/.well-known/acme-challenge/x"
}

func inClear(t *testing.T, addr, request string) string {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, _ = io.WriteString(c, request+" HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
	b, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestChallenges: the port answers an authority over TLS and in clear, and everybody
// else as before; without a question nobody gets such an answer.
func TestChallenges(t *testing.T) {
	question := asking{newCertificate(t)}
	p, e := listen(t, func(c *Config) { c.Challenges = question })
	quiet, _ := listen(t, nil)
	ask := func(p *Port, protos ...string) (*tls.Conn, error) {
		return tls.Dial("tcp", p.Addr().String(), &tls.Config{InsecureSkipVerify: true, NextProtos: protos})
	}
	c, err := ask(p, "acme-tls/1")
	if err != nil {
		t.Fatal(err)
	}
	st := c.ConnectionState()
	if st.NegotiatedProtocol != "acme-tls/1" || string(st.PeerCertificates[0].Raw) != string(question.cert.Certificate[0]) {
		t.Errorf("protocol %q, certificate of %v", st.NegotiatedProtocol, st.PeerCertificates[0].DNSNames)
	}
	if n, err := c.Read(make([]byte, 1)); err == nil {
		t.Errorf("%d bytes came after the answer", n)
	}
	c.Close()
	if c, err := ask(p, "h2", "http/1.1"); err != nil {
		t.Error("a browser: ", err)
	} else {
		if string(c.ConnectionState().PeerCertificates[0].Raw) == string(question.cert.Certificate[0]) {
			t.Error("a browser is shown the answer")
		}
		c.Close()
	}
	if _, err := ask(quiet, "acme-tls/1"); err == nil || !strings.Contains(err.Error(), "no application protocol") {
		t.Errorf("without a question: %v", err)
	}
	const path = "GET /.well-known/acme-challenge/"
	if got := inClear(t, p.Addr().String(), path+"x"); !strings.HasSuffix(got, "\r\n\r\nanswer") {
		t.Errorf("in clear: %q", got)
	}
	for _, request := range []string{path + "y", "HEAD /.well-known/acme-challenge/x", "GET /"} {
		if got := inClear(t, p.Addr().String(), request); strings.Contains(got, "answer") {
			t.Errorf("%s: %q", request, got)
		}
	}
	peer, err := DialTLS(t.Context(), direct, p.Addr().String(), v1, btls.DialOptions{})
	if err != nil {
		t.Fatal("a peer: ", err)
	}
	if _, err := io.ReadFull(peer, make([]byte, 3)); err != nil { // it has been handed over
		t.Error("a peer: ", err)
	}
	peer.Close()
	if n := len(e.all()); n != 1 {
		t.Errorf("%d peers came", n)
	}
}
