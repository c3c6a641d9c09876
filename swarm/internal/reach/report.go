package reach

import (
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/portmap"
)

// State answers whether others can reach the node.
type State uint8

// The states, from what says least to what says most.
const (
	Unknown  State = iota // it has only begun, or there is no way out
	Unproven              // nobody has come, and nothing says that anybody can
	Probably              // nobody has come, but all is set up for it
	Yes                   // somebody on the Internet has connected
)

// String implements fmt.Stringer.
func (s State) String() string {
	return [...]string{"unknown", "unproven", "probably", "yes"}[s]
}

// Cause says why a state is what it is.
type Cause uint8

// The causes.
const (
	Asking     Cause = iota // the router, which has not had its chance yet
	Closed                  // the port is not open in this family, or for this machine alone
	Offline                 // there is no way out
	Connected               // somebody has
	OwnAddress              // the machine has an address on the Internet itself
	Mapped                  // the router passes the port on
	Firewall                // addresses are not translated, but the router may let nobody in
	Refused                 // the router does not pass the port on
	NotAsked                // the router, because that was said
	Carrier                 // behind the router the provider translates addresses once more
	TwoRouters              // behind the router there is another one
)

// String implements fmt.Stringer.
func (c Cause) String() string {
	return [...]string{
		"asking", "closed", "offline", "connected", "own-address", "mapped", "firewall", "refused", "not-asked", "carrier", "two-routers",
	}[c]
}

// Family is how it stands with one family of addresses.
type Family struct {
	State  State
	Cause  Cause
	Local  netip.Addr // of this machine, by which packets leave
	Router netip.Addr // the next hop
	// External is where others reach us, as far as is known: the address of the
	// mapping, or the one that others see, or our own. Its port is 0 if it is not
	// known to lead to us.
	External netip.AddrPort
	Seen     netip.Addr // as whom others see us, if enough of them agree
	Method   string     // by which the router was asked: PCP, NAT-PMP, UPnP
	Arrived  time.Time  // when somebody connected last
	Err      error      // why the router has not mapped all ports
}

// Report is how it stands with both families.
type Report struct {
	IPv4, IPv6 Family
	Port       uint16 // the node listens on; 0 without
}

// Best returns the family in which most speaks for it that others can reach us,
// IPv4 if they are alike.
func (r Report) Best() Family {
	if r.IPv6.State > r.IPv4.State {
		return r.IPv6
	}
	return r.IPv4
}

// facts are what a family is judged by.
type facts struct {
	v6      bool
	open    bool // the node listens in this family
	off     bool // the router is not asked
	port    uint16
	router  portmap.Status
	seen    netip.Addr
	arrived time.Time // by the way out there is now; zero if nobody has
}

// judge says what the facts come to.
func judge(f facts) Family {
	r := f.router
	out := Family{Local: r.Route.Local, Router: r.Route.Router, Seen: f.seen, Method: r.Method, Arrived: f.arrived, Err: r.Err}
	out.External = f.external()
	out.State, out.Cause = f.verdict()
	if out.State < Probably { // the address may be right; that the port leads to us is not known
		out.External = netip.AddrPortFrom(out.External.Addr(), 0)
	}
	return out
}

func (f *facts) verdict() (State, Cause) {
	r := &f.router
	public := netpolicy.IsPublic(r.Route.Local)
	switch {
	case !f.open:
		return Unknown, Closed
	case !f.arrived.IsZero():
		return Yes, Connected
	case !r.Route.Local.IsValid():
		return Unknown, Offline
	case r.Mapped():
		return f.behindRouter()
	case public && !f.v6:
		return Probably, OwnAddress
	case public && (r.Asked || f.off):
		return Unproven, Firewall
	case carrier(r.Route.Local):
		return Unproven, Carrier
	case f.off:
		return Unproven, NotAsked
	case r.Asked:
		return Unproven, Refused
	}
	return Unknown, Asking
}

// behindRouter judges a mapping by what is behind the router.
func (f *facts) behindRouter() (State, Cause) {
	switch at := f.router.External; {
	case carrier(at):
		return Unproven, Carrier
	case at.IsValid() && !netpolicy.IsPublic(at), at.IsValid() && f.seen.IsValid() && at != f.seen:
		return Unproven, TwoRouters
	case !at.IsValid() && !f.seen.IsValid():
		return Unknown, Mapped
	}
	return Probably, Mapped
}

// external returns where others reach us, as far as is known.
func (f *facts) external() netip.AddrPort {
	port := f.port
	if f.router.Mapped() {
		if port = f.router.Ports[portmap.TCP]; port == 0 {
			port = f.router.Ports[portmap.UDP]
		}
	}
	local := f.router.Route.Local
	switch {
	case netpolicy.IsPublic(f.router.External) && f.seen.IsValid() && f.seen != f.router.External:
		return netip.AddrPortFrom(f.seen, 0) // the port that leads there is not known
	case netpolicy.IsPublic(f.router.External):
		return netip.AddrPortFrom(f.router.External, port)
	case f.seen.IsValid():
		return netip.AddrPortFrom(f.seen, port)
	case netpolicy.IsPublic(local):
		return netip.AddrPortFrom(local, port)
	}
	return netip.AddrPort{}
}

// carrier reports whether an address is shared behind a carrier's NAT (RFC 6598).
func carrier(a netip.Addr) bool {
	return a.IsValid() && netip.MustParsePrefix("100.64.0.0/10").Contains(a.Unmap())
}
