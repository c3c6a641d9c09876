package bound

import (
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"

	"github.com/warren-p2p/warren/internal/netpolicy/nic"
)

// sock is a socket that outlives the one below it: that is closed while the
// interface is away, and opened again at the same port when it is back.
type sock[T io.Closer] struct {
	b    *Interface
	open func(nic.State, netip.AddrPort) (T, error)
	addr func(T) net.Addr

	mu      sync.Mutex
	at      netip.AddrPort
	inner   T
	by      nic.Bond // of inner
	there   bool     // inner is
	told    bool     // that it cannot be opened again
	closed  bool
	losses  int           // how often inner went
	changed chan struct{} // closed when inner comes, goes or all ends
}

func newSock[T io.Closer](b *Interface, at netip.AddrPort) *sock[T] {
	return &sock[T]{b: b, at: at, changed: make(chan struct{})}
}

// add takes a socket into care and opens what is below it. That the interface is
// away is no error.
func (b *Interface) add(l lasting, begin func(nic.State) error) error {
	b.looking.Lock() // the state stays until it was told
	defer b.looking.Unlock()
	b.mu.Lock()
	s := b.state
	b.lasting[l] = struct{}{}
	b.mu.Unlock()
	err := begin(s)
	if err != nil {
		b.drop(l)
	}
	return err
}

func (b *Interface) drop(l lasting) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.lasting, l)
}

// dynamic are the ports that are for whoever wants one (RFC 6335, section 6).
const dynamic = 49152

// begin opens what is below for the first time.
func (k *sock[T]) begin(s nic.State) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if s.Why == "" {
		return k.reopen(s)
	}
	if k.at.Port() == 0 { // who listens wants to know the port now
		k.at = netip.AddrPortFrom(k.at.Addr(), dynamic+uint16(rand.IntN(1<<16-dynamic)))
	}
	return nil
}

// adapt opens or closes what is below, as a state wants it.
func (k *sock[T]) adapt(s nic.State) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		return
	}
	if k.there && !s.KeepsSocket(k.by) {
		k.shut()
	}
	if !k.there && s.Why == "" {
		err := k.reopen(s) // tried again at the next look
		if err != nil && !k.told {
			k.b.cfg.Log.Warn("a port cannot be opened again", "interface", k.b.cfg.Interface, "port", k.at.Port(), "err", cause(err))
		}
		k.told = err != nil
	}
}

// cause leaves out the address.
func cause(err error) error {
	if op, ok := err.(*net.OpError); ok {
		return op.Err
	}
	return err
}

// reopen opens what is below. The caller holds mu.
func (k *sock[T]) reopen(s nic.State) error {
	inner, err := k.open(s, k.at)
	if err != nil {
		return err
	}
	local, _ := netip.ParseAddrPort(k.addr(inner).String())
	k.at = netip.AddrPortFrom(k.at.Addr(), local.Port())
	k.inner, k.there, k.by = inner, true, s.BondOf(k.addr(inner))
	k.turn()
	return nil
}

// shut closes what is below. The caller holds mu.
func (k *sock[T]) shut() {
	_ = k.inner.Close() // who reads from it waits for the next one
	k.there = false
	k.losses++
	k.turn()
}

func (k *sock[T]) turn() {
	close(k.changed)
	k.changed = make(chan struct{})
}

// current returns what is below, if it is there, and what is closed when that
// changes. The error is [net.ErrClosed] at the end.
func (k *sock[T]) current() (inner T, there bool, changed <-chan struct{}, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		return inner, false, k.changed, net.ErrClosed
	}
	return k.inner, k.there, k.changed, nil
}

// replaced reports whether an error of inner is none of whoever uses the socket: it
// was closed from here, or the interface has just gone.
func (k *sock[T]) replaced(changed <-chan struct{}) bool {
	k.b.look()
	select {
	case <-changed:
		return true
	default:
		return false
	}
}

// end closes the socket for good.
func (k *sock[T]) end(l lasting) (err error) {
	k.b.drop(l)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		return net.ErrClosed
	}
	k.closed = true
	if k.there {
		err = k.inner.Close()
		k.there = false
	}
	k.turn()
	return err
}

// local returns where the socket is, also while what is below is away.
func (k *sock[T]) local() netip.AddrPort {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.there {
		if a, err := netip.ParseAddrPort(k.addr(k.inner).String()); err == nil {
			return a
		}
	}
	return k.at
}

// listener is a TCP listener by the interface.
type listener struct{ *sock[net.Listener] }

// Accept waits for a connection, also while the interface is away.
func (l *listener) Accept() (net.Conn, error) {
	for {
		inner, there, changed, err := l.current()
		if err != nil {
			return nil, l.wrap(err)
		}
		if !there {
			<-changed
			continue
		}
		under, err := inner.Accept()
		if err != nil {
			if l.replaced(changed) {
				continue
			}
			return nil, err
		}
		l.mu.Lock()
		index := l.by.Index
		l.mu.Unlock()
		local, _ := netip.ParseAddrPort(under.LocalAddr().String())
		c := &conn{Conn: under, b: l.b, by: nic.Bond{Index: index, Local: local.Addr().Unmap().WithZone("")}}
		if l.b.hold(c) == nil {
			return c, nil
		}
		_ = under.Close() // it came while the interface went
	}
}

func (l *listener) wrap(err error) error {
	return &net.OpError{Op: "accept", Net: "tcp", Addr: l.Addr(), Err: err}
}

// Close ends Accept. Connections go on.
func (l *listener) Close() error { return l.end(l) }

// Addr returns where it listens.
func (l *listener) Addr() net.Addr { return net.TCPAddrFromAddrPort(l.local()) }
