package facade

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy"
)

// ErrURL reports a site that cannot be one.
var ErrURL = errors.New("want http://HOST or https://HOST")

// errElsewhere reports a connection to another server than the one that was named.
var errElsewhere = errors.New("only the named server is asked")

// Proxy passes what visitors ask for on to one server, which the user has named and
// which may be anywhere. It asks no other: redirects are the visitor's to follow.
// Headers that belong to a connection are not passed on (RFC 9110, section 7.6.1).
type Proxy struct {
	proxy     httputil.ReverseProxy
	transport *http.Transport
}

// NewProxy returns a proxy for a URL. It returns ErrURL for one of another kind.
func NewProxy(site string, policy netpolicy.Policy) (*Proxy, error) {
	u, err := url.Parse(site)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("facade: site: %w", ErrURL)
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	at := net.JoinHostPort(u.Hostname(), port)
	p := &Proxy{transport: &http.Transport{
		DialContext: func(ctx context.Context, _, addr string) (net.Conn, error) {
			if addr != at {
				return nil, errElsewhere
			}
			return policy.Dial(ctx, addr)
		},
		// What is packed goes on as it is.
		DisableCompression:    true,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: time.Minute,
		IdleConnTimeout:       time.Minute,
		MaxIdleConnsPerHost:   8,
	}}
	p.proxy = httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(u)
			r.SetXForwarded()
		},
		Transport:      p.transport,
		ModifyResponse: func(r *http.Response) error { hide(r.Header, u, at); return nil },
		ErrorLog:       log.New(io.Discard, "", 0), // has addresses
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) {
			http.Error(w, http.StatusText(http.StatusBadGateway), http.StatusBadGateway)
		},
	}
	return p, nil
}

// hide makes redirects within the site stay within what visitors see of it.
func hide(h http.Header, site *url.URL, at string) {
	to, err := url.Parse(h.Get("Location"))
	if err != nil || to.Host == "" || to.Host != site.Host && to.Host != at || to.Scheme != site.Scheme {
		return
	}
	to.Scheme, to.Host, to.User = "", "", nil
	to.Path = "/" + strings.TrimLeft(strings.TrimPrefix(to.Path, strings.TrimSuffix(site.Path, "/")), "/")
	to.RawPath = ""
	h.Set("Location", to.String())
}

// ServeHTTP passes a request on.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.proxy.ServeHTTP(w, r) }

// Close lets go of connections. Requests under way end with their context.
func (p *Proxy) Close() error {
	p.transport.CloseIdleConnections()
	return nil
}
