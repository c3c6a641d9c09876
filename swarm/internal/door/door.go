// Package door is where strangers come into a session: the port, the names of
// the torrents it answers to, and the addresses that stay out.
//
// A peer that connects says which torrent it is about; the [Door] finds the
// roster of that, waking the torrent if it sleeps, and leaves the rest to it. The lock of a door may be taken by
// who holds any other; with it held, only the port is called.
package door

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/internal/transport/admission"
	"github.com/warren-p2p/warren/swarm/internal/conduct"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/internal/roster"
)

// ErrDuplicate is returned for a torrent of which a name is taken.
var ErrDuplicate = errors.New("torrent is there already")

// Config is what a door needs.
type Config struct {
	PeerID  [20]byte // ours
	Clock   clock.Clock
	Log     *slog.Logger
	Blocked func(netip.Addr) bool // optional
	Conduct *conduct.Book         // who is kept out for a while
	// Arrived is told of a peer that has connected by itself and joined, and over
	// what; optional. It must not wait.
	Arrived func(from netip.Addr, udp bool)
}

// Torrent is what a door knows of a torrent.
type Torrent interface {
	// Admit calls f with the roster of the torrent, which it keeps until f
	// returns. The error says why there is none, or is that of f.
	Admit(f func(*roster.Roster) error) error
	// Present calls f with the roster if there may be peers on it. It must not
	// wait.
	Present(f func(*roster.Roster))
}

// Door lets peers in. Its methods are safe for concurrent use.
type Door struct {
	cfg  Config
	port *transport.Port // nil if it does not listen
	hall *admission.Slots
	ctx  context.Context
	wg   sync.WaitGroup // strangers

	mu       sync.Mutex
	torrents map[[20]byte]Torrent // by every 20-byte name; a hybrid has two; nil while it opens
	terms    map[[20]byte]terms   // of those that are open
	banned   map[netip.Addr]time.Time
}

// terms are what a torrent demands of who wants in.
type terms struct {
	id     transport.ID
	policy conns.Policy
}

// New returns a door that lets nobody in before Listen, nor after the end of
// ctx.
func New(ctx context.Context, cfg Config) *Door {
	return &Door{
		cfg: cfg, ctx: ctx, hall: admission.NewSlots(greetings),
		torrents: make(map[[20]byte]Torrent), terms: make(map[[20]byte]terms), banned: make(map[netip.Addr]time.Time),
	}
}

// Listen opens the port at addr ("host:port"), before anything else is done. ctx
// bounds opening it. Where nobody can connect, as behind a proxy, there is no port, and
// that is no error.
func (d *Door) Listen(ctx context.Context, addr string, cfg transport.Config) error {
	cfg.Handle = d.accept
	port, err := transport.Listen(ctx, addr, cfg)
	if netpolicy.Mute(err) {
		return nil
	}
	if err != nil {
		return err
	}
	d.port = port
	return nil
}

// Opener returns what opens connections to peers: the port, which has more ways
// than TCP, or without one the network as it is.
func (d *Door) Opener(network transport.Opener) transport.Opener {
	if d.port == nil {
		return network
	}
	return d.port.Opener()
}

// SetCertificate replaces what the port shows, if it is open.
func (d *Door) SetCertificate(c tls.Certificate) {
	if d.port != nil {
		d.port.SetCertificate(c)
	}
}

// Packets returns the part of the port that belongs to the DHT (BEP 5), of one
// family of addresses; nil if there is none.
func (d *Door) Packets(v6 bool) net.PacketConn {
	if d.port == nil {
		return nil
	}
	return d.port.Others(v6)
}

// Addr returns the address peers can connect to, nil without a listener.
func (d *Door) Addr() net.Addr {
	if d.port == nil {
		return nil
	}
	return d.port.Addr()
}

// Reserve takes the names of a torrent, with nothing behind them yet.
func (d *Door) Reserve(id transport.ID) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, n := range greeting.Names(id) {
		if _, taken := d.torrents[n]; taken {
			return ErrDuplicate
		}
	}
	for _, n := range greeting.Names(id) {
		d.torrents[n] = nil
	}
	return nil
}

// Open lets the peers of a torrent, whose names are reserved, in as a policy
// allows.
func (d *Door) Open(id transport.ID, t Torrent, policy conns.Policy) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.port != nil {
		if err := d.port.Add(id, greeting.Kinds(policy)...); err != nil {
			return fmt.Errorf("open the port: %w", err)
		}
	}
	for _, n := range greeting.Names(id) {
		d.torrents[n], d.terms[n] = t, terms{id, policy}
	}
	return nil
}

// Reopen makes the port answer to a torrent as another policy demands, if it
// does at all.
func (d *Door) Reopen(id transport.ID, policy conns.Policy) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.torrents[id.Wire()] == nil {
		return nil
	}
	for _, n := range greeting.Names(id) {
		d.terms[n] = terms{id, policy}
	}
	if d.port == nil {
		return nil
	}
	if err := d.port.Remove(id); err != nil {
		return err
	}
	return d.port.Add(id, greeting.Kinds(policy)...)
}

// Shut lets nobody in to a torrent any more.
func (d *Door) Shut(id transport.ID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.port != nil {
		_ = d.port.Remove(id) // it does not mind what it does not know
	}
	for _, n := range greeting.Names(id) {
		delete(d.torrents, n)
		delete(d.terms, n)
	}
}

// Close closes the port and waits for the strangers that are at it; that the
// context ends sends them away.
func (d *Door) Close() error {
	var err error
	if d.port != nil {
		err = d.port.Close()
	}
	d.wg.Wait()
	return err
}

// Find returns the torrent that has a name, nil if there is none.
func (d *Door) Find(name [20]byte) Torrent { return d.torrent(name) }

func (d *Door) torrent(name [20]byte) Torrent {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.torrents[name]
}

// termsOf returns what a torrent demands that has a name.
func (d *Door) termsOf(name [20]byte) terms {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.terms[name]
}
