package ssltorrent

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestIssue(t *testing.T) {
	for name, alternative := range map[string]bool{
		"debian-13.iso":            true,
		"My film [2026] (1).mkv":   true,
		"a_b":                      true,
		".hidden":                  true,
		"Größe":                    false, // not ASCII: the common name alone
		"電影":                       false,
		strings.Repeat("long", 60): true,
	} {
		w := newWorld(t, name)
		own := w.good()
		if err := w.check(own); err != nil {
			t.Errorf("%q: %v", name, err)
		}
		if got := slices.Contains(own.Leaf.DNSNames, name); got != alternative {
			t.Errorf("%q: alternative name %v", name, got)
		}
		// OpenSSL takes it for self-signed otherwise.
		if len(own.Leaf.SubjectKeyId) == 0 || own.Leaf.Subject.String() == own.Leaf.Issuer.String() {
			t.Errorf("%q: key id %x, issuer %q", name, own.Leaf.SubjectKeyId, own.Leaf.Issuer)
		}
		if own.Leaf.Subject.CommonName != name {
			t.Errorf("%q: common name %q", name, own.Leaf.Subject.CommonName)
		}
	}
}

func TestNotIssued(t *testing.T) {
	w := newWorld(t, "set")
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	weakCSR, err := Request(weak)
	if err != nil {
		t.Fatal(err)
	}
	csr, err := Request(newKey(t))
	if err != nil {
		t.Fatal(err)
	}
	forged := slices.Clone(csr)
	forged[len(forged)-1] ^= 1
	for what, c := range map[string]struct {
		csr  []byte
		name string
		want error
	}{
		"no request":   {nil, "set", ErrRequest},
		"garbage":      {[]byte("request"), "set", ErrRequest},
		"forged":       {forged, "set", ErrRequest},
		"weak key":     {weakCSR, "set", ErrRequest},
		"no name":      {csr, "", ErrUnnamable},
		"any name":     {csr, "*", ErrUnnamable},
		"not Unicode":  {csr, "\xff\xfe", ErrUnnamable},
		"a good one":   {csr, "set", nil},
		"another name": {csr, "another", nil},
	} {
		if _, err := w.auth.Issue(c.csr, c.name, now, now.Add(time.Hour)); !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
			t.Errorf("%s: %v, want %v", what, err, c.want)
		}
	}
}

// What is issued does not outlive the authority.
func TestTerm(t *testing.T) {
	w := newWorld(t, "set")
	if end := w.issue("set", now, now.AddDate(100, 0, 0)).Leaf.NotAfter; !end.Equal(w.auth.root.NotAfter) {
		t.Errorf("ends %v", end)
	}
}

func TestAuthorityIsKept(t *testing.T) {
	w := newWorld(t, "set")
	text, err := w.auth.MarshalPEM()
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseAuthority(text)
	if err != nil || again.SSLCert() != w.auth.SSLCert() {
		t.Fatalf("%v", err)
	}
	w.auth = again
	if err := w.check(w.good()); err != nil {
		t.Error(err)
	}
	if _, err := ParseAuthority([]byte("authority")); err == nil {
		t.Error("words were read as an authority")
	}
}

func TestPair(t *testing.T) {
	w := newWorld(t, "set")
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	csr, err := Request(key)
	if err != nil {
		t.Fatal(err)
	}
	der, err := w.auth.Issue(csr, "set", now.Add(-time.Hour), now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	own, err := Pair(der, key)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.check(own); err != nil {
		t.Error(err)
	}
	if _, err := Pair(der, newKey(t)); err == nil {
		t.Error("paired with another key")
	}
	if _, err := Pair(der[1:], key); err == nil {
		t.Error("paired garbage")
	}
	if _, err := x509.ParseCertificateRequest(csr); err != nil {
		t.Error(err)
	}
}
