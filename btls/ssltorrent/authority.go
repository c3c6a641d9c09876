package ssltorrent

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/warren-p2p/warren/btls/certificate"
)

var (
	// ErrRequest reports a request for a certificate that is malformed, is not
	// signed by its own key, or whose key is of no use.
	ErrRequest = errors.New("not a usable certificate request")
	// ErrUnnamable reports the name of a torrent that no certificate can have.
	ErrUnnamable = errors.New("no certificate can have this name")
)

// Authority signs the certificates of the peers of a torrent.
type Authority struct {
	root *x509.Certificate
	pair tls.Certificate
}

// NewAuthority makes the authority of a torrent, ECDSA P-256, for a time.
func NewAuthority(name string, notBefore, notAfter time.Time) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("ssltorrent: generate the authority's key: %w", err)
	}
	serial, err := serialNumber()
	if err != nil {
		return nil, err
	}
	t := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: "authority for " + name},
		NotBefore:    notBefore.UTC(),
		NotAfter:     notAfter.UTC(),
		KeyUsage:     x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		IsCA:         true,

		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("ssltorrent: make an authority for %q: %w: %w", name, ErrUnnamable, err)
	}
	return newAuthority(tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key})
}

// ParseAuthority reads what Authority.MarshalPEM wrote.
func ParseAuthority(b []byte) (*Authority, error) {
	pair, err := certificate.ParsePEM(b)
	if err != nil {
		return nil, fmt.Errorf("ssltorrent: read authority: %w", err)
	}
	return newAuthority(pair)
}

func newAuthority(pair tls.Certificate) (*Authority, error) {
	root, err := x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		return nil, fmt.Errorf("ssltorrent: read authority: %w", err)
	}
	if !root.IsCA {
		return nil, errors.New("ssltorrent: read authority: its certificate is that of a peer")
	}
	return &Authority{root, pair}, nil
}

// MarshalPEM returns the authority with its private key (PKCS #8).
func (a *Authority) MarshalPEM() ([]byte, error) { return certificate.MarshalPEM(a.pair) }

// SSLCert returns what stands for the authority in info["ssl-cert"].
func (a *Authority) SSLCert() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.root.Raw}))
}

// Issue signs a certificate for the torrent of a name and the key of a request
// (PKCS #10, DER), of which nothing but the key is used. It ends with the
// authority's own if not before. The name becomes a subject alternative name
// where X.509 takes it, and the common name in any case. Errors match ErrRequest
// or ErrUnnamable, or come from the authority's key. It returns DER.
func (a *Authority) Issue(csrDER []byte, name string, notBefore, notAfter time.Time) ([]byte, error) {
	csr, err := x509.ParseCertificateRequest(csrDER)
	if err != nil {
		return nil, fmt.Errorf("ssltorrent: %w: %w", ErrRequest, err)
	}
	if err := csr.CheckSignature(); err != nil {
		return nil, fmt.Errorf("ssltorrent: %w: %w", ErrRequest, err)
	}
	if !usable(csr.PublicKey) {
		return nil, fmt.Errorf("ssltorrent: %w: want a key of ECDSA, Ed25519 or RSA of 2048 to 8192 bits", ErrRequest)
	}
	if name == "" || name == "*" {
		return nil, fmt.Errorf("ssltorrent: issue for %q: %w", name, ErrUnnamable)
	}
	if notAfter.After(a.root.NotAfter) {
		notAfter = a.root.NotAfter
	}
	der, err := a.sign(csr.PublicKey, name, []string{name}, notBefore, notAfter)
	if errors.Is(err, ErrUnnamable) {
		return a.sign(csr.PublicKey, name, nil, notBefore, notAfter)
	}
	return der, err
}

// usable reports whether crypto/tls, and so a peer, can check what a key signs.
func usable(key any) bool {
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		return k.Curve != elliptic.P224()
	case ed25519.PublicKey:
		return true
	case *rsa.PublicKey:
		return k.N.BitLen() >= 2048 && k.N.BitLen() <= 8192
	}
	return false
}

func (a *Authority) sign(key any, name string, alternative []string, notBefore, notAfter time.Time) ([]byte, error) {
	serial, err := serialNumber()
	if err != nil {
		return nil, err
	}
	public, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return nil, fmt.Errorf("ssltorrent: %w: %w", ErrRequest, err)
	}
	// An authority may have the name of the torrent. Without the id of its key
	// OpenSSL would take what it signs for self-signed, and refuse it.
	id := sha256.Sum256(public)
	t := &x509.Certificate{
		SerialNumber: serial,
		SubjectKeyId: id[:20],
		Subject:      pkix.Name{CommonName: name},
		DNSNames:     alternative,
		NotBefore:    notBefore.UTC(),
		NotAfter:     notAfter.UTC(),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},

		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, t, a.root, key, a.pair.PrivateKey)
	if err != nil {
		return nil, fmt.Errorf("ssltorrent: issue for %q: %w: %w", name, ErrUnnamable, err)
	}
	// What cannot be read back is of no use to anyone.
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("ssltorrent: issue for %q: %w: %w", name, ErrUnnamable, err)
	}
	if !names(c, name) {
		return nil, fmt.Errorf("ssltorrent: issue for %q: %w", name, ErrUnnamable)
	}
	return der, nil
}

// Request makes a request for a certificate of the given key, in DER. It says
// nothing but the key.
func Request(key crypto.Signer) ([]byte, error) {
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		return nil, fmt.Errorf("ssltorrent: make a certificate request: %w", err)
	}
	return der, nil
}

// Pair puts together what was issued and its key, for a peer to show.
func Pair(der []byte, key crypto.Signer) (tls.Certificate, error) {
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("ssltorrent: read certificate: %w", err)
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil || !bytes.Equal(public, leaf.RawSubjectPublicKeyInfo) {
		return tls.Certificate{}, errors.New("ssltorrent: the certificate is for another key")
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, nil
}

// serialNumber draws a serial number as RFC 5280, section 4.1.2.2, wants it.
func serialNumber() (*big.Int, error) {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		return nil, fmt.Errorf("ssltorrent: draw serial number: %w", err)
	}
	b[0] = b[0]&0x7f | 0x40
	return new(big.Int).SetBytes(b[:]), nil
}
