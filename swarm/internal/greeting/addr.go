package greeting

import (
	"log/slog"
	"net"
	"net/netip"
)

// AddrPort returns the address of an end of a TCP connection.
func AddrPort(a net.Addr) netip.AddrPort {
	if t, ok := a.(*net.TCPAddr); ok {
		ap := t.AddrPort()
		return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
	}
	ap, _ := netip.ParseAddrPort(a.String())
	return ap
}

// Redacted keeps an address out of logs: it shows the network, not the host.
type Redacted netip.AddrPort

// LogValue implements slog.LogValuer.
func (r Redacted) LogValue() slog.Value {
	a := netip.AddrPort(r).Addr()
	bits := 16
	if a.Is6() {
		bits = 32
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return slog.StringValue("unknown")
	}
	return slog.StringValue(p.String())
}
