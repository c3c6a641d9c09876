package tracker

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/tracker/message"
)

// family is one of the two families of addresses. A tracker knows us in each by
// what we announce over it.
type family bool

const (
	ipv4 family = false
	ipv6 family = true
)

// errNoFamily reports that a tracker has no address of a family.
var errNoFamily = errors.New("no address of this family")

// resolve returns the addresses of a host in a family.
func resolve(ctx context.Context, p netpolicy.Policy, host string, f family) ([]netip.Addr, error) {
	list, err := p.Resolve(ctx, host)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(a netip.Addr) bool { return a.Is6() != bool(f) })
	if len(list) == 0 {
		return nil, errNoFamily
	}
	return list, nil
}

// policy returns through what a tracker is reached.
func (c Config) policy(typed bool) netpolicy.Policy {
	if typed {
		return c.Policy
	}
	return netpolicy.Public{Policy: c.Policy}
}

// remote reports whether somebody else looks a host up, such as a proxy.
func (c Config) remote(host string) bool {
	r, ok := c.Policy.(netpolicy.Remote)
	_, err := netip.ParseAddr(host)
	return ok && r.Remote() && err != nil
}

// both asks in both families at once and joins the answers.
func both(ctx context.Context, ask func(context.Context, family) (Response, error)) (Response, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	families := []family{ipv4, ipv6}
	answers, errs := make([]Response, len(families)), make([]error, len(families))
	var wg sync.WaitGroup
	for i, f := range families {
		wg.Go(func() {
			if answers[i], errs[i] = ask(ctx, f); errs[i] == nil {
				time.AfterFunc(late, cancel)
			}
		})
	}
	wg.Wait()
	var good []Response
	for i, err := range errs {
		if err == nil {
			good = append(good, answers[i])
		}
	}
	if len(good) == 0 {
		return Response{}, worst(errs)
	}
	return merge(good), nil
}

// worst returns the error that says most.
func worst(errs []error) error {
	var first error
	for _, err := range errs {
		if f, ok := errors.AsType[*Failure](err); ok {
			return f
		}
		if first == nil || errors.Is(first, errNoFamily) {
			first = err
		}
	}
	return first
}

// merge joins what a tracker answered in two families.
func merge(answers []Response) Response {
	r := answers[0]
	for _, other := range answers[1:] {
		r.Interval = max(r.Interval, other.Interval)
		r.MinInterval = max(r.MinInterval, other.MinInterval)
		r.Seeders, r.Leechers = max(r.Seeders, other.Seeders), max(r.Leechers, other.Leechers)
		for _, p := range other.Peers {
			if len(r.Peers) < 2*message.MaxPeers && !slices.Contains(r.Peers, p) {
				r.Peers = append(r.Peers, p)
			}
		}
		r.TLS = join(r.TLS, other.TLS)
		r.Sights = append(r.Sights, other.Sights...)
		if !r.External.IsValid() {
			r.External = other.External
		}
	}
	return r
}

// join adds what was told of TLS in another family. Who was told of in both is
// told of alike, unless the tracker contradicts itself: then a pin counts.
func join(m, other map[netip.AddrPort]message.Pin) map[netip.AddrPort]message.Pin {
	for p, pin := range other {
		if m == nil {
			m = make(map[netip.AddrPort]message.Pin, len(other))
		}
		if m[p] == (message.Pin{}) {
			m[p] = pin
		}
	}
	return m
}
