package btls

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/warren-p2p/warren/btls/certificate"
	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/btls/internal/upgrade"
)

// What the tests of this file show is said in docs/threat-model.md, "Who learns
// what": also which attacks work.

// middle is a man in the middle between a client and a server: it shows a
// certificate of its own and knows some keys.
type middle struct {
	addr string
	keys []Key
	cert tls.Certificate
	to   string // the server

	mu     sync.Mutex
	tags   [][16]byte // that clients have sent
	inside bytes.Buffer
}

func newMiddle(t *testing.T, to string, keys ...Key) *middle {
	m := &middle{keys: keys, cert: newCertificate(t), to: to}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{m.cert}, NextProtos: []string{"http/1.1"}})
	if err != nil {
		t.Fatal(err)
	}
	m.addr = l.Addr().String()
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer c.Close()
				m.serve(t, c.(*tls.Conn))
			})
		}
	})
	t.Cleanup(func() { l.Close(); wg.Wait() })
	return m
}

// serve answers a client as a server that knows the keys would, and is the client of
// the real one at the same time.
func (m *middle) serve(t *testing.T, c *tls.Conn) {
	br := bufio.NewReader(c)
	r, err := http.ReadRequest(br)
	if err != nil {
		return // it hung up after the certificate
	}
	claim, ok := upgrade.ParseClaim(r)
	if !ok {
		t.Error("the client has sent no claim")
		return
	}
	m.mu.Lock()
	m.tags = append(m.tags, claim.Tag)
	m.mu.Unlock()
	st := c.ConnectionState()
	x, err := exporter(hello.Of(&st))
	if err != nil {
		t.Error(err)
		return
	}
	for _, k := range m.keys {
		pc := k.ClientProof(x, claim.Tag)
		cookie, ok := claim.Match(pc)
		if !ok {
			continue
		}
		raw, err := net.Dial("tcp", m.to)
		if err != nil {
			t.Error(err)
			return
		}
		server, err := Dial(t.Context(), raw, k, DialOptions{})
		if err != nil {
			t.Error(err)
			return
		}
		defer server.Close()
		c.Write(upgrade.EncodeResponse(claim.Key, cookie, k.ServerProof(x, pc)))
		m.relay(c, server)
		return
	}
	// It can pass the request on as it is: to the server that is a bad proof.
	io.WriteString(c, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
}

func (m *middle) relay(c, server net.Conn) {
	b := make([]byte, 1<<10)
	for {
		n, err := server.Read(b)
		m.mu.Lock()
		m.inside.Write(b[:n])
		m.mu.Unlock()
		c.Write(b[:n])
		if err != nil || bytes.Contains(b[:n], []byte("hello")) {
			return
		}
	}
}

// knows returns the torrents, by their place in a list, that a tag towards a
// certificate may name.
func knows(list []Key, leaf []byte, tag [16]byte) (found []int) {
	for i, k := range list {
		if [16]byte(k.Tag(sha256.Sum256(leaf))) == tag {
			found = append(found, i)
		}
	}
	return found
}

// A man in the middle reads along if he has the key and no pin stops him: at level
// Basic with a list of info-hashes. Without the key he learns nothing but a tag.
func TestManInTheMiddle(t *testing.T) {
	hash := bytes.Repeat([]byte{7}, 32)
	derive := func(l Level, s Secret) Key {
		k, err := DeriveKey(l, s, hash)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	basic, strict := derive(Basic, Secret{}), derive(Strict, Secret{1})
	for _, c := range []struct {
		name   string
		key    Key
		has    []Key
		pinned bool
		reads  bool
	}{
		{"Basic, no list of info-hashes", basic, nil, false, false},
		{"Basic, with a list", basic, []Key{numbered(t, 1), basic}, false, true},
		{"Basic, with a list, against a pin", basic, []Key{basic}, true, false},
		{"Strict, with a list", strict, []Key{basic, derive(Strict, Secret{2})}, false, false},
		{"Strict, who was given the secret", strict, []Key{strict}, false, true},
		{"Strict, who was given the secret, against a pin", strict, []Key{strict}, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newTestServer(t)
			add(t, s.table, c.key, "")
			m := newMiddle(t, s.addr, c.has...)
			var opts DialOptions
			if c.pinned {
				pin, err := certificate.Pin(s.cert)
				if err != nil {
					t.Fatal(err)
				}
				opts.Pin = pin
			}
			raw, err := net.Dial("tcp", m.addr)
			if err != nil {
				t.Fatal(err)
			}
			conn, err := Dial(t.Context(), raw, c.key, opts)
			if err == nil {
				expect(t, conn, "hello")
				conn.Close()
			}
			if (err == nil) != c.reads {
				t.Errorf("the client: %v", err)
			}
			if c.pinned && !errors.Is(err, ErrPin) {
				t.Errorf("against a pin: %v", err)
			}
			m.mu.Lock()
			defer m.mu.Unlock()
			if got := strings.Contains(m.inside.String(), "hello"); got != c.reads {
				t.Errorf("reads along: %v", got)
			}
			if sent := len(m.tags) > 0; sent == c.pinned {
				t.Errorf("a tag was sent: %v", sent)
			}
		})
	}
}

// Whom we dial, at an address that somebody made up, can look our tag up in a list of
// info-hashes, and so learns which torrent of the list we are after; of level Strict
// only who has the secret can. Tags towards two servers have nothing in common.
func TestDialledServer(t *testing.T) {
	var list []Key
	for i := range 1000 {
		list = append(list, numbered(t, i))
	}
	hash := bytes.Repeat([]byte{7}, 20)
	strict, err := DeriveKey(Strict, Secret{9}, hash)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := BasicKey(hash)
	if err != nil {
		t.Fatal(err)
	}
	list = append(list, plain)
	seen := map[[16]byte]bool{}
	for _, c := range []struct {
		key   Key
		found int
	}{{list[700], 1}, {plain, 1}, {strict, 0}} {
		for range 2 {
			m := newMiddle(t, "")
			raw, err := net.Dial("tcp", m.addr)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := Dial(t.Context(), raw, c.key, DialOptions{}); !errors.Is(err, ErrNotPeer) {
				t.Errorf("got %v", err)
			}
			m.mu.Lock()
			tag := m.tags[0]
			m.mu.Unlock()
			if got := knows(list, m.cert.Certificate[0], tag); len(got) != c.found {
				t.Errorf("the tag may name %v", got)
			}
			if seen[tag] {
				t.Errorf("tag %s twice", base64.StdEncoding.EncodeToString(tag[:]))
			}
			seen[tag] = true
		}
	}
}
