// Package parrot is a client that looks like Chromium opening a WebSocket.
//
// What it repeats was recorded from Debian's Chromium 156 on Linux, opening a
// wss:// URL of a host that it had no session with. Its client hello has the same
// extensions with the same bodies as that one, in an order that is drawn anew for
// each connection as Chromium draws it; its request has the same lines in the same
// order. A test puts both beside each other and fails when they differ in anything
// but this:
//
//   - Chromium offers a session if it has been at the server before. The parrot
//     never does: its connections must not be linked (RFC 8446, appendix C.4).
//   - The list of trust anchors comes with Chromium's release, and Chromium renews
//     it by itself between two of them.
//   - Signatures of ML-DSA, and certificates chosen by trust anchor, are offered and
//     not understood. A server that has nothing else cannot be spoken to.
//   - Chromium says certificate_unknown to a certificate it does not accept, the
//     parrot bad_certificate. The alert is encrypted and as long.
//   - A path and a cookie are random text, which some pages have and others not.
//
// What is seen of a connection besides, such as TCP's options, is the system's. A
// parrot of an old version stands out among browsers that renew themselves: [Major]
// says which one this is.
package parrot

import (
	"fmt"
	"net"
	"runtime"
	"strings"

	utls "github.com/refraction-networking/utls"

	"github.com/warren-p2p/warren/btls/hello"
)

// Major is the version of Chromium that is repeated.
const Major = 156

// Chromium looks like Chromium. Its zero value is on Linux.
type Chromium struct{ platform string }

var _ hello.Hello = Chromium{}

// New returns a Chromium on the system that this program runs on, as what is below
// TLS shows that too.
func New() Chromium { return Chromium{platform(runtime.GOOS)} }

// platform returns what Chromium says of a system, in versions that it has frozen.
func platform(goos string) string {
	switch goos {
	case "windows":
		return "Windows NT 10.0; Win64; x64"
	case "darwin":
		return "Macintosh; Intel Mac OS X 10_15_7"
	}
	return "X11; Linux x86_64"
}

// Client returns a client whose hello is Chromium's.
func (Chromium) Client(raw net.Conn, p hello.Params) (hello.Client, error) {
	c := utls.UClient(raw, &utls.Config{
		ServerName:                  p.ServerName,
		DynamicRecordSizingDisabled: true,
		KeyLogWriter:                p.KeyLog,
		// Without a cache there is no session to resume.
		ClientSessionCache: nil,
		InsecureSkipVerify: true,
		VerifyConnection: func(st utls.ConnectionState) error {
			return p.Verify(st.PeerCertificates)
		},
	}, utls.HelloCustom)
	if err := c.ApplyPreset(spec(p.ServerName)); err != nil {
		return nil, fmt.Errorf("parrot: %w", err)
	}
	return client{c}, nil
}

type client struct{ *utls.UConn }

// State tells what the handshake came to.
func (c client) State() hello.State {
	st := c.ConnectionState()
	s := hello.State{Version: st.Version, CipherSuite: st.CipherSuite, Export: st.ExportKeyingMaterial}
	if len(st.PeerCertificates) > 0 {
		s.Leaf = st.PeerCertificates[0].Raw
	}
	return s
}

// Request returns Chromium's request for a WebSocket, made by a page of the same
// server.
func (c Chromium) Request(r hello.Request) ([]byte, error) {
	if err := r.Check(); err != nil {
		return nil, fmt.Errorf("parrot: %w", err)
	}
	system := c.platform
	if system == "" {
		system = platform("linux")
	}
	return []byte(strings.Join([]string{
		"GET " + r.Path + " HTTP/1.1",
		"Host: " + r.Host,
		"Connection: Upgrade",
		"Pragma: no-cache",
		"Cache-Control: no-cache",
		fmt.Sprintf("User-Agent: Mozilla/5.0 (%s) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.0.0 Safari/537.36", system, Major),
		"Upgrade: websocket",
		"Origin: https://" + r.Host,
		"Sec-WebSocket-Version: 13",
		"Accept-Encoding: gzip, deflate, br, zstd",
		"Accept-Language: en-US,en;q=0.9",
		"Cookie: " + r.Cookie,
		"Sec-WebSocket-Key: " + r.Key,
		"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
		"\r\n",
	}, "\r\n")), nil
}
