package draft

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/certificate"
	"github.com/warren-p2p/warren/btls/server"
)

// needed skips a test that needs a program that is not there.
func needed(t *testing.T) {
	t.Helper()
	for _, program := range []string{"openssl", "python3"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("no %s: install it", program)
		}
	}
}

// probe runs the program for other implementers and returns what it prints.
func probe(t *testing.T, args ...string) (text string, ok bool) {
	t.Helper()
	cmd := exec.Command("python3", append([]string{"probe.py"}, args...)...)
	cmd.Dir = folder
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}

func newCertificate(t *testing.T) tls.Certificate {
	t.Helper()
	c, err := certificate.SelfSigned(time.Now(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// A client that was written from the draft alone, in another language and on
// another TLS, meets our server and finds nothing wrong.
func TestProbe(t *testing.T) {
	needed(t)
	t.Parallel()
	basic, strict := bytes.Repeat([]byte{7}, 20), bytes.Repeat([]byte{8}, 20)
	secret := btls.Secret{9}
	table := btls.NewTable[[]byte](nil)
	for _, tor := range []struct {
		level btls.Level
		hash  []byte
	}{{btls.Basic, basic}, {btls.Strict, strict}} {
		k, err := btls.DeriveKey(tor.level, secret, tor.hash)
		if err != nil {
			t.Fatal(err)
		}
		if err := table.Add(k, tor.hash); err != nil {
			t.Fatal(err)
		}
	}
	l, err := server.Listen(listen(t), table, server.Config{Certificate: newCertificate(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, hash, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				shake := slices.Concat([]byte("\x13BitTorrent protocol"), make([]byte, 8), hash, make([]byte, 20))
				if _, err := io.ReadFull(c, make([]byte, len(shake))); err == nil {
					c.Write(shake)
				}
			}()
		}
	}()
	var wg sync.WaitGroup
	for _, args := range [][]string{{hex.EncodeToString(basic)}, {hex.EncodeToString(strict), hex.EncodeToString(secret[:])}} {
		wg.Go(func() {
			text, ok := probe(t, append([]string{l.Addr().String()}, args...)...)
			if !ok || strings.Count(text, "ok ") != 12 || strings.Contains(text, "WRONG") {
				t.Errorf("%s", text)
			}
		})
	}
	wg.Wait()
}

// What is wrong is found: a website, and a server that lets everybody in.
func TestProbeFinds(t *testing.T) {
	needed(t)
	t.Parallel()
	hash := bytes.Repeat([]byte{7}, 20)
	k, err := btls.BasicKey(hash)
	if err != nil {
		t.Fatal(err)
	}
	cert := newCertificate(t)
	tag := k.Tag(sha256.Sum256(cert.Certificate[0]))
	for want, site := range map[string]http.HandlerFunc{
		"it is a website": http.NotFound,
		"WRONG another proof is answered by the website": func(w http.ResponseWriter, r *http.Request) {
			x, err := r.TLS.ExportKeyingMaterial("EXPERIMENTAL-BitTorrent-TLS", nil, 32)
			if err != nil {
				panic(err)
			}
			ps := k.ServerProof([32]byte(x), k.ClientProof([32]byte(x), tag))
			c, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				panic(err)
			}
			defer c.Close()
			fmt.Fprintf(c, "HTTP/1.1 101 Switching Protocols\r\nSet-Cookie: s=%s\r\n\r\n\x13BitTorrent protocol%s%s%s",
				base64.RawURLEncoding.EncodeToString(ps[:]), make([]byte, 8), hash, make([]byte, 20))
			io.Copy(io.Discard, c)
		},
	} {
		srv := &http.Server{Handler: site, TLSConfig: &tls.Config{Certificates: []tls.Certificate{cert}}}
		l := listen(t)
		go srv.ServeTLS(l, "", "")
		text, ok := probe(t, l.Addr().String(), hex.EncodeToString(hash))
		srv.Close()
		if ok || !strings.Contains(text, want) {
			t.Errorf("want %q of\n%s", want, text)
		}
	}
}
