package tracker

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/warren-p2p/warren/tracker/message"
)

// Bounds on what an HTTP tracker may send.
const (
	maxAnswer    = 1 << 20
	maxHeader    = 64 << 10
	maxRedirects = 3
)

// web asks HTTP trackers. Connections are kept apart by family and by whether
// the user has named the tracker: one that may go home is not used for one that
// may not.
type web struct {
	cfg        Config
	transports map[way]*http.Transport
}

type way struct {
	typed  bool
	family family
}

func newWeb(cfg Config) web {
	w := web{cfg: cfg, transports: map[way]*http.Transport{}}
	for _, typed := range []bool{false, true} {
		for _, f := range []family{ipv4, ipv6} {
			w.transports[way{typed, f}] = newTransport(cfg, way{typed, f}, &tls.Config{MinVersion: tls.VersionTLS12})
		}
	}
	return w
}

func newTransport(cfg Config, by way, secure *tls.Config) *http.Transport {
	return &http.Transport{
		DialContext:            dialer(cfg, by.typed, by.family),
		TLSClientConfig:        secure,
		TLSHandshakeTimeout:    15 * time.Second,
		DisableCompression:     true, // answers are bounded before they are unpacked as well
		MaxIdleConns:           16,
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        30 * time.Second,
		MaxResponseHeaderBytes: maxHeader,
	}
}

// transport returns what a request goes by, and what is to be done once it is
// answered.
func (w *web) transport(by way, secure *tls.Config) (t *http.Transport, done func()) {
	if secure == nil {
		return w.transports[by], func() {}
	}
	t = newTransport(w.cfg, by, secure)
	return t, t.CloseIdleConnections
}

// dialer dials what it has checked, in one family.
func dialer(cfg Config, typed bool, f family) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, _, addr string) (net.Conn, error) {
		host, port, err := net.SplitHostPort(addr)
		if err != nil {
			return nil, err
		}
		p := cfg.policy(typed)
		if cfg.remote(host) { // the family is the proxy's choice: it is asked once
			if f == ipv6 {
				return nil, errNoFamily
			}
			return p.Dial(ctx, addr)
		}
		list, err := resolve(ctx, p, host, f)
		if err != nil {
			return nil, err
		}
		var errs []error
		for _, ip := range list {
			c, err := p.Dial(ctx, net.JoinHostPort(ip.String(), port))
			if err == nil {
				return c, nil
			}
			errs = append(errs, err)
		}
		return nil, errors.Join(errs...)
	}
}

func (w *web) close() {
	for _, t := range w.transports {
		t.CloseIdleConnections()
	}
}

func (w *web) announce(ctx context.Context, u *url.URL, t Target, f family, r *Request) (Response, error) {
	b, from, err := w.get(ctx, message.AnnounceURL(u, r), t, f)
	if err != nil {
		return Response{}, err
	}
	answer, err := message.ParseAnnounce(b)
	credible(&answer, from)
	return answer, err
}

func (w *web) scrape(ctx context.Context, u *url.URL, t Target, f family, hashes [][20]byte) (map[[20]byte]Totals, error) {
	u, ok := message.ScrapeURL(u, hashes)
	if !ok {
		return nil, ErrNoScrape
	}
	b, _, err := w.get(ctx, u, t, f)
	if err != nil {
		return nil, err
	}
	return message.ParseScrape(b, hashes)
}

// get follows redirects and returns the answer, and who gave it. A redirect of a
// tracker that the user has named may go home only if it stays there.
func (w *web) get(ctx context.Context, u *url.URL, t Target, f family) (body []byte, from netip.Addr, err error) {
	for first, left := u, maxRedirects; ; left-- {
		body, next, from, err := w.hop(ctx, u, way{t.Typed && u.Host == first.Host, f}, t.TLS)
		if next == nil {
			return body, from, err
		}
		if left == 0 {
			return nil, from, ErrRedirects
		}
		u = next
	}
}

// hop makes one request. It returns the answer or where it leads.
func (w *web) hop(ctx context.Context, u *url.URL, by way, secure *tls.Config) (body []byte, next *url.URL, from netip.Addr, err error) {
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(c httptrace.GotConnInfo) { from = addrPort(c.Conn.RemoteAddr()).Addr() },
	})
	req := (&http.Request{Method: http.MethodGet, URL: u, Host: u.Host, Header: http.Header{
		"User-Agent": {w.cfg.UserAgent}, "Accept-Encoding": {"gzip"},
	}}).WithContext(ctx)
	t, done := w.transport(by, secure)
	defer done()
	resp, err := t.RoundTrip(req)
	if err != nil {
		return nil, nil, from, err
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		next, err = redirect(u, resp.Header.Get("Location"))
		return nil, next, from, err
	}
	body, err = read(resp)
	if resp.StatusCode != http.StatusOK && (err != nil || !bytes.HasPrefix(body, []byte("d"))) {
		return nil, nil, from, StatusError(resp.StatusCode) // some say in words why
	}
	return body, nil, from, err
}

// redirect returns where a redirect leads. From TLS none leads into clear: what is
// asked would be read, the info-hash and a key in the URL among it.
func redirect(u *url.URL, location string) (*url.URL, error) {
	next, err := u.Parse(location)
	if err != nil || location == "" || next.Hostname() == "" || next.Scheme != "http" && next.Scheme != "https" {
		return nil, fmt.Errorf("follow a redirect: %w", ErrScheme)
	}
	if u.Scheme == "https" && next.Scheme != "https" {
		return nil, ErrDowngrade
	}
	return next, nil
}

// read reads a body to its end, which must come soon enough, packed and
// unpacked.
func read(resp *http.Response) ([]byte, error) {
	b, err := bounded(resp.Body)
	if err != nil || !strings.EqualFold(resp.Header.Get("Content-Encoding"), "gzip") {
		return b, err
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return bounded(z)
}

func bounded(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxAnswer+1))
	if err == nil && len(b) > maxAnswer {
		err = ErrTooLong
	}
	return b, err
}
