package reach

import (
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/portmap"
	"github.com/warren-p2p/warren/swarm/reachability"
)

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
func judge(f facts) reachability.Family {
	r := f.router
	out := reachability.Family{Local: r.Route.Local, Router: r.Route.Router, Seen: f.seen, Method: r.Method, Arrived: f.arrived, Err: r.Err}
	out.External = f.external()
	out.State, out.Cause = f.verdict()
	if out.State < reachability.Probably { // the address may be right; that the port leads to us is not known
		out.External = netip.AddrPortFrom(out.External.Addr(), 0)
	}
	return out
}

func (f *facts) verdict() (reachability.State, reachability.Cause) {
	r := &f.router
	public := netpolicy.IsPublic(r.Route.Local)
	switch {
	case !f.open:
		return reachability.Unknown, reachability.Closed
	case !f.arrived.IsZero():
		return reachability.Yes, reachability.Connected
	case !r.Route.Local.IsValid():
		return reachability.Unknown, reachability.Offline
	case r.Mapped():
		return f.behindRouter()
	case public && !f.v6:
		return reachability.Probably, reachability.OwnAddress
	case public && (r.Asked || f.off || !r.Route.Router.IsValid()):
		return reachability.Unproven, reachability.Firewall
	case carrier(r.Route.Local):
		return reachability.Unproven, reachability.Carrier
	case !r.Route.Router.IsValid():
		return reachability.Unproven, reachability.NoRouter
	case f.off:
		return reachability.Unproven, reachability.NotAsked
	case r.Asked:
		return reachability.Unproven, reachability.Refused
	}
	return reachability.Unknown, reachability.Asking
}

// behindRouter judges a mapping by what is behind the router.
func (f *facts) behindRouter() (reachability.State, reachability.Cause) {
	switch at := f.router.External; {
	case carrier(at):
		return reachability.Unproven, reachability.Carrier
	case at.IsValid() && !netpolicy.IsPublic(at), at.IsValid() && f.seen.IsValid() && at != f.seen:
		return reachability.Unproven, reachability.TwoRouters
	case !at.IsValid() && !f.seen.IsValid():
		return reachability.Unknown, reachability.Mapped
	}
	return reachability.Probably, reachability.Mapped
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
