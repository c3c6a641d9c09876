package nic

import (
	"fmt"
	"net"
	"net/netip"
	"slices"

	"github.com/warren-p2p/warren/internal/netpolicy"
)

// Link is what is known of an interface.
type Link struct {
	Name  string
	Index int // another one after it was gone, though its name is the same
	Up    bool
	Addrs []netip.Prefix
	// Shared says that neighbours are on it whom multicast reaches: an Ethernet, not
	// the line to one other end that a VPN is.
	Shared bool
	Loop   bool // the machine itself
}

// Status says how it stands with an interface.
type Status struct {
	Interface string // as it was given
	Up        bool
	// Why says in plain words why nothing leaves; "" if Up.
	Why string
	// Addresses are those of the interface from which packets leave.
	Addresses []netip.Addr
	// ByAddress says that the system did not let us bind to the interface itself, but
	// to its address: other routes can send packets elsewhere.
	ByAddress bool
}

// DownError reports that nothing leaves, because the interface is not there.
type DownError struct{ Interface, Why string }

func (e *DownError) Error() string { return "nothing leaves: " + e.Why }

// Is makes it match [netpolicy.ErrDown].
func (e *DownError) Is(target error) bool { return target == netpolicy.ErrDown }

// State is how an interface is.
type State struct {
	Why    string // nothing leaves; "" if something does
	Link   Link
	Addrs  []netip.Addr // from which packets leave
	Device bool         // sockets are bound to the interface itself

	only bool // an address was given: no other of the interface is used
}

// Judge finds the interface that is meant, by its name or an address. err is that
// of listing interfaces.
func Judge(want string, list []Link, err error) State {
	if err != nil {
		return State{Why: fmt.Sprintf("the interfaces of this machine cannot be listed: %v", err)}
	}
	if ip, bad := netip.ParseAddr(want); bad == nil {
		ip = ip.Unmap()
		for _, l := range list {
			if slices.ContainsFunc(l.Addrs, func(p netip.Prefix) bool { return p.Addr() == ip }) {
				return upOrDown(l, []netip.Addr{ip}, true)
			}
		}
		return State{Why: fmt.Sprintf("no interface of this machine has the address %s", want)}
	}
	for _, l := range list {
		if l.Name != want {
			continue
		}
		var addrs []netip.Addr
		for _, p := range l.Addrs {
			if a := p.Addr(); !a.Is6() || !a.IsLinkLocalUnicast() { // every interface has such a one
				addrs = append(addrs, a)
			}
		}
		return upOrDown(l, addrs, false)
	}
	return State{Why: fmt.Sprintf("there is no interface %s on this machine", want)}
}

func upOrDown(l Link, addrs []netip.Addr, only bool) State {
	switch {
	case !l.Up:
		return State{Why: fmt.Sprintf("the interface %s is down", l.Name)}
	case len(addrs) == 0:
		return State{Why: fmt.Sprintf("the interface %s has no address", l.Name)}
	}
	return State{Link: l, Addrs: addrs, only: only}
}

// Equal reports whether nothing has changed.
func (s State) Equal(o State) bool {
	return s.Why == o.Why && s.Link.Name == o.Link.Name && s.Link.Index == o.Link.Index && slices.Equal(s.Addrs, o.Addrs)
}

// Status returns how it stands with an interface that was given as name.
func (s State) Status(name string) Status {
	return Status{
		Interface: name, Up: s.Why == "", Why: s.Why, Addresses: slices.Clone(s.Addrs),
		ByAddress: s.Why == "" && !s.Device,
	}
}

// Down returns the error of a state in which nothing leaves.
func (s State) Down(name string) error {
	why := s.Why
	if why == "" {
		why = fmt.Sprintf("the address of %s has changed", name)
	}
	return &DownError{name, why}
}

// has reports whether packets of a family leave.
func (s State) has(v6 bool) bool {
	return slices.ContainsFunc(s.Addrs, func(a netip.Addr) bool { return a.Is6() == v6 })
}

// first returns an address of a family, invalid if there is none.
func (s State) first(v6 bool) netip.Addr {
	for _, a := range s.Addrs {
		if a.Is6() == v6 {
			return a
		}
	}
	return netip.Addr{}
}

// Binding is how a socket for a family is bound. That of the interface itself leaves
// it to the kernel which of its addresses to use: it knows which are temporary.
func (s State) Binding(v6 bool) Binding {
	by := Binding{Index: s.Link.Index}
	if s.Device {
		by.Device = s.Link.Name
	}
	if s.only || !s.Device {
		by.Source = s.first(v6)
	}
	return by
}

// Reaches says why packets cannot go to an address by this interface; nil if they
// can.
func (s State) Reaches(to netip.Addr) error {
	to = to.Unmap()
	switch {
	case to.IsLoopback() && !s.Link.Loop:
		return &net.AddrError{Err: "is this machine, to which no packet goes by " + s.Link.Name, Addr: to.String()}
	case !s.has(to.Is6()):
		return &net.AddrError{Err: s.Link.Name + " has no address of this family", Addr: to.String()}
	}
	return nil
}

// Listen returns how and where to listen.
func (s State) Listen(network string, at netip.AddrPort) (Binding, netip.AddrPort, error) {
	host := at.Addr().Unmap()
	v6 := network == "udp6" || host.Is6() && host != netip.IPv6Unspecified()
	both := !v6 && network != "udp4" && host == netip.IPv6Unspecified()
	if both && (s.only || !s.Device) {
		v6 = !s.has(false) // one socket has one address: that of IPv4, which most peers have
	}
	if !both && !s.has(v6) {
		return Binding{}, at, &net.AddrError{Err: s.Link.Name + " has no address of this family", Addr: at.String()}
	}
	by := s.Binding(v6)
	switch {
	case !host.IsUnspecified():
		own := func(p netip.Prefix) bool { return p.Addr() == host.WithZone("") && (!s.only || host == s.Addrs[0]) }
		if !slices.ContainsFunc(s.Link.Addrs, own) {
			return Binding{}, at, &net.AddrError{Err: "is not an address of " + s.Link.Name, Addr: host.String()}
		}
	case network == "udp4" || network == "udp6":
		if at = netip.AddrPortFrom(netip.IPv4Unspecified(), at.Port()); v6 {
			at = netip.AddrPortFrom(netip.IPv6Unspecified(), at.Port())
		}
		if by.Source.IsValid() {
			at = netip.AddrPortFrom(by.Source, at.Port())
		}
	case by.Source.IsValid():
		at = netip.AddrPortFrom(by.Source, at.Port())
	}
	by.Source = netip.Addr{} // the place says it
	return by, at, nil
}

// Keeps reports whether a connection may go on: by the same interface, which still
// has its address.
func (s State) Keeps(c Bond) bool {
	return s.Why == "" && s.Link.Index == c.Index &&
		slices.ContainsFunc(s.Link.Addrs, func(p netip.Prefix) bool { return p.Addr() == c.Local })
}

// KeepsSocket reports the same of a socket without another end, which may be open
// for all addresses of the interface.
func (s State) KeepsSocket(c Bond) bool {
	return s.Keeps(c) || c.Local.IsUnspecified() && s.Why == "" && s.Link.Index == c.Index
}

// Bond is by what a connection stands.
type Bond struct {
	Index int
	Local netip.Addr // without a zone
}

// BondOf returns that of a socket at a local address, by the interface as it is.
func (s State) BondOf(at net.Addr) Bond {
	local, _ := netip.ParseAddrPort(at.String())
	return Bond{s.Link.Index, local.Addr().Unmap().WithZone("")}
}
