package gate

import "net/netip"

const (
	maxVotes = 64 // voters that are remembered
	quorum   = 8  // voters that must agree
)

// votes counts who sees us under which address. A network has one vote, the last
// it cast, so that nobody decides with many addresses of one.
type votes struct {
	by    map[netip.Prefix]netip.Addr
	order []netip.Prefix
}

func (v *votes) cast(voter, you netip.Addr) {
	if classOf(you) != public || classOf(voter) != public {
		return
	}
	bits := 16
	if voter.Is6() {
		bits = 32
	}
	network, _ := voter.Prefix(bits) // in range
	if v.by == nil {
		v.by = make(map[netip.Prefix]netip.Addr)
	}
	if _, again := v.by[network]; !again {
		if len(v.order) == maxVotes {
			delete(v.by, v.order[0])
			v.order = v.order[1:]
		}
		v.order = append(v.order, network)
	}
	v.by[network] = you
}

// winner returns the address most voters see, if more than half of them do.
func (v *votes) winner() (netip.Addr, bool) {
	count := make(map[netip.Addr]int)
	for _, you := range v.by {
		count[you]++
		if n := count[you]; n >= quorum && 2*n > len(v.by) {
			return you, true
		}
	}
	return netip.Addr{}, false
}
