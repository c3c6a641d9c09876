package portmap

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy/gateway"
	"github.com/warren-p2p/warren/internal/portmap/pcp"
	"github.com/warren-p2p/warren/internal/portmap/upnp"
)

// ErrSilent means that a router has not answered.
var ErrSilent = errors.New("the router does not answer")

// Waiting for an answer: the first time, doubled each time (RFC 6886 section 3.1).
// Routers are near; who has not answered by then does not speak the protocol.
const (
	firstWait = 250 * time.Millisecond
	questions = 3
)

// told returns why a way to ask has failed, without the addresses that errors of
// package net carry: over IPv6 ours is among them.
func told(way method, err error) error {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return fmt.Errorf("ask by %s: %s: %w", way.name(), op.Op, op.Err)
	}
	return err
}

// exchange sends a datagram to the router until an answer comes that take accepts,
// or refuses for good. Datagrams of others are passed over.
func exchange(ctx context.Context, cfg *Config, r gateway.Route, b []byte, take func([]byte) error) error {
	network := "udp4"
	if r.Local.Is6() {
		network = "udp6"
	}
	c, err := cfg.Policy.ListenPacket(ctx, network, netip.AddrPortFrom(r.Local, 0).String())
	if err != nil {
		return fmt.Errorf("ask the router: %w", err)
	}
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { _ = c.Close() })
	defer stop()
	to := netip.AddrPortFrom(r.Router, pcp.Port)
	in := make([]byte, pcp.MaxSize+1)
	wait := firstWait
	for range questions {
		if _, err := c.WriteTo(b, net.UDPAddrFromAddrPort(to)); err != nil {
			return fmt.Errorf("ask the router: %w", err)
		}
		end := time.AfterFunc(wait, func() { _ = c.SetReadDeadline(time.Unix(1, 0)) })
		err := receive(c, in, to, take)
		end.Stop()
		if !errors.Is(err, ErrSilent) {
			return err
		}
		if ctx.Err() != nil {
			return fmt.Errorf("ask the router: %w", context.Cause(ctx))
		}
		_ = c.SetReadDeadline(time.Time{})
		wait *= 2
	}
	return ErrSilent
}

// receive reads until the router says something that is an answer.
func receive(c net.PacketConn, in []byte, router netip.AddrPort, take func([]byte) error) error {
	for {
		n, from, err := c.ReadFrom(in)
		if err != nil {
			return ErrSilent
		}
		at, ok := from.(*net.UDPAddr)
		if !ok || at.AddrPort().Port() != router.Port() || at.AddrPort().Addr().Unmap() != router.Addr() {
			continue
		}
		if err := take(in[:n]); !errors.Is(err, pcp.ErrMalformed) {
			return err
		}
	}
}

// byPCP asks by the Port Control Protocol.
type byPCP struct {
	cfg   *Config
	route gateway.Route

	mu     sync.Mutex
	nonces map[Protocol]pcp.Nonce
}

func (w *byPCP) name() string { return "PCP" }

func (w *byPCP) open(_ context.Context, cfg *Config, r gateway.Route) error {
	w.cfg, w.route = cfg, r
	if w.nonces == nil {
		w.nonces = make(map[Protocol]pcp.Nonce)
		for _, p := range cfg.Protocols {
			w.nonces[p] = newNonce()
		}
	}
	return nil
}

func (w *byPCP) ask(ctx context.Context, m pcp.Mapping) (got pcp.Mapping, err error) {
	w.mu.Lock()
	nonce := w.nonces[m.Protocol]
	w.mu.Unlock()
	err = exchange(ctx, w.cfg, w.route, pcp.AppendMap(nil, w.route.Local, nonce, m), func(b []byte) (err error) {
		got, err = pcp.ParseMap(b, nonce)
		return err
	})
	if err != nil {
		return got, fmt.Errorf("ask by PCP: %w", err)
	}
	return got, nil
}

func (w *byPCP) end(ctx context.Context, m pcp.Mapping) error {
	m.Lifetime, m.External = 0, netip.AddrPort{}
	_, err := w.ask(ctx, m)
	return err
}

// byPMP asks by NAT-PMP.
type byPMP struct {
	cfg      *Config
	route    gateway.Route
	external netip.Addr
}

func (w *byPMP) name() string { return "NAT-PMP" }

func (w *byPMP) open(ctx context.Context, cfg *Config, r gateway.Route) error {
	w.cfg, w.route = cfg, r
	err := exchange(ctx, cfg, r, pcp.AppendAddressPMP(nil), func(b []byte) (err error) {
		w.external, err = pcp.ParseAddressPMP(b)
		return err
	})
	if err != nil {
		return fmt.Errorf("ask by NAT-PMP: %w", err)
	}
	return nil
}

func (w *byPMP) ask(ctx context.Context, m pcp.Mapping) (got pcp.Mapping, err error) {
	err = exchange(ctx, w.cfg, w.route, pcp.AppendMapPMP(nil, m), func(b []byte) (err error) {
		got, err = pcp.ParseMapPMP(b, m.Protocol)
		return err
	})
	if err != nil {
		return got, fmt.Errorf("ask by NAT-PMP: %w", err)
	}
	got.External = netip.AddrPortFrom(w.external, got.External.Port())
	return got, nil
}

func (w *byPMP) end(ctx context.Context, m pcp.Mapping) error {
	m.Lifetime, m.External = 0, netip.AddrPort{}
	_, err := w.ask(ctx, m)
	return err
}

// byUPnP asks an Internet Gateway Device.
type byUPnP struct {
	device   *upnp.Device
	external netip.Addr
}

func (w *byUPnP) name() string { return "UPnP" }

// open looks for the device again each time: after a restart it may describe
// itself elsewhere.
func (w *byUPnP) open(ctx context.Context, cfg *Config, r gateway.Route) error {
	device, err := upnp.Find(ctx, upnp.Config{Policy: cfg.Policy, Local: r.Local, Router: r.Router})
	if err != nil {
		return fmt.Errorf("ask by UPnP: %w", err)
	}
	w.device = device
	w.external, _ = device.External(ctx) // without it the port is mapped all the same
	return nil
}

func (w *byUPnP) ask(ctx context.Context, m pcp.Mapping) (pcp.Mapping, error) {
	got, err := w.device.Map(ctx, m)
	if err != nil {
		return got, fmt.Errorf("ask by UPnP: %w", err)
	}
	got.External = netip.AddrPortFrom(w.external, got.External.Port())
	return got, nil
}

func (w *byUPnP) end(ctx context.Context, m pcp.Mapping) error { return w.device.Unmap(ctx, m) }
