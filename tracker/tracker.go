// Package tracker is a client of BitTorrent trackers, over HTTP(S) and UDP.
//
//	c := tracker.New(tracker.Config{Policy: policy, Clock: clock})
//	r, err := c.Announce(ctx, tracker.Target{URL: "udp://tracker.example:6969"}, tracker.Request{...})
//
// The bytes are in package message; when to announce what is decided by package
// schedule. A [Client] carries out one announce at a time for as many callers as
// there are, and trusts nobody: answers, redirects, time and memory are bounded.
//
// The URL of a tracker comes from a torrent, and that from anybody. So a tracker
// and what it redirects to must be on the Internet (netpolicy.Public), unless the
// user has named the tracker himself; and peers that are not on the Internet are
// taken only from trackers that are not either.
//
// Supported: BEP 3, 7, 15, 23, 24, 31, 41, 48, 52.
package tracker

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/tracker/internal/datagram"
	"github.com/warren-p2p/warren/tracker/message"
)

// Request is an announce.
type Request = message.Request

// Response is the answer to a Request.
type Response = message.Response

// Totals is what a tracker says about a torrent when it is scraped.
type Totals = message.Totals

// Failure is an error that a tracker tells.
type Failure = message.Failure

// Event is why a client announces itself.
type Event = message.Event

// The errors, beside those of sockets and [*Failure].
var (
	ErrMalformed = message.ErrMalformed
	ErrNotPublic = netpolicy.ErrNotPublic
	ErrNoAnswer  = datagram.ErrNoAnswer
	ErrTooLong   = errors.New("answer is too long")
	ErrRedirects = errors.New("too many redirects")
	ErrDowngrade = errors.New("the tracker sends us from HTTPS to HTTP")
	ErrScheme    = errors.New("not a URL of an HTTP or UDP tracker")
	ErrNoScrape  = errors.New("the tracker cannot be scraped")
	ErrPin       = errors.New("the tracker shows another key than the one it is known by")
)

// StatusError is an HTTP status that is no success.
type StatusError int

func (e StatusError) Error() string {
	return fmt.Sprintf("the tracker answers with HTTP status %d", int(e))
}

// Config is what a client needs.
type Config struct {
	Policy    netpolicy.Policy
	Clock     clock.Clock
	UserAgent string
	// Timeout bounds an announce or scrape; 45 s. It is what two datagrams to a
	// UDP tracker need to be lost (BEP 15).
	Timeout time.Duration
}

// Client talks to trackers. Its methods are safe for concurrent use.
type Client struct {
	cfg  Config
	web  web
	udp  *socket
	conn *datagram.Connections
}

// New returns a client, which has to be closed.
func New(cfg Config) *Client {
	if cfg.Timeout <= 0 {
		cfg.Timeout = 45 * time.Second
	}
	return &Client{cfg: cfg, web: newWeb(cfg), udp: newSocket(cfg), conn: datagram.NewConnections()}
}

// Close closes the sockets. What is under way ends with the contexts it was given.
func (c *Client) Close() error {
	c.web.close()
	return c.udp.close()
}

// late is how long an answer waits for that of the other family of addresses.
const late = 2 * time.Second

// Announce announces to a tracker, over IPv4 and IPv6 if it has both (BEP 7),
// and returns what it answers. What one family answered counts if the other one
// does not. The error is or wraps a [*Failure] or one of this package's, or is
// one of the network; it does not show the URL, in which there may be a key.
func (c *Client) Announce(ctx context.Context, t Target, r Request) (Response, error) {
	u, err := parse(t.URL)
	if err != nil {
		return Response{}, fmt.Errorf("announce: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	answer, err := both(ctx, func(ctx context.Context, f family) (Response, error) {
		if u.Scheme == "udp" {
			return c.announceUDP(ctx, u, t.Typed, f, &r)
		}
		return c.web.announce(ctx, u, t, f, &r)
	})
	if err != nil {
		return Response{}, fmt.Errorf("announce: %w", err)
	}
	return answer, nil
}

// Scrape asks a tracker how many peers torrents have. Those it does not know are
// not in the result. The errors are those of Announce, and [ErrNoScrape].
func (c *Client) Scrape(ctx context.Context, t Target, hashes ...[20]byte) (map[[20]byte]Totals, error) {
	u, err := parse(t.URL)
	if err != nil {
		return nil, fmt.Errorf("scrape: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	hashes = hashes[:min(len(hashes), message.MaxScrape)]
	var errs []error
	for _, f := range []family{ipv4, ipv6} {
		var totals map[[20]byte]Totals
		if u.Scheme == "udp" {
			totals, err = c.scrapeUDP(ctx, u, t.Typed, f, hashes)
		} else {
			totals, err = c.web.scrape(ctx, u, t, f, hashes)
		}
		if err == nil {
			return totals, nil
		}
		errs = append(errs, err)
	}
	return nil, fmt.Errorf("scrape: %w", worst(errs))
}

// credible leaves out peers that a tracker on the Internet cannot mean: they
// would make us dial this machine or its network. It notes who sees us. One that is
// reached by a proxy may have no address that is known.
func credible(r *Response, from netip.Addr) {
	if !from.IsValid() || netpolicy.IsPublic(from) {
		r.Peers = slices.DeleteFunc(r.Peers, func(p netip.AddrPort) bool { return !netpolicy.IsPublic(p.Addr()) })
	}
	if r.External.IsValid() && from.IsValid() {
		r.Sights = []message.Sight{{By: from, Us: r.External}}
	}
}

// random returns a number that cannot be guessed.
func random() uint32 {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand
	return binary.BigEndian.Uint32(b[:])
}

func addrPort(a net.Addr) netip.AddrPort {
	ap, _ := netip.ParseAddrPort(a.String())
	return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
}
