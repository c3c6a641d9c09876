package ssltorrent

import (
	"crypto/x509"
	"errors"
	"testing"
	"time"
)

// Any ssl-cert gives a torrent or ErrNoRoot, and any certificate a verdict.
func FuzzVerify(f *testing.F) {
	f.Add("set", "", []byte(nil))
	f.Fuzz(func(t *testing.T, name, sslCert string, der []byte) {
		torrent, err := New(name, sslCert)
		if err != nil {
			if !errors.Is(err, ErrNoRoot) {
				t.Fatalf("not typed: %v", err)
			}
			return
		}
		c, err := x509.ParseCertificate(der)
		if err != nil {
			c = torrent.Root()
		}
		err = torrent.Verify([]*x509.Certificate{c, torrent.Root()}, c.NotBefore)
		if err == nil && !names(c, name) {
			t.Fatal("taken without its name")
		}
		if err != nil && !errors.Is(err, ErrForeign) && !errors.Is(err, ErrTerm) && !errors.Is(err, ErrName) {
			t.Fatalf("not typed: %v", err)
		}
	})
}

// Any request and name give a certificate that peers take, or a typed error.
func FuzzIssue(f *testing.F) {
	auth, err := NewAuthority("set", now, now.AddDate(10, 0, 0))
	if err != nil {
		f.Fatal(err)
	}
	f.Add("set", []byte(nil))
	f.Fuzz(func(t *testing.T, name string, csr []byte) {
		der, err := auth.Issue(csr, name, now, now.Add(time.Hour))
		if err != nil {
			if !errors.Is(err, ErrRequest) && !errors.Is(err, ErrUnnamable) {
				t.Fatalf("not typed: %v", err)
			}
			return
		}
		c, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		torrent, err := New(name, auth.SSLCert())
		if err != nil {
			t.Fatal(err)
		}
		if err := torrent.Verify([]*x509.Certificate{c}, now); err != nil {
			t.Fatalf("issued for %q and not taken: %v", name, err)
		}
	})
}

func FuzzInfoHash(f *testing.F) {
	f.Add("0123456789abcdef0123456789ABCDEF01234567.example.com")
	f.Fuzz(func(t *testing.T, name string) {
		hash, ok := InfoHash(name)
		if again, same := InfoHash(ServerName(hash)); ok && (!same || again != hash) {
			t.Fatalf("%q is %x, which is not the same again", name, hash)
		}
	})
}
