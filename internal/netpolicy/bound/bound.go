// Package bound lets traffic out by one network interface and by no other: that
// of a VPN, most of the time.
//
// Sockets are bound to the interface itself where the system lets us (Linux since
// 5.7, SO_BINDTODEVICE): then the kernel sends nothing by another one, whatever
// its routes say. Elsewhere they are bound to an address of the interface, which
// routes may send another way; [Status] says which of the two it is.
//
// That is a kill switch as well. While the interface is away, is down or has no
// address, nothing is opened and what was open is closed; a listener and a UDP
// socket stay, without the socket below, and go on when it is back. Nothing is
// ever opened without it.
package bound

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/lookup"
	"github.com/warren-p2p/warren/internal/netpolicy/nic"
)

// lookPeriod is how often the interface is looked at, beside each time that
// something is opened.
const lookPeriod = time.Second

// Config says what to bind to.
type Config struct {
	// Interface is the name of an interface, or one of its addresses; then packets
	// leave from that address alone.
	Interface string
	// NameServers are asked for names, by the interface. Without any those are that
	// the machine asks, unless they are on this machine: one of these asks others by
	// whatever interface it likes.
	NameServers []netip.AddrPort
	// Links and Sockets are what the machine has; the machine's.
	Links   func() ([]nic.Link, error)
	Sockets nic.Sockets
	// Changed is told whenever the status has changed; optional. It must not call
	// the Interface.
	Changed func(Status)
	Log     *slog.Logger // discards
}

// Status says how it stands with an interface.
type Status = nic.Status

// DownError reports that nothing leaves, because the interface is not there.
type DownError = nic.DownError

// Interface is a policy that lets out by one interface. Its methods are safe for
// concurrent use.
type Interface struct {
	cfg    Config
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup

	looking sync.Mutex // one at a time; taken before mu
	mu      sync.Mutex
	state   nic.State
	held    map[*conn]struct{}
	lasting map[lasting]struct{}
	names   *lookup.Resolver
}

// lasting is a socket that outlives what is below it. adapt opens or closes that.
type lasting interface{ adapt(s nic.State) }

var _ netpolicy.Policy = (*Interface)(nil)

// Open returns a policy of an interface, which need not be there yet. It has to be
// closed.
func Open(cfg Config) (*Interface, error) {
	if cfg.Interface == "" {
		return nil, fmt.Errorf("bind to an interface: no name is given")
	}
	if cfg.Links == nil {
		cfg.Links = nic.List
	}
	if cfg.Sockets == nil {
		cfg.Sockets = nic.System{}
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	b := &Interface{cfg: cfg, held: map[*conn]struct{}{}, lasting: map[lasting]struct{}{}}
	b.ctx, b.cancel = context.WithCancel(context.Background())
	loop := b.look().Link.Loop
	b.names = &lookup.Resolver{Servers: cfg.NameServers, Dial: b.askServer, Own: loop}
	b.wg.Go(b.watch)
	return b, nil
}

// Close ends watching, and closes what is still open.
func (b *Interface) Close() error {
	b.cancel()
	b.wg.Wait()
	b.turn(nic.State{Why: b.cfg.Interface + " is not used any more"})
	return nil
}

func (b *Interface) watch() {
	tick := time.NewTicker(lookPeriod)
	defer tick.Stop()
	for {
		select {
		case <-b.ctx.Done():
			return
		case <-tick.C:
			b.look()
			b.mend()
		}
	}
}

// mend opens again what could not be opened when the interface came back.
func (b *Interface) mend() {
	b.looking.Lock()
	defer b.looking.Unlock()
	b.mu.Lock()
	s := b.state
	all := slices.Collect(maps.Keys(b.lasting))
	b.mu.Unlock()
	for _, l := range all {
		l.adapt(s)
	}
}

// look looks at the interface, acts on what has changed, and returns how it is.
func (b *Interface) look() nic.State {
	b.looking.Lock()
	defer b.looking.Unlock()
	if b.ctx.Err() != nil {
		return nic.State{Why: b.cfg.Interface + " is not used any more"}
	}
	list, err := b.cfg.Links()
	s := nic.Judge(b.cfg.Interface, list, err)
	b.mu.Lock()
	same := s.Equal(b.state)
	if same {
		s = b.state
	}
	b.mu.Unlock()
	if same {
		return s
	}
	s.Device = s.Why == "" && b.cfg.Sockets.Permitted(s.Link.Name)
	b.turn(s)
	b.cfg.Log.Info("network interface", "interface", b.cfg.Interface, "up", s.Why == "", "why", s.Why, "device", s.Device)
	if b.cfg.Changed != nil {
		b.cfg.Changed(s.Status(b.cfg.Interface))
	}
	return s
}

// turn takes a new state: connections that it does not allow are closed, and what
// lasts is told. Opening takes no lock that a caller of Dial holds.
func (b *Interface) turn(s nic.State) {
	b.mu.Lock()
	b.state = s
	var cut []*conn
	for c := range b.held {
		if !s.Keeps(c.by) {
			cut = append(cut, c)
		}
	}
	all := slices.Collect(maps.Keys(b.lasting))
	b.mu.Unlock()
	for _, c := range cut {
		c.cut(s.Down(b.cfg.Interface))
	}
	for _, l := range all {
		l.adapt(s)
	}
}

// Status returns how it stands.
func (b *Interface) Status() Status {
	return b.look().Status(b.cfg.Interface)
}

// Dial opens a TCP connection to addr by the interface. The error matches
// [*DownError] while it is not there.
func (b *Interface) Dial(ctx context.Context, addr string) (net.Conn, error) {
	return b.dial(ctx, "tcp", addr)
}

// Listen opens a TCP listener on addr that takes what comes by the interface. It
// may be opened while that is away, and then begins when it is back.
func (b *Interface) Listen(ctx context.Context, addr string) (net.Listener, error) {
	at, err := b.place(ctx, addr)
	if err != nil {
		return nil, &net.OpError{Op: "listen", Net: "tcp", Err: err}
	}
	l := &listener{newSock[net.Listener](b, at)}
	l.open = func(s nic.State, at netip.AddrPort) (net.Listener, error) {
		by, at, err := s.Listen("tcp", at)
		if err != nil {
			return nil, err
		}
		return b.cfg.Sockets.Listen(b.ctx, at.String(), by)
	}
	l.addr = func(l net.Listener) net.Addr { return l.Addr() }
	if err := b.add(l, l.begin); err != nil {
		return nil, err
	}
	return l, nil
}

// ListenPacket opens a UDP socket on addr that sends and takes by the interface.
// It may be opened while that is away; what is written then is refused with a
// [*DownError].
func (b *Interface) ListenPacket(ctx context.Context, network, addr string) (net.PacketConn, error) {
	at, err := b.place(ctx, addr)
	if err != nil {
		return nil, &net.OpError{Op: "listen", Net: network, Err: err}
	}
	c := newPacketConn(newSock[net.PacketConn](b, at))
	c.open = func(s nic.State, at netip.AddrPort) (net.PacketConn, error) {
		by, at, err := s.Listen(network, at)
		if err != nil {
			return nil, err
		}
		return b.cfg.Sockets.ListenPacket(b.ctx, network, at.String(), by)
	}
	c.addr = func(c net.PacketConn) net.Addr { return c.LocalAddr() }
	if err := b.add(c, c.begin); err != nil {
		return nil, err
	}
	return c, nil
}
