// Package certificate makes the certificate that a node shows to peers and
// visitors, and keeps it as a file can.
package certificate

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	mathrand "math/rand/v2"
	"time"
)

// SelfSigned makes a certificate for one install: ECDSA P-256, because
// browsers do not accept Ed25519 from a server, a random serial number, and a
// name and term such as people give to the box in their cupboard. It is to be
// kept: a server that changes its certificate with every start stands out.
// Random bytes for the serial number come from rnd, nil meaning crypto/rand.
func SelfSigned(now time.Time, rnd io.Reader) (tls.Certificate, error) {
	if rnd == nil {
		rnd = rand.Reader
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rnd)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate: generate key: %w", err)
	}
	var serial [16]byte
	if _, err := io.ReadFull(rnd, serial[:]); err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate: draw serial number: %w", err)
	}
	// RFC 5280 section 4.1.2.2: positive, and not zero.
	serial[0] = serial[0]&0x7f | 0x40
	start := now.Add(-time.Duration(mathrand.Int64N(int64(30 * 24 * time.Hour)))).UTC().Truncate(time.Second)
	name := plausibleName()
	t := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(serial[:]),
		Subject:      pkix.Name{CommonName: name},
		DNSNames:     []string{name},
		NotBefore:    start,
		NotAfter:     start.AddDate([]int{2, 5, 10}[mathrand.IntN(3)], 0, 0),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},

		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rnd, t, t, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate: sign certificate: %w", err)
	}
	return withLeaf(tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key})
}

func plausibleName() string {
	names := []string{"box", "cloud", "files", "home", "host", "media", "nas", "node", "server", "www"}
	return fmt.Sprintf("%s-%d", names[mathrand.IntN(len(names))], 1+mathrand.IntN(999))
}

// MarshalPEM writes the certificate chain and its private key (PKCS #8).
func MarshalPEM(c tls.Certificate) ([]byte, error) {
	key, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
	if err != nil {
		return nil, fmt.Errorf("certificate: marshal private key: %w", err)
	}
	var out []byte
	for _, der := range c.Certificate {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	}
	return append(out, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})...), nil
}

// ParsePEM reads what MarshalPEM wrote.
func ParsePEM(b []byte) (tls.Certificate, error) {
	c, err := tls.X509KeyPair(b, b)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate: parse certificate and key: %w", err)
	}
	return withLeaf(c)
}

// Pin returns the SHA-256 digest of a certificate's SubjectPublicKeyInfo, for
// DialOptions of package btls.
func Pin(c tls.Certificate) ([32]byte, error) {
	c, err := withLeaf(c)
	if err != nil {
		return [32]byte{}, err
	}
	return sha256.Sum256(c.Leaf.RawSubjectPublicKeyInfo), nil
}

func withLeaf(c tls.Certificate) (tls.Certificate, error) {
	if len(c.Certificate) == 0 {
		return c, errors.New("certificate: chain is empty")
	}
	leaf, err := x509.ParseCertificate(c.Certificate[0])
	if err != nil {
		return c, fmt.Errorf("certificate: parse leaf certificate: %w", err)
	}
	c.Leaf = leaf
	return c, nil
}
