package e2e

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// authority is a pebble, an ACME server for tests, that finds every name at 127.0.0.1.
type authority struct {
	directory string
	manage    string
	client    *http.Client
}

// newAuthority starts one that asks for challenges on these ports, and whose
// certificates have this term.
func newAuthority(t *testing.T, tlsPort, httpPort string, term time.Duration) *authority {
	t.Helper()
	for _, program := range []string{"pebble", "pebble-challtestsrv"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed (apt-get install pebble)", program)
		}
	}
	dir := t.TempDir()
	certificate, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	roots := selfSigned(t, certificate, key)
	a := &authority{directory: fmt.Sprintf("https://127.0.0.1:%s/dir", freePort(t)), manage: fmt.Sprintf("https://127.0.0.1:%s", freePort(t))}
	a.client = &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, DisableKeepAlives: true}}
	config, err := json.Marshal(map[string]any{"pebble": map[string]any{
		"listenAddress": address(a.directory), "managementListenAddress": address(a.manage),
		"certificate": certificate, "privateKey": key, "tlsPort": json.Number(tlsPort), "httpPort": json.Number(httpPort), "certificateValidityPeriod": int(term / time.Second),
	}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "config.json")
	if err := os.WriteFile(path, config, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SSL_CERT_FILE", certificate) // whom the program under test trusts
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	dns := "127.0.0.1:" + freePort(t)
	start(t, "pebble-challtestsrv", "-defaultIPv4", "127.0.0.1", "-defaultIPv6", "", "-dns01", dns,
		"-http01", "", "-https01", "", "-tlsalpn01", "", "-management", "127.0.0.1:"+freePort(t))
	start(t, "pebble", "-config", path, "-dnsserver", dns)
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if _, err := a.fetch(a.directory); err == nil {
			return a
		} else if time.Now().After(end) {
			t.Fatal("pebble does not answer: ", err)
		}
	}
}

func address(url string) string {
	return strings.TrimSuffix(strings.TrimPrefix(url, "https://"), "/dir")
}

func (a *authority) fetch(url string) ([]byte, error) {
	resp, err := a.client.Get(url)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}

// roots are what the authority's certificates lead to.
func (a *authority) roots(t *testing.T) *x509.CertPool {
	t.Helper()
	b, err := a.fetch(a.manage + "/roots/0")
	pool := x509.NewCertPool()
	if err != nil || !pool.AppendCertsFromPEM(b) {
		t.Fatalf("no root of pebble's: %v", err)
	}
	return pool
}

// selfSigned makes the certificate of the authority's own server.
func selfSigned(t *testing.T, certificate, keyFile string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	for path, block := range map[string]*pem.Block{certificate: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: keyDER}} {
		text := pem.EncodeToMemory(block)
		pool.AppendCertsFromPEM(text)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return pool
}

// shown returns the certificate that a port shows for a name; with roots it must be
// valid.
func shown(t *testing.T, port, name string, roots *x509.CertPool) (*x509.Certificate, error) {
	t.Helper()
	c, err := tls.Dial("tcp", "127.0.0.1:"+port, &tls.Config{ServerName: name, RootCAs: roots, InsecureSkipVerify: roots == nil})
	if err != nil {
		return nil, err
	}
	defer c.Close()
	return c.ConnectionState().PeerCertificates[0], nil
}

// TestACME: a port with a name gets a certificate by either challenge that it can
// answer itself, for the key that it had before, keeps it, and goes on serving peers.
func TestACME(t *testing.T) {
	const name = "node.example"
	for _, challenge := range []string{"TLS-ALPN-01", "HTTP-01"} {
		t.Run(challenge, func(t *testing.T) {
			port, other := freePort(t), freePort(t)
			tlsPort, httpPort := port, other
			if challenge == "HTTP-01" {
				tlsPort, httpPort = other, port
			}
			a := newAuthority(t, tlsPort, httpPort, 90*24*time.Hour)
			dir, out, home := t.TempDir(), t.TempDir(), t.TempDir()
			root := content(t, dir, "named", layouts["single"])
			torrent := filepath.Join(t.TempDir(), "t.torrent")
			args := []string{"share", root, "--listen", "127.0.0.1:" + port, "--home", home, "--no-lsd", "--torrent", torrent,
				"--name", name, "--acme", a.directory}
			p := start(t, binary, args...)
			p.line(20*time.Second, func(l string) bool { return strings.Contains(l, "everybody can read this name") })
			p.line(20*time.Second, func(l string) bool { return strings.Contains(l, "listens  "+name) })
			before, err := shown(t, port, name, nil)
			if err != nil {
				t.Fatal(err)
			}
			p.line(60*time.Second, func(l string) bool { return strings.HasPrefix(l, name+" has a certificate, valid until ") })
			roots := a.roots(t)
			after, err := shown(t, port, name, roots)
			if err != nil {
				t.Fatal("the certificate is not what a browser would accept: ", err)
			}
			if !bytes.Equal(before.RawSubjectPublicKeyInfo, after.RawSubjectPublicKeyInfo) {
				t.Error("the key has changed, which peers have pinned")
			}
			run(t, binary, "get", torrent, "--dir", out, "--listen", "127.0.0.1:0", "--home", t.TempDir(), "--no-lsd", "--exit",
				"--tls", "require", "--peer", "127.0.0.1:"+port)
			same(t, root, filepath.Join(out, "named"))
			p.kill()

			// The next start shows it at once.
			again := start(t, binary, "share", torrent, "--dir", dir, "--listen", "127.0.0.1:"+port, "--home", home, "--no-lsd",
				"--name", name, "--acme", "https://127.0.0.1:1/dir")
			again.line(20*time.Second, func(l string) bool { return strings.HasPrefix(l, "Seeding until") })
			kept, err := shown(t, port, name, roots)
			if err != nil || !bytes.Equal(kept.Raw, after.Raw) {
				t.Errorf("after a restart another certificate is shown: %v", err)
			}
		})
	}
}

// TestACMERenewal: a certificate is replaced before it ends, for the same key, while
// the port is open, and who has pinned the key is served as before.
func TestACMERenewal(t *testing.T) {
	const name = "renewed.example"
	port := freePort(t)
	a := newAuthority(t, port, freePort(t), 12*time.Second)
	root := content(t, t.TempDir(), "renewed", layouts["single"])
	torrent, out := filepath.Join(t.TempDir(), "t.torrent"), t.TempDir()
	p := start(t, binary, "share", root, "--listen", "127.0.0.1:"+port, "--home", t.TempDir(), "--no-lsd", "--torrent", torrent,
		"--name", name, "--acme", a.directory)
	obtained := func(l string) bool { return strings.HasPrefix(l, name+" has a certificate") }
	p.line(60*time.Second, obtained)
	first, err := shown(t, port, name, a.roots(t))
	if err != nil {
		t.Fatal(err)
	}
	p.line(60*time.Second, obtained)
	second, err := shown(t, port, name, a.roots(t))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(first.Raw, second.Raw) || !bytes.Equal(first.RawSubjectPublicKeyInfo, second.RawSubjectPublicKeyInfo) {
		t.Error("want another certificate for the same key")
	}
	run(t, binary, "get", torrent, "--dir", out, "--listen", "127.0.0.1:0", "--home", t.TempDir(), "--no-lsd", "--exit",
		"--tls", "require", "--peer", "127.0.0.1:"+port)
	same(t, root, filepath.Join(out, "renewed"))
}

// TestACMERefused: an authority that does not find the port under the name is told of,
// and the node goes on with its own certificate.
func TestACMERefused(t *testing.T) {
	port := freePort(t)
	a := newAuthority(t, freePort(t), freePort(t), time.Hour)
	root := content(t, t.TempDir(), "unnamed", layouts["single"])
	p := start(t, binary, "share", root, "--listen", "127.0.0.1:"+port, "--home", t.TempDir(), "--no-lsd",
		"--torrent", filepath.Join(t.TempDir(), "t.torrent"), "--name", "lost.example", "--acme", a.directory)
	p.line(20*time.Second, func(l string) bool { return strings.HasPrefix(l, "Seeding until") })
	for end := time.Now().Add(60 * time.Second); !strings.Contains(p.log(), "no certificate for lost.example yet"); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("nothing is said: %s", p.log())
		}
	}
	if !strings.Contains(p.log(), "on port 443 or 80") {
		t.Errorf("the user is not told what to do: %s", p.log())
	}
	if _, err := shown(t, port, "lost.example", nil); err != nil {
		t.Error("the port is gone: ", err)
	}
}
