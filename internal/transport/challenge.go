package transport

import (
	"crypto/tls"
	"errors"
	"net/http"
)

// Challenges are what an authority asks before it signs a certificate for a name of
// this port. While nothing is to be asked nobody gets an answer that others would not.
type Challenges interface {
	// Hello returns how to go on with a client hello that is a question, nil for
	// every other (RFC 8737, section 3).
	Hello(*tls.ClientHelloInfo) *tls.Config
	// Token returns the answer to a request in clear, if it is a question (RFC 8555,
	// section 8.3).
	Token(path string) (string, bool)
}

var errAnswered = errors.New("an authority was answered")

func (p *Port) challenge(hello *tls.ClientHelloInfo) *tls.Config {
	if p.cfg.Challenges == nil {
		return nil
	}
	return p.cfg.Challenges.Hello(hello)
}

func (p *Port) token(r *http.Request) (string, bool) {
	if p.cfg.Challenges == nil || r.Method != http.MethodGet {
		return "", false
	}
	return p.cfg.Challenges.Token(r.URL.Path)
}
