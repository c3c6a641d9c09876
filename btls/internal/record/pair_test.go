package record

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/btls/internal/schedule"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// end is one side of a connection after the handshake.
type end struct {
	tap *Tap
	tc  *tls.Conn
}

func (e end) takeOver(t testing.TB) *Conn {
	t.Helper()
	c, rest, err := e.tap.TakeOver(e.tc, e.tc.ConnectionState().CipherSuite)
	if err != nil || len(rest) > 0 {
		t.Fatalf("take over: %v, with %d bytes left", err, len(rest))
	}
	return c
}

func listen(t testing.TB) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// tcp returns both ends of a connection over loopback.
func tcp(t testing.TB) (dialled, accepted net.Conn) {
	t.Helper()
	l := listen(t)
	var err error
	if dialled, err = net.Dial("tcp", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if accepted, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dialled.Close(); accepted.Close() })
	return dialled, accepted
}

// pair connects a client and a server. change may alter their configurations.
func pair(t testing.TB, change func(client, server *tls.Config)) (client, server end) {
	t.Helper()
	dialled, accepted := tcp(t)
	cc, sc := &tls.Config{InsecureSkipVerify: true}, &tls.Config{Certificates: []tls.Certificate{certificate(t)}}
	if change != nil {
		change(cc, sc)
	}
	client.tap, server.tap = NewTap(dialled, true), NewTap(accepted, false)
	client.tc, server.tc = tls.Client(client.tap, client.tap.Config(cc)), tls.Server(server.tap, server.tap.Config(sc))
	done := make(chan error, 1)
	go func() { done <- server.tc.Handshake() }()
	if err := client.tc.Handshake(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	client.tap.HandshakeDone()
	server.tap.HandshakeDone()
	return client, server
}

func certificate(t testing.TB) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// own returns two connections of this package with keys in common, over a
// pipe without a handshake, in a suite that crypto/tls does not choose.
func own(t testing.TB, suite uint16) (a, b *Conn) {
	t.Helper()
	s, _ := schedule.Of(suite)
	half := func(label byte) *half {
		secret := make([]byte, s.SecretLen())
		secret[0] = label
		h, err := newHalf(s, secret, 0)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	x, y := tcp(t)
	a, b = &Conn{raw: x}, &Conn{raw: y}
	a.in.half, b.out.half = half(1), half(1)
	a.out.half, b.in.half = half(2), half(2)
	return a, b
}
