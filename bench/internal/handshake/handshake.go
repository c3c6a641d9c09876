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
	"sync"

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

// Group measures reps times. Handshakes of all kinds take turns, a few at a time; a
// repetition is worth the processor time of one, both ends together, and the median
// of how long one takes.
func Group(ctx context.Context, s Spec, reps int, log func(format string, args ...any)) (report.Group, error) {
	g := report.Group{Part: report.Handshake, Torrents: s.Torrents}
	for _, l := range looks() {
		g.Entries = append(g.Entries,
			report.Entry{Client: figure.Raw, Variant: l.variant, Mode: figure.TLS, Op: "handshake"},
			report.Entry{Client: figure.Warren, Variant: l.variant, Mode: figure.TLS, Op: "handshake"})
	}
	g.Entries = append(g.Entries, report.Entry{Client: figure.Warren, Op: "lookup"})
	for range reps {
		costs, err := handshakes(ctx, s.Handshakes)
		if err != nil {
			return g, err
		}
		one, err := lookup(ctx, s.Torrents)
		if err != nil {
			return g, err
		}
		for i, c := range append(costs, one) {
			g.Entries[i].Runs = append(g.Entries[i].Runs, report.Run{Seconds: c.took.Seconds(), CPUDown: c.cpu.Seconds()})
			log("%s: %v, of the processor %v", g.Entries[i].Title(), c.took, c.cpu)
		}
	}
	return g, nil
}

// handshakes returns what each kind costs, in the order of the entries.
func handshakes(ctx context.Context, n int) (costs []cost, err error) {
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
	var peers sync.WaitGroup
	defer peers.Wait()
	port, err := transport.Listen(ctx, "127.0.0.1:0", transport.Config{Policy: netpolicy.Direct{}, Certificate: cert,
		Carrier: transport.TCPOnly, Handle: func(in transport.Incoming) {
			peers.Go(func() {
				_, _ = io.Copy(io.Discard, in.Conn) // until the client hangs up, as the other server does
				_ = in.Conn.(*btls.Conn).NetConn().Close()
			})
		}})
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
	return turns(kinds, n)
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

// lookup returns what it costs to find one torrent of n by its tag, on average over
// tags that are there, in a scattered order.
func lookup(ctx context.Context, n int) (cost, error) {
	table := btls.NewTable[int](nil)
	der := make([]byte, 600)
	_, _ = rand.Read(der) // never fails, says its documentation
	table.AddCertificate(der)
	tags, err := fill(table, der, n)
	if err != nil {
		return cost{}, err
	}
	before, err := spent()
	if err != nil {
		return cost{}, err
	}
	for i := range lookups {
		if _, ok := table.Find(tags[i*7919%n]); !ok {
			return cost{}, fmt.Errorf("look up torrent %d of %d: %w", i*7919%n, n, errLost)
		}
	}
	after, err := spent()
	return cost{(after.took - before.took) / lookups, (after.cpu - before.cpu) / lookups}, errors.Join(err, context.Cause(ctx))
}

var errLost = errors.New("it is not there")
