//go:build linux

// Package handshake measures what it takes to become a peer over TLS: a connection
// with its handshake and the switch to the peer wire, beside one with the handshake
// alone, and finding the torrent that a peer names.
package handshake

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/warren-p2p/warren/bench/internal/report"
	"github.com/warren-p2p/warren/bench/internal/report/figure"
	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/certificate"
	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/btls/parrot"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/transport"
)

// Spec is how much is done in a repetition.
type Spec struct {
	Torrents   int // among which one is found
	Handshakes int // of each kind, by turns
}

// look is what a client looks like.
type look struct {
	variant string
	hello   hello.Hello
}

func looks() []look { return []look{{figure.AsGo, hello.Go{}}, {figure.AsChromium, parrot.New()}} }

// Group measures reps times. Handshakes of all kinds take turns; a repetition is
// worth the median of its handshakes.
func Group(ctx context.Context, s Spec, reps int, log func(format string, args ...any)) (report.Group, error) {
	g := report.Group{Part: report.Handshake, Torrents: s.Torrents}
	for _, l := range looks() {
		g.Entries = append(g.Entries,
			report.Entry{Client: figure.Raw, Variant: l.variant, Mode: figure.TLS, Op: "handshake"},
			report.Entry{Client: figure.Warren, Variant: l.variant, Mode: figure.TLS, Op: "handshake"})
	}
	g.Entries = append(g.Entries, report.Entry{Client: figure.Warren, Op: "lookup"})
	for range reps {
		medians, err := handshakes(ctx, s.Handshakes)
		if err != nil {
			return g, err
		}
		one, err := lookup(ctx, s.Torrents)
		if err != nil {
			return g, err
		}
		for i, d := range append(medians, one) {
			g.Entries[i].Runs = append(g.Entries[i].Runs, report.Run{Seconds: d.Seconds()})
			log("%s: %v", g.Entries[i].Title(), d)
		}
	}
	return g, nil
}

// handshakes returns the median of each kind, in the order of the entries.
func handshakes(ctx context.Context, n int) (medians []time.Duration, err error) {
	id := transport.ID{HasV1: true}
	_, _ = rand.Read(id.V1[:]) // never fails, says its documentation
	cert, err := certificate.SelfSigned(clock.System{}.Now(), nil)
	if err != nil {
		return nil, err
	}
	alone, err := serve(ctx, cert)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, alone.close()) }()
	port, err := transport.Listen(ctx, "127.0.0.1:0", transport.Config{Policy: netpolicy.Direct{}, Certificate: cert,
		Carrier: transport.TCPOnly, Handle: func(in transport.Incoming) { _ = in.Conn.Close() }})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, port.Close()) }()
	if err := port.Add(id, transport.TLS); err != nil {
		return nil, err
	}
	var kinds []func() (net.Conn, error)
	for _, l := range looks() {
		kinds = append(kinds, func() (net.Conn, error) { return bare(ctx, alone.addr(), l.hello) }, func() (net.Conn, error) {
			return transport.DialTLS(ctx, netpolicy.Direct{}, port.Addr().String(), id, btls.DialOptions{Hello: l.hello})
		})
	}
	took := make([][]time.Duration, len(kinds))
	for range n {
		for i, do := range kinds {
			began := clock.System{}.Now()
			c, err := do()
			if err != nil {
				return nil, err
			}
			took[i] = append(took[i], clock.System{}.Now().Sub(began))
			_ = c.Close() // the other end may have done so
		}
	}
	for _, t := range took {
		slices.Sort(t)
		medians = append(medians, t[len(t)/2])
	}
	return medians, nil
}

// bare makes a connection with a handshake and nothing after it.
func bare(ctx context.Context, addr string, h hello.Hello) (net.Conn, error) {
	raw, err := netpolicy.Direct{}.Dial(ctx, addr)
	if err != nil {
		return nil, err
	}
	c, err := h.Client(raw, hello.Params{Verify: func([]*x509.Certificate) error { return nil }, KeyLog: io.Discard})
	if err == nil {
		err = c.HandshakeContext(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("bare handshake: %w", err), raw.Close())
	}
	return c, nil
}

// server makes handshakes and closes the connections.
type server struct {
	l    net.Listener
	work sync.WaitGroup
}

func serve(ctx context.Context, cert tls.Certificate) (*server, error) {
	l, err := netpolicy.Direct{}.Listen(ctx, "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &server{l: l}
	cfg := &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: []string{"h2", "http/1.1"}}
	s.work.Go(func() {
		for {
			raw, err := l.Accept()
			if err != nil {
				return
			}
			s.work.Go(func() {
				c := tls.Server(raw, cfg)
				if c.HandshakeContext(ctx) == nil {
					_, _ = io.Copy(io.Discard, c) // until the client hangs up
				}
				_ = raw.Close()
			})
		}
	})
	return s, nil
}

func (s *server) addr() string { return s.l.Addr().String() }

func (s *server) close() error {
	err := s.l.Close()
	s.work.Wait()
	return err
}

// lookups is how often a torrent is looked for.
const lookups = 1 << 20

// lookup returns how long it takes to find one torrent of n by its tag, on average
// over tags that are there, in random order.
func lookup(ctx context.Context, n int) (time.Duration, error) {
	table := btls.NewTable[int](nil)
	der := make([]byte, 600)
	_, _ = rand.Read(der) // never fails, says its documentation
	table.AddCertificate(der)
	tags, err := fill(table, der, n)
	if err != nil {
		return 0, err
	}
	began := clock.System{}.Now()
	for i := range lookups {
		if _, ok := table.Find(tags[i*7919%n]); !ok {
			return 0, fmt.Errorf("look up torrent %d of %d: %w", i*7919%n, n, errLost)
		}
	}
	return clock.System{}.Now().Sub(began) / lookups, context.Cause(ctx)
}

var errLost = errors.New("it is not there")
