package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/facade/made"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/transport/admission"
	"github.com/warren-p2p/warren/internal/transport/byname"
	"github.com/warren-p2p/warren/internal/transport/carrier"
)

// Config says what a [Port] is. Policy, Certificate and Handle are required.
type Config struct {
	Policy      netpolicy.Policy
	Certificate tls.Certificate
	// Handle receives every peer. It owns the connection from then on and is
	// called on a goroutine of the port, which Close waits for: it should pass
	// the connection on and return.
	Handle func(Incoming)
	// Site answers visitors; by default one that is the same on all ports, which
	// serves tests alone. Who comes without TLS is sent to HTTPS, unless it has a
	// method InClear(*http.Request) bool that says otherwise.
	Site http.Handler
	// Challenges, if not nil, are answered wherever they are asked (RFC 8555).
	Challenges Challenges
	// Pad pads small records of peers over TLS; see [btls.PadBuckets].
	Pad bool
	// Plain and MSE say whether peers without TLS are let in.
	Plain, MSE bool
	// Carrier says whether there is TCP, uTP or both.
	Carrier Carrier
	// Sent, if not nil, is told to whom packets go out by the UDP port that were
	// not asked for by a packet of theirs. It must not wait.
	Sent func(netip.Addr)

	Clock clock.Clock  // by default the machine's
	Log   *slog.Logger // by default none

	HandshakeTimeout  time.Duration // by default 10 s
	Handshakes        int           // at once; by default 64
	NetworkHandshakes int           // at once from one /24 or /48; by default 32
	HostHandshakes    int           // at once from one IPv4 address or /64; by default 8
	VisitorsKept      int           // connections of visitors; by default 256
}

func (c *Config) setDefaults() {
	if c.Site == nil {
		c.Site = made.New([32]byte{})
	}
	if c.Clock == nil {
		c.Clock = clock.System{}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.HandshakeTimeout == 0 {
		c.HandshakeTimeout = 10 * time.Second
	}
	if c.Handshakes == 0 {
		c.Handshakes = 64
	}
	if c.NetworkHandshakes == 0 {
		c.NetworkHandshakes = 32
	}
	if c.HostHandshakes == 0 {
		c.HostHandshakes = 8
	}
	if c.VisitorsKept == 0 {
		c.VisitorsKept = 256
	}
}

// Port is one port, of TCP and of UDP, that peers and visitors share.
type Port struct {
	cfg      Config
	ports    *carrier.Ports
	tls      *btls.Acceptor
	cert     atomic.Pointer[tls.Certificate]
	torrents *torrents
	ssl      byname.Table
	slots    *admission.Slots
	visitors *admission.Visitors
	web      *web

	ctx   context.Context
	stop  context.CancelCauseFunc
	conns sync.WaitGroup
	once  sync.Once
	err   error
}

var errClosed = errors.New("port is closed")

// Listen opens addr ("host:port") and serves it until Close. ctx bounds
// opening the port, not its life.
func Listen(ctx context.Context, addr string, cfg Config) (*Port, error) {
	cfg.setDefaults()
	if cfg.Policy == nil || cfg.Handle == nil || len(cfg.Certificate.Certificate) == 0 {
		return nil, fmt.Errorf("transport: listen on %s: policy, certificate and handler are required", addr)
	}
	ports, err := carrier.Open(ctx, addr, carrier.Config{Choice: cfg.Carrier, Policy: cfg.Policy, Clock: cfg.Clock, Log: cfg.Log, Sent: cfg.Sent})
	if err != nil {
		return nil, fmt.Errorf("transport: listen on %s: %w", addr, err)
	}
	p := &Port{
		cfg: cfg, ports: ports, torrents: newTorrents(cfg.Clock),
		slots:    admission.NewSlots(admission.Bounds{All: cfg.Handshakes, PerNetwork: cfg.NetworkHandshakes, PerHost: cfg.HostHandshakes}),
		visitors: admission.NewVisitors(cfg.VisitorsKept),
	}
	p.ctx, p.stop = context.WithCancelCause(context.Background())
	p.tls = btls.NewAcceptor(&tls.Config{
		MinVersion:                  tls.VersionTLS12,
		NextProtos:                  []string{"h2", "http/1.1"},
		DynamicRecordSizingDisabled: true,
		GetCertificate:              func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return p.cert.Load(), nil },
	})
	p.SetCertificate(cfg.Certificate)
	p.web = newWeb(p)
	if ports.TCP != nil {
		p.conns.Go(p.accept)
	}
	if ports.UTP != nil {
		p.conns.Go(p.acceptUTP)
	}
	return p, nil
}

// Add makes the port answer to a torrent: over TLS and MSE, or only over the
// kinds given. A hybrid is answered under both its info-hashes. An SSL torrent has
// one kind alone, whatever is given.
func (p *Port) Add(id ID, kinds ...Kind) error {
	if id.Access.SSL != nil {
		for _, n := range id.names() {
			p.ssl.Add(n.short, id.Access.SSL)
		}
		return nil
	}
	return p.torrents.add(id, kinds)
}

// Remove makes the port forget a torrent. Connections already handed over stay.
func (p *Port) Remove(id ID) error {
	if id.Access.SSL != nil {
		for _, n := range id.names() {
			p.ssl.Remove(n.short)
		}
		return nil
	}
	return p.torrents.remove(id)
}

// SetCertificate replaces the certificate shown to new connections. Peers that
// read the previous one are still recognised for an hour.
func (p *Port) SetCertificate(c tls.Certificate) {
	p.torrents.tls.AddCertificate(c.Certificate[0])
	old := p.cert.Swap(&c)
	if old != nil && string(old.Certificate[0]) != string(c.Certificate[0]) {
		p.torrents.tls.RetireCertificate(old.Certificate[0])
	}
}

// Close closes the port and waits for its goroutines. Connections that were
// handed over are their owners' business.
func (p *Port) Close() error {
	p.once.Do(func() {
		p.stop(errClosed)
		p.err = p.ports.Close()
		p.web.close()
		p.conns.Wait()
	})
	return p.err
}
