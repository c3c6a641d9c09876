package acme

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"golang.org/x/crypto/acme"

	"github.com/warren-p2p/warren/internal/vfs"
)

// attemptTimeout bounds an attempt to get a certificate.
const attemptTimeout = 5 * time.Minute

// kinds of challenges that are answered, in the order they are tried.
func kinds() []string { return []string{"tls-alpn-01", "http-01"} }

// ErrRefused reports that the authority could not find us under the name.
var ErrRefused = errors.New("the authority did not reach this port under the name")

// obtain gets and keeps a certificate.
func (k *Keeper) obtain(ctx context.Context) (c tls.Certificate, err error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	client := &acme.Client{
		Key: k.account, DirectoryURL: k.cfg.Directory, UserAgent: "acme",
		HTTPClient: &http.Client{Transport: k.web},
	}
	if _, err := client.Register(ctx, &acme.Account{}, acme.AcceptTOS); err != nil && !errors.Is(err, acme.ErrAccountAlreadyExists) {
		return c, fmt.Errorf("register with the authority: %w", err)
	}
	order, err := k.authorize(ctx, client)
	if err != nil {
		return c, err
	}
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{DNSNames: []string{k.cfg.Name}}, k.cfg.Key)
	if err != nil {
		return c, fmt.Errorf("make a request for a certificate: %w", err)
	}
	chain, _, err := client.CreateOrderCert(ctx, order.FinalizeURL, csr, true)
	if err != nil {
		return c, fmt.Errorf("ask for the certificate: %w", err)
	}
	if c, err = k.check(chain); err != nil {
		return c, fmt.Errorf("check what the authority sent: %w", err)
	}
	var b bytes.Buffer
	for _, der := range chain {
		_ = pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: der}) // a buffer takes everything
	}
	if err := vfs.WriteFileAtomic(k.cfg.State, k.file(), b.Bytes(), 0o600); err != nil {
		return c, fmt.Errorf("keep the certificate: %w", err)
	}
	k.mu.Lock()
	k.current = &c
	k.mu.Unlock()
	return c, nil
}

// authorize shows the authority that the name is ours, in one way after the other: a
// challenge that failed makes its order useless.
func (k *Keeper) authorize(ctx context.Context, client *acme.Client) (*acme.Order, error) {
	var errs []error
	for _, kind := range kinds() {
		order, err := client.AuthorizeOrder(ctx, acme.DomainIDs(k.cfg.Name))
		if err != nil {
			return nil, fmt.Errorf("order a certificate: %w", err)
		}
		if err = k.answerAll(ctx, client, order, kind); err == nil {
			order, err = client.WaitOrder(ctx, order.URI)
		}
		if err == nil {
			return order, nil
		}
		errs = append(errs, fmt.Errorf("%s: %w", kind, err))
		if ctx.Err() != nil {
			break
		}
	}
	return nil, fmt.Errorf("%w: %w", ErrRefused, errors.Join(errs...))
}

func (k *Keeper) answerAll(ctx context.Context, client *acme.Client, order *acme.Order, kind string) error {
	for _, url := range order.AuthzURLs {
		a, err := client.GetAuthorization(ctx, url)
		if err != nil {
			return err
		}
		if a.Status != acme.StatusPending {
			continue
		}
		i := slices.IndexFunc(a.Challenges, func(c *acme.Challenge) bool { return c.Type == kind })
		if i < 0 {
			return errors.New("is not asked by this authority")
		}
		if err := k.answer(ctx, client, a, a.Challenges[i]); err != nil {
			return err
		}
	}
	return nil
}

// answer has the port answer a challenge while the authority asks.
func (k *Keeper) answer(ctx context.Context, client *acme.Client, a *acme.Authorization, c *acme.Challenge) error {
	if c.Type == "http-01" {
		answer, err := client.HTTP01ChallengeResponse(c.Token)
		if err != nil {
			return err
		}
		k.set(nil, client.HTTP01ChallengePath(c.Token), answer)
	} else {
		cert, err := client.TLSALPN01ChallengeCert(c.Token, k.cfg.Name)
		if err != nil {
			return err
		}
		k.set(&tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: []string{acme.ALPNProto}, MinVersion: tls.VersionTLS12}, "", "")
	}
	defer k.set(nil, "", "")
	if _, err := client.Accept(ctx, c); err != nil {
		return err
	}
	_, err := client.WaitAuthorization(ctx, a.URI)
	return err
}

// set says what is answered from now on.
func (k *Keeper) set(hello *tls.Config, path, answer string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.hello = hello
	clear(k.tokens)
	if path != "" {
		k.tokens[path] = answer
	}
}

// Hello returns how to answer TLS-ALPN-01 (RFC 8737), nil for client hellos that
// have nothing to do with it and while nothing is to be asked.
func (k *Keeper) Hello(hello *tls.ClientHelloInfo) *tls.Config {
	if len(hello.SupportedProtos) != 1 || hello.SupportedProtos[0] != acme.ALPNProto || hello.ServerName != k.cfg.Name {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.hello
}

// Token returns the answer to HTTP-01 at a path, while there is one.
func (k *Keeper) Token(path string) (string, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	answer, ok := k.tokens[path]
	return answer, ok
}
