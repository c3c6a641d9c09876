package lsd

import (
	"context"
	"encoding/hex"
	"net/netip"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy/multicast"
)

// membership is that of one interface in a group.
type membership struct {
	multicast.Group
	at netip.AddrPort
}

// stay is in the groups for a time, on all interfaces there are.
func (s *Service) stay() {
	ctx, cancel := context.WithTimeout(s.ctx, joinPeriod)
	defer cancel()
	list := s.join(ctx)
	var wg sync.WaitGroup
	for _, g := range list {
		wg.Go(func() { s.listen(ctx, g) })
	}
	tick := time.NewTicker(tickPeriod)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-tick.C:
			s.announce(list)
		}
	}
	for _, g := range list {
		_ = g.Close() // that it was closed is all there is to know
	}
	wg.Wait()
}

func (s *Service) join(ctx context.Context) (list []membership) {
	for _, at := range groups() {
		found, err := multicast.Join(ctx, s.cfg.Policy, at)
		if err != nil {
			s.cfg.Log.Debug("no local service discovery", "group", at, "err", err)
		}
		for _, g := range found {
			if ip := s.cfg.Addr.Addr(); ip.IsUnspecified() || g.Near(ip) {
				list = append(list, membership{g, at})
			} else {
				_ = g.Close() // nothing was sent by it
			}
		}
	}
	return list
}

// announce sends what is due.
func (s *Service) announce(list []membership) {
	now := s.cfg.Clock.Now()
	if len(list) == 0 || !s.schedule.open(now) {
		return
	}
	hashes := s.schedule.take(s.cfg.Torrents(), now)
	if len(hashes) == 0 {
		return
	}
	for _, g := range list {
		b := Message{Host: g.at, Port: s.cfg.Addr.Port(), Hashes: hashes, Cookie: s.cookie()}.Append(nil)
		if err := g.Send(b); err != nil {
			s.cfg.Log.Debug("cannot announce to the local network", "group", g.at, "err", err)
		}
	}
}

func (s *Service) cookie() string { return hex.EncodeToString(s.cfg.Cookie[:]) }

// listen takes what others announce until the group is closed.
func (s *Service) listen(ctx context.Context, g membership) {
	b := make([]byte, maxDatagram+1)
	for {
		n, from, err := g.Read(b)
		if err != nil {
			if ctx.Err() == nil {
				s.cfg.Log.Debug("local service discovery ends", "group", g.at, "err", err)
			}
			return
		}
		if a := from.Addr(); local(a) || g.Near(a) {
			s.hear(a, b[:n])
		}
	}
}

// hear reads an announce, and reports whose it is.
func (s *Service) hear(from netip.Addr, b []byte) {
	s.mu.Lock()
	ok := s.crowd.hears(from, s.cfg.Clock.Now())
	s.mu.Unlock()
	if !ok {
		return
	}
	m, err := Parse(b)
	if err != nil || m.Cookie == s.cookie() {
		return
	}
	for _, h := range m.Hashes {
		s.cfg.Found(h, netip.AddrPortFrom(from, m.Port))
	}
}
