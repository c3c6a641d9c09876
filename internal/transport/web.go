package transport

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/transport/admission"
)

// maxHeaderBytes bounds the header of a visitor's request.
const maxHeaderBytes = 16 << 10

// web is the one HTTP server for visitors and TLS peers. It is its own
// listener: connections come to it after the TLS handshake.
type web struct {
	port  *Port
	srv   *http.Server
	queue chan net.Conn

	mu       sync.Mutex // guards closed against requests.Add
	closed   bool
	requests sync.WaitGroup
	served   sync.WaitGroup
}

func newWeb(p *Port) *web {
	w := &web{port: p, queue: make(chan net.Conn)}
	peers := btls.NewHandler(p.torrents.tls, http.HandlerFunc(w.site), w.peer)
	w.srv = &http.Server{
		ReadHeaderTimeout: p.cfg.HandshakeTimeout,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          log.New(io.Discard, "", 0),
		ConnState:         w.connState,
		// A site that passes requests on, WebSockets too, learns of the end.
		BaseContext: func(net.Listener) context.Context { return p.ctx },
	}
	peers.Attach(w.srv)
	w.srv.Handler = w.counted(peers)
	w.served.Go(func() { _ = w.srv.Serve(w) }) // ends with the port
	return w
}

// serve gives a connection to the HTTP server.
func (w *web) serve(c net.Conn) {
	if !w.port.visitors.Add(c) {
		admission.HangUp(c)
		return
	}
	select {
	case w.queue <- c:
	case <-w.port.ctx.Done():
		w.port.visitors.Remove(c)
		admission.HangUp(c)
	}
}

// Accept, Close and Addr make web the listener of its own server.
func (w *web) Accept() (net.Conn, error) {
	select {
	case c := <-w.queue:
		return c, nil
	case <-w.port.ctx.Done():
		return nil, net.ErrClosed
	}
}

// Close does nothing: the port's owner closes it.
func (w *web) Close() error { return nil }

// Addr returns the port's address.
func (w *web) Addr() net.Addr { return w.port.Addr() }

func (w *web) connState(c net.Conn, s http.ConnState) {
	if s == http.StateClosed || s == http.StateHijacked {
		w.port.visitors.Remove(c)
	}
}

// counted makes close wait for requests under way, hijacked ones included.
func (w *web) counted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if !w.enter() {
			return
		}
		defer w.requests.Done()
		next.ServeHTTP(rw, r)
	})
}

func (w *web) enter() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.closed {
		w.requests.Add(1)
	}
	return !w.closed
}

func (w *web) peer(c *btls.Conn, infoHash [20]byte) {
	w.port.hand(Incoming{Conn: c, Kind: TLS, InfoHash: infoHash})
}

// clear is what a site may have that answers some requests without TLS too: a tracker,
// whose clients accept no certificate that they do not know.
type clear interface {
	InClear(r *http.Request) bool
}

// site answers visitors; those who came without TLS are asked to come back.
func (w *web) site(rw http.ResponseWriter, r *http.Request) {
	if c, ok := w.port.cfg.Site.(clear); r.TLS != nil || ok && c.InClear(r) {
		w.port.cfg.Site.ServeHTTP(rw, r)
		return
	}
	if answer, ok := w.port.token(r); ok {
		_, _ = io.WriteString(rw, answer) // the authority asks again if it has gone
		return
	}
	u := *r.URL
	u.Scheme, u.Host = "https", r.Host
	rw.Header().Set("Connection", "close")
	http.Redirect(rw, r, u.String(), http.StatusMovedPermanently)
}

// close ends the server after the port's context ended.
func (w *web) close() {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	w.port.visitors.Close()
	w.served.Wait()
	_ = w.srv.Close() // its only listener is closed already
	w.requests.Wait()
}
