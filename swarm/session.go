package swarm

import (
	"context"
	"crypto/tls"
	"errors"
	"maps"
	"net"
	"net/netip"
	"slices"
	"sync"

	"github.com/warren-p2p/warren/btls/certificate"
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm/internal/choker"
	"github.com/warren-p2p/warren/swarm/internal/conduct"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/conns/targets"
	"github.com/warren-p2p/warren/swarm/internal/door"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/internal/home"
	"github.com/warren-p2p/warren/swarm/internal/intake"
	"github.com/warren-p2p/warren/swarm/internal/limiter"
	"github.com/warren-p2p/warren/swarm/internal/link/frame"
	"github.com/warren-p2p/warren/swarm/internal/piece"
	"github.com/warren-p2p/warren/swarm/internal/reach"
	"github.com/warren-p2p/warren/swarm/internal/resources"
	"github.com/warren-p2p/warren/swarm/internal/sleeper"
	"github.com/warren-p2p/warren/swarm/internal/sources"
	"github.com/warren-p2p/warren/swarm/internal/turns"
)

// Session is a running engine.
type Session struct {
	cfg       Config
	door      *door.Door
	verdicts  *home.Verdicts
	conduct   *conduct.Book
	shared    resources.Session
	sources   *sources.Sources
	dormitory *sleeper.Dormitory
	turns     *turns.Turns
	reach     *reach.Reach

	ctx    context.Context
	cancel context.CancelCauseFunc
	wg     sync.WaitGroup // calls under way

	mu       sync.Mutex // nobody who has a lock of a torrent takes it
	torrents map[*Torrent]struct{}
	closed   bool
}

// NewSession starts an engine. ctx bounds opening the port; Close ends the
// session.
func NewSession(ctx context.Context, cfg Config) (*Session, error) {
	if cfg.Home == nil {
		return nil, errors.New("swarm: a session needs a home for its state")
	}
	cfg.SetDefaults()
	verdicts, err := home.LoadVerdicts(cfg.Home, cfg.Clock.Now())
	if err != nil {
		cfg.Log.Warn("what was known about peers is lost", "err", err)
	}
	s := &Session{cfg: cfg, verdicts: verdicts, conduct: conduct.NewBook(), torrents: make(map[*Torrent]struct{})}
	s.ctx, s.cancel = context.WithCancelCause(context.Background())
	id := greeting.NewPeerID()
	s.reach = reach.New(reach.Config{Policy: cfg.Policies.Near, Clock: cfg.Clock, Log: cfg.Log, Off: cfg.NoPortmap, Moved: s.moved})
	s.door = door.New(s.ctx, door.Config{
		PeerID: id, Clock: cfg.Clock, Log: cfg.Log, Blocked: cfg.Blocked, Conduct: s.conduct, Arrived: s.reach.Arrived,
	})
	if cfg.Listen != "" {
		if err := s.listen(ctx); err != nil {
			s.cancel(err)
			return nil, err
		}
	}
	s.dormitory = sleeper.NewDormitory(cfg.Clock, cfg.Log, cfg.SessionPeers)
	s.turns = turns.New(cfg.Queue, cfg.Clock)
	s.findPeers(ctx, id)
	s.openReach()
	s.shared = s.resources(id)
	s.wg.Go(func() { s.verdicts.Keep(s.ctx, cfg.Log) })
	s.wg.Go(func() { s.turns.Run(s.ctx) })
	s.wg.Go(func() { s.dormitory.Sweep(s.ctx, s.sleepers) })
	return s, nil
}

func (s *Session) listen(ctx context.Context) error {
	if err := home.Front(s.cfg.Home, s.cfg.Clock.Now(), &s.cfg.Certificate, &s.cfg.Site); err != nil {
		return err
	}
	return s.door.Listen(ctx, s.cfg.Listen, transport.Config{
		Policy: s.cfg.Policies.Peers, Certificate: *s.cfg.Certificate,
		Site: s.cfg.Site, Plain: true, MSE: true, Carrier: s.cfg.Carrier, Sent: s.reach.Sent, Pad: s.cfg.Pad, Challenges: s.cfg.Challenges,
		Clock: s.cfg.Clock, Log: s.cfg.Log,
	})
}

func (s *Session) resources(id [20]byte) resources.Session {
	now := s.cfg.Clock.Now()
	return resources.Session{
		PeerID: id, Port: s.reach.Port, TLS: s.entrance(), Seen: s.reach.Seen, Client: s.cfg.Client,
		Net: s.cfg.Policies.WebSeeds, Dial: s.door.Opener(s.cfg.Policies.Peers), Hello: s.cfg.Hello, Pad: s.cfg.Pad, Clock: s.cfg.Clock, Log: s.cfg.Log,
		Home: s.cfg.Home, BootID: s.cfg.BootID, Reserve: s.cfg.Reserve,
		Buffers:  piece.NewBuffers(s.cfg.Budget),
		Workers:  intake.NewWorkers(s.cfg.Workers, int(s.cfg.Budget/4), intake.GatherTime),
		Frames:   frame.NewPool(),
		Up:       limiter.New(s.cfg.UploadLimit, now),
		Down:     limiter.New(s.cfg.DownloadLimit, now),
		Verdicts: s.verdicts.Verdicts,
		Caps:     conns.NewCaps(s.cfg.SessionHalfOpen, s.cfg.SessionPeers), Targets: targets.New(),
		Bans: s.door, Conduct: s.conduct, DHT: s.sources.PeersDHT(), Standing: s.cfg.Standing,
		NoWebSeeds: s.cfg.NoWebSeeds,
		Checkers:   s.cfg.Workers, MaxPeers: s.cfg.MaxPeers, HalfOpen: s.cfg.HalfOpen,
		Choker: choker.Config{Slots: s.cfg.UploadSlots, UploadLimit: s.cfg.UploadLimit},
	}
}

// entrance returns what peers are told of how they reach us over TLS (BEP 10).
func (s *Session) entrance() extension.TLS {
	pin, err := s.Pin()
	if err != nil {
		return extension.TLS{} // nobody can call us
	}
	return extension.TLS{V: extension.TLSVersion, N: s.cfg.Name, H: pin}
}

// Addr returns the address peers can connect to, nil without a listener.
func (s *Session) Addr() net.Addr { return s.door.Addr() }

// Port returns the TCP port peers can connect to, 0 without a listener.
func (s *Session) Port() uint16 {
	if a := s.door.Addr(); a != nil {
		return greeting.AddrPort(a).Port()
	}
	return 0
}

// Pin returns the SHA-256 of the public key of the port's certificate.
func (s *Session) Pin() ([32]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cfg.Certificate == nil {
		return [32]byte{}, errors.New("swarm: no certificate without a listener")
	}
	return certificate.Pin(*s.cfg.Certificate)
}

// SetCertificate replaces the certificate of the port. Peers that read the previous
// one are recognised for an hour. Its key should be the same: peers remember it.
func (s *Session) SetCertificate(c tls.Certificate) {
	s.mu.Lock()
	s.cfg.Certificate = &c
	s.mu.Unlock()
	s.door.SetCertificate(c)
}

// Ban ends all connections with an address and refuses new ones for a day.
func (s *Session) Ban(a netip.Addr) { s.door.Ban(a) }

// SetLimits changes the limits of the session in bytes a second, 0 for none.
func (s *Session) SetLimits(up, down int64) {
	now := s.cfg.Clock.Now()
	s.shared.Up.SetRate(up, now)
	s.shared.Down.SetRate(down, now)
	s.limitsChanged()
}

// Part ends all connections with addresses: those that Config.Blocked has come to
// report.
func (s *Session) Part(from func(netip.Addr) bool) { s.door.Part(from) }

// Torrents returns all torrents.
func (s *Session) Torrents() []*Torrent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Keys(s.torrents))
}

// Close stops all torrents and waits for every goroutine of the session.
func (s *Session) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return ErrClosed
	}
	s.closed = true
	list := slices.Collect(maps.Keys(s.torrents))
	s.mu.Unlock()
	s.cancel(ErrClosed)
	var errs []error
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, t := range list {
		wg.Go(func() {
			if err := t.close(); err != nil {
				mu.Lock()
				errs = append(errs, err)
				mu.Unlock()
			}
		})
	}
	s.wg.Go(s.reach.Close)
	quiet := s.sources.Close()
	wg.Wait()
	errs = append(errs, quiet, s.door.Close())
	s.wg.Wait()
	s.shared.Workers.Close()
	s.shared.Buffers.Close()
	errs = append(errs, s.verdicts.Save())
	return errors.Join(errs...)
}
