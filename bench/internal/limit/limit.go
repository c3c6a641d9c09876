//go:build linux

// Package limit is the shortest way to move verified, encrypted bytes from one
// process to another: TLS 1.3 over loopback, whole pieces hashed and written,
// no BitTorrent. What it reaches is what the engine is held against.
package limit

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
)

// Spec is what both processes have to agree on.
type Spec struct {
	Bytes       int64
	PieceLength int64
}

// record is the payload of a full TLS record (RFC 8446 §5.1); crypto/tls makes
// a system call for each, so longer writes save nothing.
const record = 16 << 10

// certificate makes a self-signed ECDSA P-256 certificate.
func certificate(c clock.Clock) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	now := c.Now()
	t := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, t, t, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}
