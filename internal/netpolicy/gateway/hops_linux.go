package gateway

import (
	"cmp"
	"encoding/binary"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"syscall"
)

// hops asks the kernel for default routes of both families.
func hops() ([]hop, error) {
	table, err := syscall.NetlinkRIB(syscall.RTM_GETROUTE, syscall.AF_UNSPEC)
	if err != nil {
		return nil, err
	}
	messages, err := syscall.ParseNetlinkMessage(table)
	if err != nil {
		return nil, err
	}
	var list []hop
	for _, m := range messages {
		if h, ok := defaultHop(m); ok {
			list = append(list, h)
		}
	}
	slices.SortStableFunc(list, func(a, b hop) int { return cmp.Compare(a.metric, b.metric) })
	return list, nil
}

// defaultHop reads a message about a route (rtnetlink(7)): its head has the length
// of the destination in the second byte and the type in the eighth.
func defaultHop(m syscall.NetlinkMessage) (h hop, ok bool) {
	if m.Header.Type != syscall.RTM_NEWROUTE || len(m.Data) < syscall.SizeofRtMsg ||
		m.Data[1] != 0 || m.Data[7] != syscall.RTN_UNICAST {
		return hop{}, false
	}
	attrs, err := syscall.ParseNetlinkRouteAttr(&m)
	if err != nil {
		return hop{}, false
	}
	var link uint32
	for _, a := range attrs {
		switch a.Attr.Type {
		case syscall.RTA_GATEWAY:
			h.router, _ = netip.AddrFromSlice(a.Value)
		case syscall.RTA_OIF:
			link = number(a.Value)
		case syscall.RTA_PRIORITY:
			h.metric = number(a.Value)
		}
	}
	if h.router.IsLinkLocalUnicast() && h.router.Is6() {
		h.router = h.router.WithZone(zone(int(link)))
	}
	return h, h.router.IsValid()
}

func number(b []byte) uint32 {
	if len(b) != 4 {
		return 0
	}
	return binary.NativeEndian.Uint32(b)
}

// zone returns the name of an interface, or its number if it has gone.
func zone(index int) string {
	if ifi, err := net.InterfaceByIndex(index); err == nil {
		return ifi.Name
	}
	return strconv.Itoa(index)
}
