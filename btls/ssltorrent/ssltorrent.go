// Package ssltorrent is BitTorrent over TLS as libtorrent has it since 2011,
// under the name of SSL torrents: each peer of a torrent shows a certificate
// that the torrent's own authority has signed.
//
//	info["ssl-cert"]  the authority's certificate, X.509 in PEM. It is part of
//	                  the info dictionary and so of the info-hash.
//	server name       the 20-byte info-hash, v1 or truncated v2, as 40 hex
//	                  digits. A server ignores what comes after them.
//	certificates      both sides show one. It must lead to the authority and
//	                  to no other, be in its term, and name the torrent.
//	after that        the peer wire of BEP 3, with nothing before it.
//
// A certificate names the torrent if one of its subject alternative names of
// type dNSName is info["name"], byte for byte, or "*"; or else its last common
// name is one of them. (libtorrent 2.0.8 is content with a first part of the
// name; we are not.) Extended key usages do not matter.
//
// There is no document but libtorrent's manual, section "SSL torrents", and its
// source. This package keeps to it but for two things: TLS is 1.3 at least, so
// that certificates are not sent in clear, and sessions are never resumed, so
// that every connection shows a certificate.
//
// The server name shows the info-hash to whoever is on the path. Whoever has
// the info-hash learns of any server whether it has the torrent, and sees its
// certificate.
package ssltorrent

import (
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"time"
)

var (
	// ErrNoRoot reports an ssl-cert that holds no certificate.
	ErrNoRoot = errors.New("ssl-cert is not a certificate")
	// ErrNoCertificate reports that a certificate is needed and there is none.
	ErrNoCertificate = errors.New("no certificate for the torrent")
	// ErrForeign reports a certificate that the torrent's authority has not
	// signed, or whose chain is broken otherwise.
	ErrForeign = errors.New("certificate is not of the torrent's authority")
	// ErrTerm reports a certificate before or after its term.
	ErrTerm = errors.New("certificate is not valid at this time")
	// ErrName reports a certificate for another torrent.
	ErrName = errors.New("certificate does not name the torrent")
	// ErrResumed reports a session that was taken up again, without a
	// certificate.
	ErrResumed = errors.New("TLS session was resumed")
)

// Torrent is what the certificates of an SSL torrent are checked by.
type Torrent struct {
	name string
	root *x509.Certificate
}

// New returns the torrent of the given info["name"] and info["ssl-cert"]. Like
// libtorrent it takes the first certificate there is. The error is ErrNoRoot, or
// wraps it.
func New(name, sslCert string) (*Torrent, error) {
	for rest := []byte(sslCert); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return nil, ErrNoRoot
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		root, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrNoRoot, err)
		}
		return &Torrent{name, root}, nil
	}
}

// Root returns the certificate of the torrent's authority.
func (t *Torrent) Root() *x509.Certificate { return t.root }

// Verify checks the certificates of a peer, its own first, as they are at a
// time. Errors match ErrNoCertificate, ErrForeign, ErrTerm or ErrName.
func (t *Torrent) Verify(chain []*x509.Certificate, now time.Time) error {
	if len(chain) == 0 {
		return ErrNoCertificate
	}
	roots, inter := x509.NewCertPool(), x509.NewCertPool()
	roots.AddCert(t.root)
	for _, c := range chain[1:] {
		inter.AddCert(c)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: inter, CurrentTime: now,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return fmt.Errorf("%w: %w", ErrTerm, err)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrForeign, err)
	}
	if !names(chain[0], t.name) {
		return ErrName
	}
	return nil
}

// names reports whether a certificate names a torrent.
func names(c *x509.Certificate, torrent string) bool {
	is := func(n string) bool { return n != "" && (n == torrent || n == "*") }
	return slices.ContainsFunc(c.DNSNames, is) || is(c.Subject.CommonName) // of several common names the last
}

// ServerName returns the name by which a torrent is asked for.
func ServerName(hash [20]byte) string { return hex.EncodeToString(hash[:]) }

// InfoHash returns the 20-byte info-hash that a server name asks for, if it
// does. Whether there is such a torrent is another matter.
func InfoHash(serverName string) (hash [20]byte, ok bool) {
	if len(serverName) < hex.EncodedLen(len(hash)) {
		return hash, false
	}
	_, err := hex.Decode(hash[:], []byte(serverName[:hex.EncodedLen(len(hash))]))
	return hash, err == nil
}
