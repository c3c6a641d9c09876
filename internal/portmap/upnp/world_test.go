package upnp

import (
	"context"
	"net"
	"net/url"

	"github.com/huin/goupnp"

	"github.com/warren-p2p/warren/internal/netpolicy"
)

// liar is a network on which somebody answers whatever is asked of others.
type liar struct {
	netpolicy.Policy
	who net.PacketConn
}

func (l liar) ListenPacket(ctx context.Context, network, addr string) (net.PacketConn, error) {
	c, err := l.Policy.ListenPacket(ctx, network, addr)
	return asked{c, l.who}, err
}

type asked struct {
	net.PacketConn
	who net.PacketConn
}

func (a asked) WriteTo(b []byte, to net.Addr) (int, error) {
	_, _ = a.who.WriteTo([]byte("HTTP/1.1 200 OK\r\nLOCATION: http://192.168.1.1:5000/root.xml\r\n\r\n"), a.LocalAddr())
	return a.PacketConn.WriteTo(b, to)
}

func endpoint(c connection) *url.URL {
	return &c.(interface{ GetServiceClient() *goupnp.ServiceClient }).GetServiceClient().SOAPClient.EndpointURL
}
