// Package server runs the server's side of BitTorrent over TLS for an engine
// that has an accept loop: it makes the TLS handshakes, answers visitors with a
// website, and returns the peers.
//
//	l, err := server.Listen(inner, table, server.Config{Certificate: cert, Site: site})
//	for {
//		conn, torrent, err := l.Accept()
//		...
//	}
//
// An engine that has an HTTPS server of its own uses [btls.Handler] and
// [btls.Acceptor] instead, of which this is made.
package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/warren-p2p/warren/btls"
)

const (
	// maxHeaderBytes bounds the header of a request; a peer's has less than 1 KiB.
	maxHeaderBytes = 16 << 10
	// idleTimeout is how long a visitor's connection is kept between requests.
	idleTimeout = time.Minute
	// pause is how long a failed Accept is not repeated: it may be that there are
	// too many open files.
	pause = 50 * time.Millisecond
)

var (
	errClosed  = errors.New("listener is closed")
	errTimeout = errors.New("handshake took too long")
)

// Config says what a [Listener] is. Certificate is required.
type Config struct {
	// Certificate is shown to peers and visitors alike. Keep it from one start to
	// the next; package certificate makes one.
	Certificate tls.Certificate
	// Site answers visitors. By default nothing is found there, which is the same
	// everywhere and thus a mark: give it a site of your own.
	Site http.Handler
	// HandshakeTimeout bounds the TLS handshake, and after it the wait for the
	// first request; by default 10 s.
	HandshakeTimeout time.Duration
	// Strangers is how many connections may be there at once that have proved
	// nothing, or that nobody has accepted yet; by default 256. A further one
	// closes the oldest of them: a flood of those who say nothing keeps nobody out
	// who speaks at once.
	Strangers int
}

// Listener returns the connections of those that proved to know a torrent of
// its table.
type Listener[V any] struct {
	inner     net.Listener
	table     *btls.Table[V]
	cfg       Config
	acceptor  *btls.Acceptor
	web       *http.Server
	strangers *strangers
	shaken    chan net.Conn // after the TLS handshake
	peers     chan peer[V]

	ctx   context.Context
	stop  context.CancelCauseFunc
	loops sync.WaitGroup // accept, handshakes, web
	once  sync.Once
	err   error

	mu       sync.Mutex
	cert     tls.Certificate
	closed   bool           // guards requests.Add
	requests sync.WaitGroup // handlers that run, and connections served
}

type peer[V any] struct {
	conn  *btls.Conn
	below *stranger
	value V
}

// Listen serves inner, which it owns from then on, until Close. The table may be
// changed while it does.
func Listen[V any](inner net.Listener, table *btls.Table[V], cfg Config) (*Listener[V], error) {
	if len(cfg.Certificate.Certificate) == 0 {
		return nil, fmt.Errorf("btls/server: listen: %w", errors.New("a certificate is required"))
	}
	if cfg.Site == nil {
		cfg.Site = http.NotFoundHandler()
	}
	if cfg.HandshakeTimeout == 0 {
		cfg.HandshakeTimeout = 10 * time.Second
	}
	if cfg.Strangers == 0 {
		cfg.Strangers = 256
	}
	l := &Listener[V]{
		inner: inner, table: table, cfg: cfg, strangers: &strangers{limit: cfg.Strangers},
		shaken: make(chan net.Conn), peers: make(chan peer[V]),
	}
	l.ctx, l.stop = context.WithCancelCause(context.Background())
	l.SetCertificate(cfg.Certificate)
	l.acceptor = btls.NewAcceptor(&tls.Config{
		MinVersion:                  tls.VersionTLS12,
		NextProtos:                  []string{"h2", "http/1.1"},
		DynamicRecordSizingDisabled: true,
		GetCertificate:              l.certificate,
	})
	l.serve()
	return l, nil
}

// serve starts the goroutines of l.
func (l *Listener[V]) serve() {
	l.web = &http.Server{
		ReadHeaderTimeout: l.cfg.HandshakeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          log.New(io.Discard, "", 0),
		ConnState:         l.connState,
	}
	handler := btls.NewHandler(l.table, l.cfg.Site, l.hand)
	handler.Attach(l.web)
	l.web.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if l.enter() {
			defer l.requests.Done()
			handler.ServeHTTP(w, r)
		}
	})
	l.loops.Go(func() { _ = l.web.Serve((*handshaken[V])(l)) }) // ends with l
	l.loops.Go(l.accept)
}

// SetCertificate replaces the certificate shown to new connections. Peers that
// read the previous one are still recognised for an hour.
func (l *Listener[V]) SetCertificate(c tls.Certificate) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.table.AddCertificate(c.Certificate[0])
	if old := l.cert.Certificate; len(old) > 0 && string(old[0]) != string(c.Certificate[0]) {
		l.table.RetireCertificate(old[0])
	}
	l.cert = c
}

func (l *Listener[V]) certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.cert
	return &c, nil
}

// Addr returns the address of the inner listener.
func (l *Listener[V]) Addr() net.Addr { return l.inner.Addr() }

// Accept waits for the next peer and returns its connection, which carries the
// peer wire from its first byte, with the table's value for the torrent the
// peer proved to know. That proof opens no other torrent: the handshake of BEP 3
// that comes next has to name this one. Errors match net.ErrClosed once l is
// closed or the inner listener is.
func (l *Listener[V]) Accept() (*btls.Conn, V, error) {
	for {
		select {
		case p := <-l.peers:
			if p.below.leave() { // and was not displaced at this very moment
				return p.conn, p.value, nil
			}
		case <-l.ctx.Done():
			var none V
			return nil, none, fmt.Errorf("btls/server: accept: %w: %w", net.ErrClosed, context.Cause(l.ctx))
		}
	}
}

// Close closes the inner listener and every connection that was not accepted,
// and waits for the goroutines of l. Accepted connections are their owners'.
func (l *Listener[V]) Close() error {
	l.once.Do(func() {
		l.stop(errClosed)
		l.err = l.inner.Close()
		l.mu.Lock()
		l.closed = true
		l.mu.Unlock()
		l.strangers.close()
		l.loops.Wait()
		_ = l.web.Close() // its only listener is closed already
		l.requests.Wait()
	})
	return l.err
}
