package btls

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/btls/internal/guard"
	"github.com/warren-p2p/warren/btls/internal/upgrade"
)

// answerTimeout bounds writing the answer that switches protocols.
const answerTimeout = 10 * time.Second

// Handler answers visitors with the website and hands peers over. It serves
// both on one ordinary [http.Server], HTTP/2 included, so that nothing but the
// proof tells them apart. Call Attach to put it there.
//
// After one bad proof on a connection, or 20 within a minute from one network
// (see [Subnet]), the table is not consulted for it any more: only the website
// answers, in the same words as to anyone.
type Handler[V any] struct {
	table *Table[V]
	site  http.Handler
	peer  func(*Conn, V)
	guard *guard.Guard
}

// NewHandler returns a Handler. peer is called for each connection that proved
// a torrent of the table, with the table's value for it; it owns the
// connection and runs on the goroutine of the request, whose memory is held
// until it returns.
func NewHandler[V any](table *Table[V], site http.Handler, peer func(*Conn, V)) *Handler[V] {
	return &Handler[V]{table: table, site: site, peer: peer, guard: guard.New(table.clock)}
}

// Attach makes h the handler of srv, which must not be serving yet. It wraps
// srv.ConnContext, which is how h tells one connection from another.
func (h *Handler[V]) Attach(srv *http.Server) {
	next := srv.ConnContext
	srv.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		if next != nil {
			ctx = next(ctx, c)
		}
		return context.WithValue(ctx, connKey{}, new(connState))
	}
	srv.Handler = h
}

// Subnet returns the network a Handler counts strangers by: the /24 of an IPv4
// address, the /48 of an IPv6 one. addr is "host:port" as net.Addr prints it;
// everything that is no IP address is one network, the zero Prefix.
func Subnet(addr string) netip.Prefix { return guard.Subnet(addr) }

type connKey struct{}

// connState is what is remembered of one TLS connection.
type connState struct{ refused atomic.Bool }

// ServeHTTP switches to the peer wire or serves the website. A request that
// did not come through a server h was attached to is always a visitor's.
func (h *Handler[V]) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c, ok := upgrade.ParseClaim(r)
	if ok {
		if g, ok := h.verify(r, c); ok && h.switchProtocols(w, g) {
			return
		}
	}
	h.site.ServeHTTP(w, r)
}

// granted is a claim that was proved.
type granted[V any] struct {
	value  V
	answer []byte
}

// verify checks a claim, if this connection and its network may still make one.
func (h *Handler[V]) verify(r *http.Request, c upgrade.Claim) (g granted[V], ok bool) {
	conn, attached := r.Context().Value(connKey{}).(*connState)
	if !attached || r.TLS == nil || r.TLS.DidResume || conn.refused.Load() {
		return g, false
	}
	x, err := exporter(hello.Of(r.TLS))
	if err != nil {
		return g, false
	}
	ok = h.guard.Try(Subnet(r.RemoteAddr), func() bool {
		g, ok = h.prove(c, x)
		return ok
	})
	if !ok {
		conn.refused.Store(true)
	}
	return g, ok
}

// prove looks a claim up and checks its proof.
func (h *Handler[V]) prove(c upgrade.Claim, x [32]byte) (g granted[V], ok bool) {
	k, value, ok := h.table.lookup(c.Tag)
	if !ok {
		return g, false
	}
	pc := k.ClientProof(x, c.Tag)
	cookie, ok := c.Match(pc)
	if !ok {
		return g, false
	}
	return granted[V]{value, upgrade.EncodeResponse(c.Key, cookie, k.ServerProof(x, pc))}, true
}

// switchProtocols takes the connection away from the HTTP server and hands it
// over. It reports false if the connection cannot be taken.
func (h *Handler[V]) switchProtocols(w http.ResponseWriter, g granted[V]) bool {
	raw, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return false
	}
	behind, _ := buffered.Reader.Peek(buffered.Reader.Buffered())
	conn, err := answer(raw, g.answer, append([]byte(nil), behind...))
	if err != nil {
		raw.Close()
		return true
	}
	h.peer(conn, g.value)
	return true
}

func answer(raw net.Conn, msg, behind []byte) (*Conn, error) {
	tc, ok := raw.(*tls.Conn)
	if !ok {
		return nil, fmt.Errorf("btls: hijacked a %T", raw)
	}
	// The server's own deadlines are still set.
	if err := raw.SetDeadline(time.Time{}); err != nil {
		return nil, fmt.Errorf("btls: reset deadlines: %w", err)
	}
	giveUp := time.AfterFunc(answerTimeout, func() { tc.NetConn().Close() })
	defer giveUp.Stop()
	if _, err := tc.Write(msg); err != nil {
		return nil, fmt.Errorf("btls: write answer: %w", err)
	}
	return ofTLS(tc, behind)
}
