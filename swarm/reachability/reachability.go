// Package reachability says whether others can connect to a node, and where, and if
// not what is in the way.
package reachability

import (
	"net/netip"
	"time"
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
	NoRouter                // the address is a private one, and there is none to ask: a VPN
	TwoRouters              // behind the router there is another one
)

// String implements fmt.Stringer.
func (c Cause) String() string {
	return [...]string{
		"asking", "closed", "offline", "connected", "own-address", "mapped", "firewall", "refused", "not-asked", "carrier", "no-router", "two-routers",
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
