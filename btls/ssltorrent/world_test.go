package ssltorrent

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"
	"time"
)

// now is when the tests take place.
var now = time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC)

type fixed struct{}

func (fixed) Now() time.Time { return now }

// world is an authority for a torrent and what a test signs by hand.
type world struct {
	t       *testing.T
	name    string
	auth    *Authority
	torrent *Torrent
}

func newWorld(t *testing.T, name string) *world {
	t.Helper()
	auth, err := NewAuthority(name, now.AddDate(-1, 0, 0), now.AddDate(10, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	torrent, err := New(name, auth.SSLCert())
	if err != nil {
		t.Fatal(err)
	}
	return &world{t, name, auth, torrent}
}

func newKey(t *testing.T) crypto.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// issue lets the authority sign a certificate for a name.
func (w *world) issue(name string, from, to time.Time) tls.Certificate {
	w.t.Helper()
	key := newKey(w.t)
	csr, err := Request(key)
	if err != nil {
		w.t.Fatal(err)
	}
	der, err := w.auth.Issue(csr, name, from, to)
	if err != nil {
		w.t.Fatal(err)
	}
	c, err := Pair(der, key)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *world) good() tls.Certificate {
	return w.issue(w.name, now.Add(-time.Hour), now.AddDate(1, 0, 0))
}

// leaf signs a certificate with the given common names and alternative names.
func (w *world) leaf(common []string, alternative ...string) *x509.Certificate {
	w.t.Helper()
	var subject pkix.Name
	for _, c := range common {
		subject.ExtraNames = append(subject.ExtraNames, pkix.AttributeTypeAndValue{Type: asn1.ObjectIdentifier{2, 5, 4, 3}, Value: c})
	}
	t := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: subject, DNSNames: alternative,
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, t, w.auth.root, newKey(w.t).Public(), w.auth.pair.PrivateKey)
	if err != nil {
		w.t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// member returns a member that shows own, whatever it is.
func (w *world) member(own tls.Certificate) *Member {
	m := &Member{torrent: w.torrent, clock: fixed{}}
	m.own.Store(&own)
	return m
}

// check returns what Renew says to a certificate.
func (w *world) check(own tls.Certificate) error {
	_, err := w.torrent.Member(own, fixed{})
	return err
}
