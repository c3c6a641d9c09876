package portmap

import (
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"net/netip"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/gateway"
	"github.com/warren-p2p/warren/internal/portmap/pcp"
)

// keeper keeps the ports of one family mapped.
type keeper struct {
	cfg *Config
	v6  bool

	// Of the goroutine that runs.
	schedule schedule
	method   method // that was granted last; nil before
	granted  map[Protocol]pcp.Mapping

	mu     sync.Mutex
	status Status
}

// method is a way to ask a router.
type method interface {
	name() string
	// open finds out whether the router speaks it.
	open(ctx context.Context, cfg *Config, r gateway.Route) error
	// ask maps a port, and tells the external address, if the router does.
	ask(ctx context.Context, m pcp.Mapping) (pcp.Mapping, error)
	// end ends a mapping.
	end(ctx context.Context, m pcp.Mapping) error
}

func newKeeper(cfg *Config, v6 bool) *keeper {
	return &keeper{cfg: cfg, v6: v6, granted: make(map[Protocol]pcp.Mapping)}
}

// listens reports whether the node can be reached in this family at all, but from
// this machine.
func (k *keeper) listens() bool {
	ip := k.cfg.Addr.Addr().Unmap()
	return k.cfg.Addr.Port() != 0 && !ip.IsLoopback() && (ip == netip.IPv6Unspecified() || ip.Is6() == k.v6)
}

// run asks when it is time to, until the end of ctx.
func (k *keeper) run(ctx context.Context) {
	defer k.release()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		k.look(ctx)
		timer.Reset(k.schedule.wait(k.cfg.Clock.Now()))
	}
}

// look looks at the way out, and asks if it is time to.
func (k *keeper) look(ctx context.Context) {
	route := k.route(ctx)
	if ctx.Err() != nil {
		return
	}
	if k.schedule.see(route, k.cfg.Clock.Now()) {
		k.method = nil
		clear(k.granted) // of a router that is out of reach
		k.tell(Status{Route: route})
	}
	switch now := k.cfg.Clock.Now(); {
	case !k.needed(route):
		k.schedule.due = now.Add(retryMax)
	case !now.Before(k.schedule.due):
		k.ask(ctx)
	}
}

// route returns the way out, zero if there is none.
func (k *keeper) route(ctx context.Context) gateway.Route {
	list, err := gateway.Routes(ctx, k.cfg.Policy)
	if err != nil {
		k.cfg.Log.Debug("no router is known", "err", err)
	}
	for _, r := range list {
		if r.Local.Is6() == k.v6 && r.Local.IsValid() {
			return r
		}
	}
	return gateway.Route{}
}

// needed reports whether a router has to let others in.
func (k *keeper) needed(r gateway.Route) bool {
	at := k.cfg.Addr.Addr().Unmap()
	return !k.cfg.Off && r.Router.IsValid() && netpolicy.IsPublic(r.Local) == k.v6 && !r.Local.IsLoopback() &&
		(at.IsUnspecified() || at == r.Local)
}

// ask asks for all ports, by what the router spoke last or else by whatever it
// speaks.
func (k *keeper) ask(ctx context.Context) {
	ways := k.methods()
	if k.method != nil {
		ways = append([]method{k.method}, ways...)
	}
	var errs []error
	for _, way := range ways {
		err := way.open(ctx, k.cfg, k.schedule.route)
		if err == nil {
			err = k.askBy(ctx, way)
		}
		if ctx.Err() != nil {
			return
		}
		if errs = append(errs, told(way, err)); err == nil {
			break
		}
	}
	err := errs[len(errs)-1]
	if err != nil {
		err = errors.Join(errs...)
	}
	k.conclude(err)
}

func (k *keeper) methods() []method {
	if k.v6 {
		return []method{&byPCP{}}
	}
	return []method{&byPCP{}, &byPMP{}, &byUPnP{}}
}

// askBy asks for all ports by one method. The first must be mapped.
func (k *keeper) askBy(ctx context.Context, way method) error {
	fresh := make(map[Protocol]pcp.Mapping)
	var errs []error
	for _, p := range k.cfg.Protocols {
		wish := pcp.Mapping{Protocol: p, Internal: k.cfg.Addr.Port(), Lifetime: lifetime}
		if old, ok := k.granted[p]; ok {
			wish.External = old.External
		} else {
			wish.External = netip.AddrPortFrom(netip.Addr{}, wish.Internal)
		}
		got, err := way.ask(ctx, wish)
		if err == nil && (got.External.Port() == 0 || got.Internal != wish.Internal || got.Protocol != p) {
			err = errNonsense
		}
		if errs = append(errs, err); err != nil {
			if len(fresh) == 0 {
				return errors.Join(errs...)
			}
			continue
		}
		fresh[p] = got
	}
	k.method, k.granted = way, fresh
	return nil
}

var errNonsense = errors.New("the router grants what was not asked for")

// conclude takes note of what came of asking.
func (k *keeper) conclude(err error) {
	now := k.cfg.Clock.Now()
	if err != nil {
		k.schedule.refused(now)
		k.cfg.Log.Debug("the router maps no port", "err", err)
	} else {
		k.schedule.granted(k.shortest(), now)
	}
	if err != nil && !k.schedule.holds(now) {
		clear(k.granted)
	}
	s := Status{Route: k.schedule.route, Asked: true, Err: err}
	if len(k.granted) > 0 {
		s.Method, s.Ports = k.method.name(), make(map[Protocol]uint16)
		for p, m := range k.granted {
			s.Ports[p] = m.External.Port()
			if usable(m.External.Addr()) {
				s.External = m.External.Addr()
			}
		}
	}
	k.tell(s)
}

// shortest returns the shortest lifetime that was granted. A mapping without an
// end is looked after as the others are: routers forget.
func (k *keeper) shortest() time.Duration {
	life := lifetime
	for _, m := range k.granted {
		if m.Lifetime > 0 {
			life = min(life, m.Lifetime)
		}
	}
	return life
}

// usable reports whether an address can be that of a router on its other side.
func usable(a netip.Addr) bool {
	return a.IsValid() && !a.IsUnspecified() && !a.IsLoopback() && !a.IsMulticast() && !a.IsLinkLocalUnicast()
}

// tell publishes how it stands, if that is news.
func (k *keeper) tell(s Status) {
	k.mu.Lock()
	old := k.status
	k.status = s
	k.mu.Unlock()
	same := old.Route == s.Route && old.Asked == s.Asked && old.Method == s.Method && old.External == s.External &&
		maps.Equal(old.Ports, s.Ports) && (old.Err == nil) == (s.Err == nil)
	if !same && k.cfg.Changed != nil {
		k.cfg.Changed()
	}
}

// release gives back what was mapped.
func (k *keeper) release() {
	ctx, cancel := context.WithTimeout(context.Background(), goodbye)
	defer cancel()
	var wg sync.WaitGroup
	for _, m := range k.granted {
		wg.Go(func() {
			if err := k.method.end(ctx, m); err != nil {
				k.cfg.Log.Debug("a mapping stays until it ends by itself", "err", told(k.method, err))
			}
		})
	}
	wg.Wait()
}

func newNonce() (n pcp.Nonce) {
	_, _ = rand.Read(n[:]) // never fails: crypto/rand
	return n
}
