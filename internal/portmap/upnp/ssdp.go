package upnp

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"
)

// Discovery of devices (UPnP Device Architecture 1.1 section 1.3).
const (
	ssdpPort  = 1900
	maxAnswer = 2048            // bytes of a datagram
	patience  = 3 * time.Second // in all
	again     = time.Second     // between questions: datagrams get lost
)

func ssdpGroup() netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{239, 255, 255, 250}), ssdpPort)
}

// questions ask for routers of both versions, the group and the router itself.
func questions(router netip.Addr) (list []question) {
	for _, version := range []string{"1", "2"} {
		for _, to := range []netip.AddrPort{ssdpGroup(), netip.AddrPortFrom(router, ssdpPort)} {
			list = append(list, question{to, fmt.Appendf(nil, "M-SEARCH * HTTP/1.1\r\nHOST: %v\r\n"+
				"MAN: \"ssdp:discover\"\r\nMX: 1\r\nST: urn:schemas-upnp-org:device:InternetGatewayDevice:%s\r\n\r\n", to, version)})
		}
	}
	return list
}

type question struct {
	to   netip.AddrPort
	text []byte
}

// search returns where the router describes itself.
func search(ctx context.Context, cfg Config) (*url.URL, error) {
	c, err := cfg.Policy.ListenPacket(ctx, "udp4", netip.AddrPortFrom(cfg.Local, 0).String())
	if err != nil {
		return nil, fmt.Errorf("look for the router: %w", err)
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = c.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	asked := make(chan struct{})
	defer func() { <-asked }()
	done, end := context.WithCancel(ctx)
	defer end()
	go func() {
		defer close(asked)
		ask(done, c, questions(cfg.Router))
	}()
	return await(c, cfg.Router)
}

// ask asks until the end of ctx.
func ask(ctx context.Context, c net.PacketConn, list []question) {
	tick := time.NewTicker(again)
	defer tick.Stop()
	for {
		for _, q := range list {
			_, _ = c.WriteTo(q.text, net.UDPAddrFromAddrPort(q.to)) // one of them may do
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// await reads until the router has answered. Others are not listened to.
func await(c net.PacketConn, router netip.Addr) (*url.URL, error) {
	b := make([]byte, maxAnswer)
	var bad error
	for {
		n, from, err := c.ReadFrom(b)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("look for the router: %w", ErrNone), bad)
		}
		if at, ok := from.(*net.UDPAddr); !ok || at.AddrPort().Addr().Unmap() != router {
			continue
		}
		at, err := parseAnswer(b[:n], router)
		if err == nil {
			return at, nil
		}
		bad = err
	}
}

// parseAnswer reads where a router says that it describes itself. Errors match
// [ErrMalformed] or [ErrElsewhere].
func parseAnswer(b []byte, router netip.Addr) (*url.URL, error) {
	r, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(b)), nil)
	if err != nil {
		return nil, fmt.Errorf("%w: no HTTP", ErrMalformed)
	}
	defer r.Body.Close()
	at, err := url.Parse(r.Header.Get("Location"))
	if r.StatusCode != http.StatusOK || err != nil || at.Host == "" {
		return nil, fmt.Errorf("%w: no location", ErrMalformed)
	}
	if !own(at, router) {
		return nil, ErrElsewhere
	}
	return at, nil
}
