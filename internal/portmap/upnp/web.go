package upnp

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"

	"github.com/huin/goupnp"
)

// Bounds on what a router may say.
const (
	maxBody   = 256 << 10 // bytes
	maxHeader = 16 << 10
)

// client returns an HTTP client that connects to the router alone, follows no
// redirects, and reads no more than it has to.
func client(cfg Config) *http.Client {
	return &http.Client{
		Timeout: timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return ErrElsewhere
		},
		Transport: bounded{&http.Transport{
			DialContext: func(ctx context.Context, _, addr string) (net.Conn, error) {
				if at, err := netip.ParseAddrPort(addr); err != nil || at.Addr() != cfg.Router {
					return nil, ErrElsewhere
				}
				return cfg.Policy.Dial(ctx, addr)
			},
			DisableKeepAlives:      true, // a request a quarter of an hour is no reason to hold one
			DisableCompression:     true, // what unpacks to gigabytes
			MaxResponseHeaderBytes: maxHeader,
		}},
	}
}

// bounded cuts answers off.
type bounded struct{ http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		resp.Body = &body{io.LimitReader(resp.Body, maxBody), resp.Body}
	}
	return resp, err
}

type body struct {
	io.Reader
	io.Closer
}

// describe reads the description of a device.
func describe(ctx context.Context, web *http.Client, at *url.URL) (*goupnp.RootDevice, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("read what the router describes: %w", err)
	}
	resp, err := web.Do(req)
	if err != nil {
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err // without the URL
		}
		return nil, fmt.Errorf("read what the router describes: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("read what the router describes: %w: HTTP status %d", ErrMalformed, resp.StatusCode)
	}
	root, err := parseDescription(resp.Body, at)
	if err != nil {
		return nil, fmt.Errorf("read what the router describes: %w", err)
	}
	return root, nil
}

// parseDescription reads a description that lies at a URL. Errors match
// [ErrMalformed].
func parseDescription(r io.Reader, at *url.URL) (*goupnp.RootDevice, error) {
	d := xml.NewDecoder(r)
	d.DefaultSpace = goupnp.DeviceXMLNamespace
	root := new(goupnp.RootDevice)
	if err := d.Decode(root); err != nil {
		return nil, fmt.Errorf("%w: no description", ErrMalformed)
	}
	if root.URLBaseStr != "" {
		base, err := url.Parse(root.URLBaseStr)
		if err != nil {
			return nil, fmt.Errorf("%w: base of its URLs", ErrMalformed)
		}
		at = base
	}
	root.SetURLBase(at)
	return root, nil
}
