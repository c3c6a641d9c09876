package transport

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/ssltorrent"
	"github.com/warren-p2p/warren/internal/transport/opening"
)

// prober thinks up connections. The same seed makes the same ones.
type prober struct {
	*rand.Rand
	captured []byte // the request of a peer that was let in
	tags     [][]byte
	hello    []byte // a TLS client hello
	clear    bool   // also without TLS
	made     int
}

// sslHash is the info-hash of an SSL torrent.
var sslHash = [20]byte{5}

func newProber(cert tls.Certificate, captured []byte, clear bool) *prober {
	p := &prober{Rand: rand.New(rand.NewPCG(4, 2)), captured: captured, clear: clear, hello: clientHello()}
	for _, id := range []ID{v1, v2, hybrid} {
		for _, w := range id.names() {
			k, err := btls.BasicKey(w.full)
			if err != nil {
				panic(err)
			}
			tag := k.Tag(sha256.Sum256(cert.Certificate[0]))
			p.tags = append(p.tags, tag[:])
		}
	}
	return p
}

// clientHello is the first thing that a client of crypto/tls sends.
func clientHello() []byte {
	near, far := net.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = tls.Client(near, &tls.Config{InsecureSkipVerify: true}).HandshakeContext(ctx)
	}()
	b := make([]byte, 16<<10)
	n, err := far.Read(b)
	if err != nil {
		panic(err)
	}
	cancel()
	far.Close()
	<-done
	near.Close()
	return b[:n]
}

// probes returns connections with at least n requests.
func (p *prober) probes(n int) []probe {
	kinds := []func() probe{p.http2, p.burst, p.records, p.brokenHello, p.plainHTTP}
	for range 12 {
		kinds = append(kinds, p.visit)
	}
	if p.clear {
		kinds = append(kinds, p.noise)
	}
	var all []probe
	for made := 0; made < n; {
		pr := kinds[p.IntN(len(kinds))]()
		// Most come from networks of their own: else after 20 of them none would be
		// looked at any more.
		if !pr.from.IsValid() {
			p.made++
			pr.from = netip.AddrFrom4([4]byte{10, byte(p.made >> 8), byte(p.made), 1})
		}
		all = append(all, pr)
		made += pr.requests
	}
	return all
}

// visit is a connection over HTTP/1.1 with some requests of all kinds.
func (p *prober) visit() probe {
	pr := probe{name: "HTTP/1.1", alpn: []string{"http/1.1"}, stay: p.IntN(8) == 0, resume: p.IntN(8) == 0}
	switch p.IntN(12) {
	case 0:
		pr.version = tls.VersionTLS12
		if p.IntN(2) == 0 {
			pr.server = ssltorrent.ServerName(sslHash) // which is for TLS 1.3
		}
	case 1:
		pr.alpn = nil
	case 2: // an SSL torrent that nobody has
		pr.server = ssltorrent.ServerName([20]byte(p.bytes(20)))
	}
	for range 1 + p.IntN(24) {
		name, b := p.request()
		pr.name += ", " + name
		pr.requests++
		switch p.IntN(12) {
		case 0: // slowly
			cut := p.IntN(len(b) + 1)
			pr.steps = append(pr.steps, step{send: b[:cut]}, step{wait: p.seconds(12), send: b[cut:]})
		case 1: // and one more at once
			more, next := p.request()
			pr.name += " and at once " + more
			pr.requests++
			pr.steps = append(pr.steps, step{send: append(bytes.Clone(b), next...)})
		case 2: // cut off
			pr.steps = append(pr.steps, step{send: b[:p.IntN(len(b)+1)], fin: p.IntN(2) == 0})
			pr.name += " cut off"
			pr.stay = true
			return pr
		default:
			pr.steps = append(pr.steps, step{send: b, wait: p.seconds(3)})
		}
	}
	return pr
}

// upgrade is the request of a peer, with whatever instead of a tag and a proof.
func upgrade(tag, proof []byte) []byte {
	return fmt.Appendf(nil, "GET /a/b HTTP/1.1\r\nHost: peer.example\r\nConnection: Upgrade\r\nCookie: id=%s\r\n"+
		"Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\nUpgrade: websocket\r\n\r\n",
		base64.RawURLEncoding.EncodeToString(proof), base64.StdEncoding.EncodeToString(tag))
}

func (p *prober) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(p.Uint32())
	}
	return b
}

// seconds is a wait of less than n seconds that ends at no instant a port waits
// for: what comes first then would be chance.
func (p *prober) seconds(n int) time.Duration {
	return time.Duration(p.IntN(n))*time.Second + 137*time.Millisecond
}

// tag is that of a torrent the port may have.
func (p *prober) tag() []byte { return p.tags[p.IntN(len(p.tags))] }

// request returns one that proves nothing.
func (p *prober) request() (name string, b []byte) {
	all := []struct {
		name string
		make func() []byte
	}{
		{"visit", func() []byte { return []byte("GET / HTTP/1.1\r\nHost: h\r\n\r\n") }},
		{"nothing there", func() []byte { return fmt.Appendf(nil, "GET /%x HTTP/1.1\r\nHost: h\r\n\r\n", p.bytes(p.IntN(40))) }},
		{"HEAD", func() []byte { return []byte("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n") }},
		{"HTTP/1.0", func() []byte { return p.replaced(" HTTP/1.1", " HTTP/1.0") }},
		{"HTTP/1.0 kept alive", func() []byte { return []byte("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n") }},
		{"unknown tag", func() []byte { return upgrade(p.bytes(16), p.bytes(32+p.IntN(192))) }},
		{"right tag, wrong proof", func() []byte { return upgrade(p.tag(), p.bytes(32+p.IntN(192))) }},
		{"right tag, no proof", func() []byte { return upgrade(p.tag(), nil) }},
		{"right tag, short proof", func() []byte { return upgrade(p.tag(), p.bytes(p.IntN(32))) }},
		{"wrong length of the tag", func() []byte {
			return upgrade(append(bytes.Clone(p.tag()), p.bytes(p.IntN(30))...)[p.IntN(8):], p.bytes(32))
		}},
		{"replay", func() []byte { return p.captured }},
		{"mutated replay", func() []byte { return p.mutated(p.captured) }},
		{"mutated claim", func() []byte { return p.mutated(upgrade(p.tag(), p.bytes(64))) }},
		{"many cookies", p.manyCookies},
		{"many claims", func() []byte { return bytes.Repeat(upgrade(p.tag(), p.bytes(40)), 1+p.IntN(4)) }},
		{"bad base64", func() []byte {
			return p.replaced("Sec-WebSocket-Key: ", "Sec-WebSocket-Key: "+[]string{"=", "!", "A", " "}[p.IntN(4)])
		}},
		{"odd upgrade", p.oddUpgrade},
		{"oversized header", func() []byte { return p.replaced("Cookie: ", "Cookie: "+strings.Repeat("a=b; ", 1000*(1+p.IntN(8)))) }},
		{"oversized line", func() []byte { return p.replaced("/a/b", "/"+strings.Repeat("x", 1000<<p.IntN(6))) }},
		{"with a body", func() []byte {
			return append(p.replaced("Upgrade: websocket\r\n", "Upgrade: websocket\r\nContent-Length: 20\r\n"), p.bytes(20)...)
		}},
		{"smuggled", func() []byte {
			return append(p.replaced("Upgrade: websocket\r\n", "Upgrade: websocket\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n"), "0\r\n\r\n"...)
		}},
		{"other method", func() []byte {
			return p.replaced("GET ", []string{"POST ", "PUT ", "CONNECT ", "OPTIONS ", "get ", "TRACE "}[p.IntN(6)])
		}},
		{"other target", func() []byte {
			return p.replaced("/a/b", []string{"*", "https://peer.example/", "//", "/%zz", "/\x00", "a", "/announce?info_hash=%01", "/../.."}[p.IntN(8)])
		}},
		{"no host", func() []byte { return p.replaced("Host: peer.example\r\n", "") }},
		{"HTTP/2 preface", func() []byte { return []byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") }},
		{"BitTorrent", func() []byte { return append([]byte(opening.Magic), p.bytes(48)...) }},
		{"noise", func() []byte { return p.bytes(1 + p.IntN(300)) }},
	}
	k := all[p.IntN(len(all))]
	return k.name, k.make()
}

// replaced is the request of a peer with something of it replaced.
func (p *prober) replaced(old, with string) []byte {
	b := p.captured
	if p.IntN(2) == 0 {
		b = upgrade(p.tag(), p.bytes(32))
	}
	return bytes.Replace(b, []byte(old), []byte(with), 1)
}

// mutated changes some bytes, or leaves some out, or doubles some.
func (p *prober) mutated(b []byte) []byte {
	b = bytes.Clone(b)
	for range 1 + p.IntN(4) {
		i, j := p.IntN(len(b)), p.IntN(len(b))
		i, j = min(i, j), min(max(i, j), i+40)
		switch p.IntN(3) {
		case 0:
			b[i] ^= byte(1 + p.IntN(255))
		case 1:
			b = append(b[:i], b[j:]...)
		default:
			b = append(b[:j:j], b[i:]...)
		}
	}
	return b
}

func (p *prober) manyCookies() []byte {
	var list []string
	for range 1 + p.IntN(40) {
		list = append(list, "c="+base64.RawURLEncoding.EncodeToString(p.bytes(p.IntN(80))))
	}
	return p.replaced("Cookie: ", "Cookie: "+strings.Join(list, "; ")+"; ")
}

func (p *prober) oddUpgrade() []byte {
	return p.replaced("Upgrade: websocket", "Upgrade: "+[]string{"websocket, h2c", "WEBSOCKET", "h2c", "", "bittorrent", "websocket;x", "websocket\r\nUpgrade: other"}[p.IntN(7)])
}

// http2 is a connection over HTTP/2, whole or with something wrong in it.
func (p *prober) http2() probe {
	pr := probe{name: "HTTP/2", alpn: []string{"h2", "http/1.1"}, requests: 1, stay: p.IntN(4) == 0}
	// One after the other: net/http answers what comes at once in any order.
	pr.steps = append(pr.steps, step{send: []byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")}, step{send: frame(4, 0, 0, nil)}, step{send: frame(4, 1, 0, nil)})
	for i := range 1 + p.IntN(6) {
		pr.requests++
		head := []byte{0x82, 0x87, 0x84, 0x41, 1, 'h'} // GET https / :authority h, RFC 7541
		switch p.IntN(5) {
		case 0:
			head = append(head, literal("sec-websocket-key", base64.StdEncoding.EncodeToString(p.tag()))...)
			head = append(head, literal("cookie", "id="+base64.RawURLEncoding.EncodeToString(p.bytes(60)))...)
		case 1:
			head = append(head, literal("upgrade", "websocket")...)
		case 2:
			head = append(append([]byte{0x42, 7}, "CONNECT"...), head[1:]...)
			head = append(head, literal(":protocol", "websocket")...)
		}
		b := frame(1, 5, uint32(2*i+1), head)
		if p.IntN(4) == 0 {
			// It stays one frame: to two, one of them wrong, net/http answers in
			// any order.
			b[3+p.IntN(len(b)-3)] ^= byte(1 + p.IntN(255))
			pr.name += ", mutated"
		}
		pr.steps = append(pr.steps, step{send: b})
	}
	return pr
}

// frame is one of HTTP/2 (RFC 9113, section 4.1).
func frame(kind, flags byte, stream uint32, payload []byte) []byte {
	b := []byte{byte(len(payload) >> 16), byte(len(payload) >> 8), byte(len(payload)), kind, flags}
	return append(binary.BigEndian.AppendUint32(b, stream), payload...)
}

// literal is a header field that is not indexed (RFC 7541, section 6.2.2).
func literal(name, value string) []byte {
	b := append([]byte{0, byte(len(name))}, name...)
	return append(append(b, byte(len(value))), value...)
}

// burst is one of many connections from one network: soon none is looked at.
func (p *prober) burst() probe {
	pr := p.visit()
	pr.name, pr.from, pr.stay = "of many: "+pr.name, netip.MustParseAddr("10.254.0.9"), false
	return pr
}

// records spoils the protocol of records after a handshake that went well.
func (p *prober) records() probe {
	pr := probe{name: "records", alpn: []string{"http/1.1"}, stay: true, requests: 1}
	bad := [][]byte{
		append([]byte{23, 3, 3, 0, 40}, p.bytes(40)...),              // authenticates not
		append([]byte{23, 3, 3, 0, 40}, p.bytes(10)...),              // cut off
		append([]byte{23, 3, 3, 0x7f, 0xff}, p.bytes(40)...),         // too long
		{21, 3, 3, 0, 2, 2, byte(p.IntN(120))},                       // alert in clear
		append([]byte{22, 3, 3, 0, 40}, p.bytes(40)...),              // handshake in clear
		[]byte("GET / HTTP/1.1\r\nHost: h\r\n\r\n"),                  // no record
		append([]byte(opening.Magic), p.bytes(48)...),                // nor this
		append(append([]byte{}, p.hello...), p.bytes(p.IntN(50))...), // again from the start
	}
	if p.IntN(2) == 0 {
		pr.requests++
		name, b := p.request()
		pr.name += " after " + name
		pr.steps = append(pr.steps, step{send: b})
	}
	pr.steps = append(pr.steps, step{send: bad[p.IntN(len(bad))], below: true, fin: p.IntN(3) == 0})
	return pr
}

// brokenHello is a client hello that is cut off, slow or damaged.
func (p *prober) brokenHello() probe {
	pr := probe{name: "hello", clear: true, stay: true, requests: 1}
	cut := 6 + p.IntN(len(p.hello)-6)
	switch p.IntN(4) {
	case 0:
		pr.steps = []step{{send: p.hello[:cut], fin: p.IntN(2) == 0}}
	case 1:
		pr.steps = []step{{send: p.hello[:cut]}, {wait: p.seconds(15), send: p.hello[cut:]}}
	case 2:
		pr.steps = []step{{send: append(bytes.Clone(p.hello[:6]), p.mutated(p.hello[6:])...)}}
	default:
		pr.steps = []step{{send: append(bytes.Clone(p.hello), p.bytes(p.IntN(200))...)}}
	}
	return pr
}

// plainHTTP is a request in clear. It begins as one of a browser: what does not
// may be MSE.
func (p *prober) plainHTTP() probe {
	_, b := p.request()
	b = append([]byte("GET /x HTTP/1.1\r\nHost: h\r\n\r\n"), b...)
	if p.IntN(2) == 0 {
		b = p.captured
	}
	return probe{name: "HTTP in clear", clear: true, stay: p.IntN(2) == 0, requests: 2, steps: []step{{send: b}}}
}

// noise are bytes that are neither TLS nor HTTP: nothing, a handshake of
// BitTorrent, the key of MSE, chance.
func (p *prober) noise() probe {
	pr := probe{name: "noise", clear: true, stay: true, requests: 1}
	_, b := p.request()
	switch p.IntN(4) {
	case 0:
		b = append([]byte(opening.Magic), make([]byte, 48)...)
		copy(b[28:], v1.V1[:])
	case 1:
		b = p.bytes(96 + p.IntN(512))
	case 2:
		b = nil
	}
	pr.steps = []step{{send: b, fin: p.IntN(2) == 0}}
	if p.IntN(2) == 0 {
		pr.steps = append(pr.steps, step{send: p.bytes(p.IntN(600)), wait: p.seconds(12)})
	}
	return pr
}
