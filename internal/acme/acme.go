// Package acme keeps a certificate for one name, signed by an authority that browsers
// know (RFC 8555).
//
// It is asked for and renewed in the background, over a [Keeper]'s life. All
// certificates are for one key, that of the install: peers have pinned it. That, an
// end that can be waited for, and a clock that is handed in are what
// golang.org/x/crypto/acme/autocert does not have; messages and signatures are
// golang.org/x/crypto/acme's.
//
//	acme-account.pem     the key of the account with the authority
//	acme-NAME.pem        the certificate for NAME, with the chain it came with
package acme

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/crypto/acme"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/vfs"
)

// LetsEncrypt is the directory of the authority that is asked if none is named.
const LetsEncrypt = acme.LetsEncryptURL

// Config is what a keeper needs; all of it.
type Config struct {
	Name      string // of the host, ASCII
	Directory string // URL of the authority's directory
	Key       crypto.Signer
	State     vfs.FS
	Policy    netpolicy.Policy
	Clock     clock.Clock
}

// News is what became of an attempt: a certificate, or an error and when the next
// attempt is made.
type News struct {
	Certificate tls.Certificate
	Err         error
	Next        time.Time
}

// Keeper keeps a certificate. Methods are safe for concurrent use.
type Keeper struct {
	cfg     Config
	account *ecdsa.PrivateKey
	web     *http.Transport

	mu      sync.Mutex
	current *tls.Certificate // nil while there is none that is valid
	hello   *tls.Config      // the answer of TLS-ALPN-01 while there is a question
	tokens  map[string]string
}

const accountFile = "acme-account.pem"

// Open reads what was kept, and makes an account key if there is none.
func Open(cfg Config) (*Keeper, error) {
	k := &Keeper{cfg: cfg, tokens: map[string]string{}}
	// A server of the user's choice; it may be anywhere.
	k.web = &http.Transport{
		DialContext:         func(ctx context.Context, _, addr string) (net.Conn, error) { return cfg.Policy.Dial(ctx, addr) },
		TLSHandshakeTimeout: 20 * time.Second, ForceAttemptHTTP2: true,
	}
	var err error
	if k.account, err = openAccount(cfg.State); err != nil {
		return nil, fmt.Errorf("open %s: %w", accountFile, err)
	}
	b, err := vfs.ReadFile(cfg.State, k.file())
	if errors.Is(err, fs.ErrNotExist) {
		return k, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the certificate for %s: %w", cfg.Name, err)
	}
	var chain [][]byte
	for block, rest := pem.Decode(b); block != nil; block, rest = pem.Decode(rest) {
		chain = append(chain, block.Bytes)
	}
	if c, err := k.check(chain); err == nil { // or another one is asked for
		k.current = &c
	}
	return k, nil
}

func (k *Keeper) file() string { return "acme-" + k.cfg.Name + ".pem" }

func openAccount(state vfs.FS) (*ecdsa.PrivateKey, error) {
	b, err := vfs.ReadFile(state, accountFile)
	if errors.Is(err, fs.ErrNotExist) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return nil, err
		}
		der, err := x509.MarshalECPrivateKey(key)
		if err != nil {
			return nil, err
		}
		return key, vfs.WriteFileAtomic(state, accountFile, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}), 0o600)
	}
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(b)
	if block == nil {
		return nil, errors.New("no key in it")
	}
	return x509.ParseECPrivateKey(block.Bytes)
}

// check makes a certificate of a chain if it is for our name and key, and valid now.
func (k *Keeper) check(chain [][]byte) (c tls.Certificate, err error) {
	if len(chain) == 0 {
		return c, errors.New("empty chain")
	}
	leaf, err := x509.ParseCertificate(chain[0])
	if err != nil {
		return c, fmt.Errorf("parse certificate: %w", err)
	}
	now := k.cfg.Clock.Now()
	switch {
	case !k.cfg.Key.Public().(interface{ Equal(crypto.PublicKey) bool }).Equal(leaf.PublicKey):
		return c, errors.New("certificate is for another key")
	case now.Before(leaf.NotBefore) || now.After(leaf.NotAfter):
		return c, errors.New("certificate is not valid now")
	}
	if err := leaf.VerifyHostname(k.cfg.Name); err != nil {
		return c, err
	}
	return tls.Certificate{Certificate: chain, PrivateKey: k.cfg.Key, Leaf: leaf}, nil
}

// Certificate returns the certificate, nil while there is none.
func (k *Keeper) Certificate() *tls.Certificate {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.current
}

// due returns when the certificate is to be renewed: after two thirds of its term,
// or 30 days before the end if that is later.
func (k *Keeper) due() time.Time {
	c := k.Certificate()
	if c == nil {
		return time.Time{}
	}
	term := c.Leaf.NotAfter.Sub(c.Leaf.NotBefore)
	return c.Leaf.NotAfter.Add(-min(term/3, 30*24*time.Hour))
}

// Waits after failures: authorities refuse those who ask too often.
const (
	firstWait = time.Minute
	lastWait  = 12 * time.Hour
)

// glance is how often the clock is looked at: timers stand still while the machine
// sleeps, and clocks are set.
const glance = time.Hour

// Run keeps the certificate until ctx ends, and tells of each attempt. The port must
// answer challenges by then.
func (k *Keeper) Run(ctx context.Context, tell func(News)) {
	defer k.web.CloseIdleConnections()
	wait := firstWait
	next := k.due()
	for {
		timer := time.NewTimer(min(max(0, next.Sub(k.cfg.Clock.Now())), glance))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		if k.cfg.Clock.Now().Before(next) {
			continue
		}
		c, err := k.obtain(ctx)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			next, wait = k.due(), firstWait
			tell(News{Certificate: c, Next: next})
			continue
		}
		pause := wait
		if asked, ok := acme.RateLimit(err); ok {
			pause = max(pause, asked)
		}
		next, wait = k.cfg.Clock.Now().Add(pause), min(2*wait, lastWait)
		tell(News{Err: err, Next: next})
	}
}
