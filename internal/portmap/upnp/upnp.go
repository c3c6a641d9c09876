// Package upnp maps ports at a router that is an Internet Gateway Device of UPnP.
//
// What the device describes and how it is asked is goupnp's; the sockets are
// those of netpolicy. Only the router that packets leave by is listened to, and
// nobody else is ever asked, whatever it describes: a device names URLs, and
// they could be anybody's.
package upnp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/huin/goupnp"
	"github.com/huin/goupnp/dcps/internetgateway2"
	"github.com/huin/goupnp/soap"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/portmap/pcp"
)

// Config says who asks whom. All fields are required.
type Config struct {
	Policy netpolicy.Policy
	Local  netip.Addr // ours, of IPv4
	Router netip.Addr // the next hop, of IPv4
}

// Errors of routers.
var (
	// ErrNone means that the router is no Internet Gateway Device, or says nothing.
	ErrNone = errors.New("the router does not speak UPnP")
	// ErrElsewhere means that a device named a URL that is not its own.
	ErrElsewhere = errors.New("the router sends us elsewhere")
	ErrMalformed = errors.New("the router answers what makes no sense")
)

// Refusal is an error code of UPnP (WANIPConnection:1 section 2.4.16).
type Refusal struct{ Code int }

// Error implements error.
func (r *Refusal) Error() string {
	switch r.Code {
	case codeNotAuthorised:
		return "the router does not allow it"
	case codeConflict:
		return "the router has given the port to another machine"
	}
	return fmt.Sprintf("the router refuses with UPnP error %d", r.Code)
}

const (
	codeNotAuthorised = 606
	codeConflict      = 718 // ConflictInMappingEntry
	codePermanent     = 725 // OnlyPermanentLeasesSupported
)

// connection is what the services of a device for connections have in common.
type connection interface {
	AddPortMappingCtx(ctx context.Context, remote string, external uint16, protocol string, internal uint16,
		client string, enabled bool, description string, lease uint32) error
	DeletePortMappingCtx(ctx context.Context, remote string, external uint16, protocol string) error
	GetExternalIPAddressCtx(ctx context.Context) (string, error)
}

// Device is a router. Its methods are safe for concurrent use.
type Device struct {
	cfg  Config
	conn connection
}

// timeout bounds one request, whatever the context says.
const timeout = 5 * time.Second

// Find looks for the device, for three seconds at most, and reads what it
// describes. Errors match [ErrNone], [ErrElsewhere] or [ErrMalformed], or are those
// of connections.
func Find(ctx context.Context, cfg Config) (*Device, error) {
	at, err := search(ctx, cfg)
	if err != nil {
		return nil, err
	}
	web := client(cfg)
	root, err := describe(ctx, web, at)
	if err != nil {
		return nil, err
	}
	list, err := connections(root, at, web, cfg.Router)
	if len(list) == 0 {
		return nil, err
	}
	d := &Device{cfg, list[0]}
	for _, c := range list {
		// Of several connections one leads to the Internet.
		if _, err := (&Device{cfg, c}).External(ctx); err == nil {
			d.conn = c
			break
		}
	}
	return d, nil
}

// maxConnections is how many connections of a device are looked at.
const maxConnections = 4

// connections returns the services of a device that map ports, newest first, or
// why there are none.
func connections(root *goupnp.RootDevice, at *url.URL, web *http.Client, router netip.Addr) (list []connection, err error) {
	err = fmt.Errorf("%w: it describes no connection", ErrNone)
	add := func(c connection, s *goupnp.ServiceClient) {
		if to := s.SOAPClient.EndpointURL; !s.Service.ControlURL.Ok || !own(&to, router) {
			err = fmt.Errorf("read what the router describes: %w", ErrElsewhere)
		} else if len(list) < maxConnections {
			s.SOAPClient.HTTPClient = *web
			list = append(list, c)
		}
	}
	ip2, _ := internetgateway2.NewWANIPConnection2ClientsFromRootDevice(root, at)
	for _, c := range ip2 {
		add(c, c.GetServiceClient())
	}
	ip1, _ := internetgateway2.NewWANIPConnection1ClientsFromRootDevice(root, at)
	for _, c := range ip1 {
		add(c, c.GetServiceClient())
	}
	ppp, _ := internetgateway2.NewWANPPPConnection1ClientsFromRootDevice(root, at)
	for _, c := range ppp {
		add(c, c.GetServiceClient())
	}
	return list, err
}

// own reports whether a URL is one of the router's, by its address and not by a
// name, which could mean anybody.
func own(u *url.URL, router netip.Addr) bool {
	ip, err := netip.ParseAddr(u.Hostname())
	return err == nil && ip == router && u.Scheme == "http" && u.User == nil
}

// External returns the address of the router on its other side.
func (d *Device) External(ctx context.Context) (netip.Addr, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	text, err := d.conn.GetExternalIPAddressCtx(ctx)
	if err != nil {
		return netip.Addr{}, refused(ctx, "ask for the external address", err)
	}
	a, err := netip.ParseAddr(text)
	if err != nil || !a.Is4() || a.IsUnspecified() {
		return netip.Addr{}, fmt.Errorf("%w: no external address", ErrMalformed)
	}
	return a, nil
}

// description is what routers show beside the port.
const description = "warren"

// tries is how many external ports are asked for until one is free.
const tries = 4

// Map asks for a port, and if another machine has it for one of the next. It
// returns what was granted, with a lifetime of 0 for one without end.
func (d *Device) Map(ctx context.Context, m pcp.Mapping) (pcp.Mapping, error) {
	port := m.External.Port()
	if port == 0 {
		port = m.Internal
	}
	var err error
	for range tries {
		m.External = netip.AddrPortFrom(m.External.Addr(), port)
		if m.Lifetime, err = d.add(ctx, m); err == nil {
			return m, nil
		}
		if r, ok := errors.AsType[*Refusal](err); !ok || r.Code != codeConflict {
			break
		}
		port = max(port+1, firstPort) // wraps to 0, which max lifts again
	}
	return pcp.Mapping{}, err
}

// firstPort is the first one that ordinary programs may have.
const firstPort = 1024

// add asks for one port. Some routers know mappings without end alone.
func (d *Device) add(ctx context.Context, m pcp.Mapping) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	for _, lease := range []time.Duration{m.Lifetime, 0} {
		err := d.conn.AddPortMappingCtx(ctx, "", m.External.Port(), protocol(m.Protocol), m.Internal,
			d.cfg.Local.String(), true, description, uint32(lease/time.Second))
		if err == nil {
			return lease, nil
		}
		err = refused(ctx, "map a port", err)
		if r, ok := errors.AsType[*Refusal](err); !ok || r.Code != codePermanent || lease == 0 {
			return 0, err
		}
	}
	return 0, nil // not reached: the second lease is 0
}

// Unmap ends a mapping.
func (d *Device) Unmap(ctx context.Context, m pcp.Mapping) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	err := d.conn.DeletePortMappingCtx(ctx, "", m.External.Port(), protocol(m.Protocol))
	if err != nil {
		return refused(ctx, "end a mapping", err)
	}
	return nil
}

func protocol(p pcp.Protocol) string {
	if p == pcp.UDP {
		return "UDP"
	}
	return "TCP"
}

// refused returns an error without the words of the router. goupnp does not wrap
// what ended a request.
func refused(ctx context.Context, doing string, err error) error {
	if fault, ok := errors.AsType[*soap.SOAPFaultError](err); ok {
		return fmt.Errorf("%s: %w", doing, &Refusal{fault.Detail.UPnPError.Errorcode})
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", doing, context.Cause(ctx))
	}
	return fmt.Errorf("%s: %w", doing, ErrMalformed)
}
