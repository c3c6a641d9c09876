package btls

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/btls/internal/record"
	"github.com/warren-p2p/warren/btls/internal/upgrade"
)

// DialOptions says what is known of the server beforehand. The zero value is
// right for a peer of which only the address is known.
type DialOptions struct {
	// ServerName is the name the server advertised, if any. It goes into the
	// client hello unless it is an address, and the certificate must be valid for it unless a Pin is
	// given: a browser would insist too, and a client that does not gives
	// itself away by going on.
	ServerName string
	// Roots are the authorities for ServerName; nil means the system's.
	Roots *x509.CertPool
	// Pin is the SHA-256 digest of the server's SubjectPublicKeyInfo. The zero
	// value means that none is known. It replaces every other check.
	Pin [32]byte
	// Host is the Host header; by default ServerName or else the address, with the
	// port unless that is 443.
	Host string
	// Hello is what the client looks like; by default [hello.Go].
	Hello hello.Hello
}

// Dial runs the client's side of the switch on raw, which it owns from then
// on: it is closed if Dial fails. Nothing that depends on the torrent is sent
// before the certificate passed the checks of opts, and nothing that names it
// to an outsider before the server's proof was verified. ctx bounds Dial, not
// the connection.
//
// Errors match ErrNotPeer, ErrProof, ErrPin, ErrVersion, ErrKey,
// [hello.ErrName], or are those
// of the network and of crypto/tls.
func Dial(ctx context.Context, raw net.Conn, k Key, opts DialOptions) (*Conn, error) {
	c, err := dial(ctx, raw, k, opts)
	if err != nil {
		raw.Close()
		if ctx.Err() != nil {
			return nil, fmt.Errorf("btls: dial: %w", context.Cause(ctx))
		}
		return nil, err
	}
	return c, nil
}

func dial(ctx context.Context, raw net.Conn, k Key, opts DialOptions) (*Conn, error) {
	if k == (Key{}) {
		return nil, fmt.Errorf("btls: dial: %w", ErrKey)
	}
	// A deadline in the past wakes whatever waits on the connection.
	stop := context.AfterFunc(ctx, func() { raw.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	tap := record.NewTap(raw, true)
	look, tc, err := prepare(tap, opts)
	if err != nil {
		return nil, err
	}
	if err := tc.HandshakeContext(ctx); err != nil {
		return nil, fmt.Errorf("btls: TLS handshake: %w", err)
	}
	tap.HandshakeDone()
	st := tc.State()
	x, err := exporter(st)
	if err != nil {
		return nil, err
	}
	tag := k.Tag(sha256.Sum256(st.Leaf))
	pc := k.ClientProof(x, tag)
	req, err := look.Request(upgrade.NewRequest(hostHeader(raw, opts), tag, pc))
	if err != nil {
		return nil, fmt.Errorf("btls: make request: %w", err)
	}
	if _, err := tc.Write(req); err != nil {
		return nil, fmt.Errorf("btls: send request: %w", err)
	}
	behind, err := upgrade.ReadResponse(tc, k.ServerProof(x, pc))
	if err != nil {
		return nil, err
	}
	c, err := newConn(tc, tap, st, behind)
	if err != nil {
		return nil, err
	}
	if !stop() {
		return nil, context.Cause(ctx)
	}
	return c, nil
}

// prepare returns what looks as opts say, and what makes the handshake.
func prepare(tap *record.Tap, opts DialOptions) (look hello.Hello, tc hello.Client, err error) {
	if look = opts.Hello; look == nil {
		look = hello.Go{}
	}
	name, err := hello.ServerName(opts.ServerName)
	if err != nil {
		return nil, nil, fmt.Errorf("btls: server name: %w", err)
	}
	tc, err = look.Client(tap, hello.Params{
		ServerName: name, KeyLog: tap.KeyLog(),
		Verify: func(chain []*x509.Certificate) error { return verifyServer(chain, opts) },
	})
	if err != nil {
		return nil, nil, fmt.Errorf("btls: make a client hello: %w", err)
	}
	return look, tc, nil
}

func verifyServer(chain []*x509.Certificate, opts DialOptions) error {
	leaf := chain[0]
	if opts.Pin != ([32]byte{}) {
		if sha256.Sum256(leaf.RawSubjectPublicKeyInfo) != opts.Pin {
			return ErrPin
		}
		return nil
	}
	if opts.ServerName == "" {
		return nil
	}
	inter := x509.NewCertPool()
	for _, c := range chain[1:] {
		inter.AddCert(c)
	}
	_, err := leaf.Verify(x509.VerifyOptions{DNSName: opts.ServerName, Roots: opts.Roots, Intermediates: inter})
	return err
}

// hostHeader returns the host as the URL of a page there would have it.
func hostHeader(raw net.Conn, opts DialOptions) string {
	if opts.Host != "" {
		return opts.Host
	}
	at := raw.RemoteAddr().String()
	a, err := netip.ParseAddrPort(at)
	switch {
	case opts.ServerName != "" && err == nil:
		at = net.JoinHostPort(opts.ServerName, strconv.Itoa(int(a.Port())))
	case opts.ServerName != "":
		at = opts.ServerName
	case err == nil: // a zone is nobody else's business
		at = netip.AddrPortFrom(a.Addr().WithZone(""), a.Port()).String()
	}
	return strings.TrimSuffix(at, ":443")
}
