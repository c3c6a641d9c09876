//go:build linux

package e2e

import (
	"bytes"
	bin "encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/warren-p2p/warren/metainfo"
)

// recording is what passed through one connection.
type recording struct {
	mu        sync.Mutex
	out, back []byte // from who dialled, and to it
}

func record(p *passage) *recording {
	r := &recording{}
	keep := func(dst *[]byte) func([]byte) {
		return func(b []byte) {
			r.mu.Lock()
			defer r.mu.Unlock()
			*dst = append(*dst, b...)
		}
	}
	p.out, p.back = keep(&r.out), keep(&r.back)
	return r
}

// marker is what the file that is shared consists of.
var marker = []byte("nobody on the wire may read this line of the file\n")

// What passes between two nodes that require TLS is TLS: nothing in it tells the
// torrent, the protocol or the content. In clear all three are seen, so whoever
// looks for them can find them.
func TestWire(t *testing.T) {
	for _, tls := range []string{"off", "require"} {
		t.Run(tls, func(t *testing.T) {
			dir, out := t.TempDir(), t.TempDir()
			name := "told-to-nobody.txt"
			if err := os.WriteFile(filepath.Join(dir, name), bytes.Repeat(marker, 60_000), 0o600); err != nil {
				t.Fatal(err)
			}
			torrent := filepath.Join(t.TempDir(), "t.torrent")
			run(t, binary, "torrent", "create", filepath.Join(dir, name), "-o", torrent, "--kind", "hybrid", "--piece-length", "65536")
			_, addr := share(t, torrent, dir, "--tls", tls)
			var mu sync.Mutex
			var seen []*recording
			relay := newRelay(t, addr, func(p *passage) {
				mu.Lock()
				defer mu.Unlock()
				seen = append(seen, record(p))
			})
			get := start(t, binary, "get", torrent, "--dir", out, "--peer", relay.addr, "--tls", tls, "--exit", "--json", "--home", t.TempDir())
			get.event(60*time.Second, "done")
			<-get.done
			same(t, filepath.Join(dir, name), filepath.Join(out, name))
			mu.Lock()
			defer mu.Unlock()
			look(t, tls, seen, secrets(t, torrent, name))
		})
	}
}

// secrets are what must not be seen, by what it is.
func secrets(t *testing.T, torrent, name string) map[string][]byte {
	t.Helper()
	b, err := os.ReadFile(torrent)
	if err != nil {
		t.Fatal(err)
	}
	m, err := metainfo.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	h := m.Hashes()
	return map[string][]byte{
		"the info-hash":                h.V1[:],
		"the info-hash of version 2":   h.V2[:20],
		"the info-hash in hexadecimal": []byte(hex.EncodeToString(h.V1[:])),
		"the name of the file":         []byte(name),
		"the name of the protocol":     []byte("BitTorrent protocol"),
		"a peer id":                    []byte("-WN0"),
		"the content":                  marker,
	}
}

// inClear are the secrets that a connection without TLS has to show.
var inClear = []string{"the info-hash", "the name of the protocol", "a peer id", "the content"}

func look(t *testing.T, tls string, seen []*recording, secrets map[string][]byte) {
	t.Helper()
	total, shown := 0, map[string]bool{}
	for i, r := range seen {
		r.mu.Lock()
		defer r.mu.Unlock()
		total += len(r.back)
		for what, b := range secrets {
			if bytes.Contains(r.out, b) || bytes.Contains(r.back, b) {
				shown[what] = true
			}
		}
		err := errors.Join(checkRecords(r.out, clientHello), checkRecords(r.back, serverHello))
		if tls == "require" && err != nil {
			t.Errorf("connection %d: %v", i, err)
		}
		if tls == "off" && err == nil {
			t.Errorf("connection %d in clear passes for TLS", i)
		}
	}
	if size := 60_000 * len(marker); total < size {
		t.Fatalf("only %d bytes of %d passed the relay", total, size)
	}
	for what := range secrets {
		if tls == "require" && shown[what] {
			t.Errorf("%s is seen on the wire", what)
		}
		if tls == "off" && slices.Contains(inClear, what) && !shown[what] {
			t.Errorf("%s is not seen in clear: the test looks for the wrong thing", what)
		}
	}
}

// Content types and handshake types of RFC 8446, §5.1 and §4.
const (
	changeCipherSpec = 20
	alert            = 21
	handshake        = 22
	applicationData  = 23

	clientHello = 1
	serverHello = 2
)

// checkRecords checks that one direction of a connection is a hello of TLS 1.3
// and encrypted records after it. The connection may end within a record.
func checkRecords(b []byte, hello byte) error {
	hellos, encrypted := 0, 0
	for at := 0; len(b)-at >= 5; {
		kind, version, size := b[at], bin.BigEndian.Uint16(b[at+1:]), int(bin.BigEndian.Uint16(b[at+3:]))
		body := b[at+5 : min(at+5+size, len(b))]
		where := fmt.Sprintf("record of type %d, version %04x and %d bytes at %d", kind, version, size, at)
		if version != 0x0303 && (version != 0x0301 || at > 0) { // §5.1: the first one may say 1.0
			return fmt.Errorf("%s: wrong version", where)
		}
		switch {
		case kind == handshake && size <= 1<<14 && bytes.HasPrefix(body, []byte{hello}) && encrypted == 0 && hellos < 2: // two after a retry
			hellos++
			if v13 := []byte{0x03, 0x04}; !bytes.Contains(body, v13) { // supported_versions, §4.2.1
				return fmt.Errorf("%s: a hello without TLS 1.3", where)
			}
		case kind == changeCipherSpec && size == 1 && hellos > 0 && encrypted == 0: // for middleboxes, §D.4
		case kind == alert && size == 2 && encrypted == 0:
		case kind == applicationData && size > 16 && size <= 1<<14+256 && hellos > 0:
			encrypted++
		default:
			return fmt.Errorf("%s: out of place", where)
		}
		at += 5 + size
	}
	if hellos == 0 || encrypted == 0 {
		return fmt.Errorf("%d hellos and %d encrypted records", hellos, encrypted)
	}
	return nil
}

func TestCheckRecords(t *testing.T) {
	record := func(kind byte, body string) string {
		return string([]byte{kind, 3, 3, byte(len(body) >> 8), byte(len(body))}) + body
	}
	first := record(handshake, "\x01 supported \x03\x04")
	ccs, secret := record(changeCipherSpec, "\x01"), record(applicationData, "seventeen or more")
	for _, c := range []struct {
		name, stream string
		ok           bool
	}{
		{"a connection", first + ccs + secret + secret, true},
		{"cut short", first + secret + secret[:9], true},
		{"two hellos", first + ccs + first + secret, true},
		{"nothing", "", false},
		{"only a hello", first, false},
		{"the other side's hello", record(handshake, "\x02 supported \x03\x04") + secret, false},
		{"TLS 1.2", record(handshake, "\x01") + secret, false},
		{"no hello", secret + secret, false},
		{"a handshake in clear", first + secret + first, false},
		{"a certificate in clear", first + record(handshake, "\x0b a certificate") + secret, false},
		{"a long record", first + secret + string([]byte{applicationData, 3, 3, 0x41, 0x01}), false},
		{"another version", first + secret + string([]byte{applicationData, 3, 1, 0, 17}) + "seventeen or more", false},
		{"clear text at the end", first + secret + "\x13BitTorrent protocol", false},
	} {
		if err := checkRecords([]byte(c.stream), clientHello); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
