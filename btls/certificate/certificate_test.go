package certificate

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"testing"
	"time"
)

func TestSelfSigned(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	serials := map[string]bool{}
	for range 20 {
		c, err := SelfSigned(now, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		leaf := c.Leaf
		if pub, ok := leaf.PublicKey.(*ecdsa.PublicKey); !ok || pub.Curve != elliptic.P256() {
			t.Errorf("public key is %T, want ECDSA P-256", leaf.PublicKey)
		}
		if leaf.SerialNumber.Sign() <= 0 || len(leaf.SerialNumber.Bytes()) != 16 {
			t.Errorf("serial number %x", leaf.SerialNumber)
		}
		if leaf.NotBefore.After(now) || leaf.NotAfter.Before(now.AddDate(1, 0, 0)) {
			t.Errorf("valid from %v to %v", leaf.NotBefore, leaf.NotAfter)
		}
		if err := leaf.VerifyHostname(leaf.Subject.CommonName); err != nil {
			t.Error(err)
		}
		serials[leaf.SerialNumber.String()] = true
	}
	if len(serials) != 20 {
		t.Errorf("%d serial numbers in 20 certificates", len(serials))
	}
}

func TestPEMRoundTrip(t *testing.T) {
	c := newCertificate(t)
	b, err := MarshalPEM(c)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ParsePEM(b)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Certificate[0], c.Certificate[0]) || !c.PrivateKey.(*ecdsa.PrivateKey).Equal(got.PrivateKey) {
		t.Error("certificate or key changed on the way")
	}
	pin, err := Pin(tls.Certificate{Certificate: got.Certificate})
	if err != nil || pin != sha256.Sum256(c.Leaf.RawSubjectPublicKeyInfo) {
		t.Errorf("pin = %x, %v", pin, err)
	}
	if _, err := ParsePEM(b[:len(b)/2]); err == nil {
		t.Error("half a file was accepted")
	}
	if _, err := Pin(tls.Certificate{}); err == nil {
		t.Error("pin of no certificate")
	}
}

type brokenReader struct{}

var errBroken = errors.New("broken")

func (brokenReader) Read([]byte) (int, error) { return 0, errBroken }

func TestSelfSignedReportsNoRandomness(t *testing.T) {
	if _, err := SelfSigned(time.Unix(0, 0), brokenReader{}); !errors.Is(err, errBroken) {
		t.Errorf("got %v", err)
	}
}

func newCertificate(t testing.TB) tls.Certificate {
	t.Helper()
	c, err := SelfSigned(time.Now(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
