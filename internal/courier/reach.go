package courier

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/internal/netpolicy"
)

// near is the key under which a request says whom it may reach wherever they are.
type near struct{}

// dial connects to addresses on the Internet alone, but for what a user has typed.
func (c *Courier) dial(ctx context.Context, _, addr string) (net.Conn, error) {
	if typed, ok := ctx.Value(near{}).([]string); ok && slices.Contains(typed, addr) {
		return c.cfg.Net.Dial(ctx, addr)
	}
	return netpolicy.Public{Policy: c.cfg.Net}.Dial(ctx, addr)
}

// authorities returns host and port of URLs.
func authorities(urls []string) (list []string) {
	for _, text := range urls {
		u, err := ParseURL(text)
		if err != nil {
			continue
		}
		port := u.Port()
		if port == "" {
			port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
		}
		list = append(list, net.JoinHostPort(u.Hostname(), port))
	}
	return list
}

// checkRedirect keeps redirects few, and TLS where it was. A magnet link is where
// the way ends. Where it goes on, nobody is told where we came from: the URL of a feed
// may have a key in it.
func checkRedirect(req *http.Request, via []*http.Request) error {
	req.Header.Del("Referer")
	if isMagnet(req.URL.String()) {
		return http.ErrUseLastResponse
	}
	if len(via) > maxRedirects {
		return fmt.Errorf("%w: more than %d redirects", ErrURL, maxRedirects)
	}
	if _, err := ParseURL(req.URL.String()); err != nil {
		return err
	}
	if via[len(via)-1].URL.Scheme == "https" && req.URL.Scheme != "https" {
		return fmt.Errorf("%w: redirected from https to %s", ErrURL, req.URL.Scheme)
	}
	return nil
}

func isMagnet(text string) bool { return len(text) >= 8 && strings.EqualFold(text[:8], "magnet:?") }

// ParseURL reads an address of a web server. The error matches [ErrURL].
func ParseURL(text string) (*url.URL, error) {
	if len(text) > maxURL {
		return nil, fmt.Errorf("%w: %d bytes", ErrURL, len(text))
	}
	u, err := url.Parse(strings.TrimSpace(text))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrURL, cause(err))
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("%w: scheme %.20q", ErrURL, u.Scheme)
	case u.Hostname() == "" || u.Opaque != "":
		return nil, fmt.Errorf("%w: no host", ErrURL)
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}
