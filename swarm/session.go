package swarm

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/internal/home"
	"github.com/warren-p2p/warren/swarm/internal/intake"
	"github.com/warren-p2p/warren/swarm/internal/limiter"
	"github.com/warren-p2p/warren/swarm/internal/link"
	"github.com/warren-p2p/warren/swarm/internal/piece"
)

// Session is a running engine.
type Session struct {
	cfg      Config
	id       [20]byte // peer id (BEP 20)
	port     *transport.Port
	buffers  *piece.Buffers
	workers  *intake.Workers
	frames   *link.Frames
	up, down *limiter.Bucket
	verdicts *home.Verdicts
	caps     *conns.Caps
	hall     *greeting.Hall

	maxRecords int64 // of a TLS connection; 0 for what package link says

	ctx    context.Context
	cancel context.CancelCauseFunc
	wg     sync.WaitGroup // connections that have no torrent yet, calls under way

	mu       sync.Mutex
	torrents map[[20]byte]*Torrent // by every 20-byte name; a hybrid has two; nil while it opens
	banned   map[netip.Addr]time.Time
	closed   bool
}

// NewSession starts an engine. ctx bounds opening the port; Close ends the
// session.
func NewSession(ctx context.Context, cfg Config) (*Session, error) {
	if cfg.Home == nil {
		return nil, errors.New("swarm: a session needs a home for its state")
	}
	cfg.setDefaults()
	now := cfg.Clock.Now()
	verdicts, err := home.LoadVerdicts(cfg.Home, now)
	if err != nil {
		cfg.Log.Warn("what was known about peers is lost", "err", err)
	}
	s := &Session{
		cfg:      cfg,
		id:       newPeerID(),
		buffers:  piece.NewBuffers(cfg.Budget),
		workers:  intake.NewWorkers(cfg.Workers, int(cfg.Budget/4), intake.GatherTime),
		frames:   link.NewFrames(),
		up:       limiter.New(cfg.UploadLimit, now),
		down:     limiter.New(cfg.DownloadLimit, now),
		verdicts: verdicts,
		caps:     conns.NewCaps(cfg.SessionHalfOpen, cfg.SessionPeers),
		hall:     greeting.NewHall(maxGreetings, maxNetworkGreetings),
		torrents: make(map[[20]byte]*Torrent),
		banned:   make(map[netip.Addr]time.Time),
	}
	s.ctx, s.cancel = context.WithCancelCause(context.Background())
	if cfg.Listen != "" {
		if err := s.listen(ctx); err != nil {
			s.cancel(err)
			s.workers.Close()
			return nil, err
		}
	}
	s.wg.Go(s.remember)
	return s, nil
}

// rememberPeriod is how much of what was learnt about peers a crash may take
// away.
const rememberPeriod = time.Minute

// remember saves now and then what was learnt about peers: that one was seen
// with TLS must outlive a crash.
func (s *Session) remember() {
	tick := time.NewTicker(rememberPeriod)
	defer tick.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-tick.C:
			if err := s.verdicts.Save(); err != nil {
				s.cfg.Log.Warn("nothing learnt about peers outlives this run", "err", err)
			}
		}
	}
}

func (s *Session) listen(ctx context.Context) error {
	if s.cfg.Certificate == nil {
		c, err := home.Certificate(s.cfg.Home, s.cfg.Clock.Now())
		if err != nil {
			return err
		}
		s.cfg.Certificate = &c
	}
	port, err := transport.Listen(ctx, s.cfg.Listen, transport.Config{
		Policy: s.cfg.Policy, Certificate: *s.cfg.Certificate,
		Handle: s.accept, Site: s.cfg.Site, Plain: true, MSE: true,
		Clock: s.cfg.Clock, Log: s.cfg.Log,
	})
	if err != nil {
		return err
	}
	s.port = port
	return nil
}

// newPeerID returns a peer id in the form of BEP 20: client, version, and
// twelve random bytes.
func newPeerID() (id [20]byte) {
	copy(id[:], "-WN0100-")
	_, _ = rand.Read(id[8:]) // never fails: crypto/rand
	return id
}

// Addr returns the address peers can connect to, nil without a listener.
func (s *Session) Addr() net.Addr {
	if s.port == nil {
		return nil
	}
	return s.port.Addr()
}

// Port returns the TCP port peers can connect to, 0 without a listener.
func (s *Session) Port() uint16 {
	if s.port == nil {
		return 0
	}
	return greeting.AddrPort(s.port.Addr()).Port()
}

// Pin returns the SHA-256 of the public key of the port's certificate.
func (s *Session) Pin() ([32]byte, error) {
	if s.cfg.Certificate == nil {
		return [32]byte{}, errors.New("swarm: no certificate without a listener")
	}
	return btls.Pin(*s.cfg.Certificate)
}

// SetLimits changes the limits of the session in bytes a second, 0 for none.
func (s *Session) SetLimits(up, down int64) {
	now := s.cfg.Clock.Now()
	s.up.SetRate(up, now)
	s.down.SetRate(down, now)
	for _, t := range s.Torrents() {
		t.nudgeWriters()
	}
}

// Torrents returns all torrents.
func (s *Session) Torrents() []*Torrent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.list()
}

func (s *Session) list() []*Torrent {
	seen := make(map[*Torrent]bool, len(s.torrents))
	list := make([]*Torrent, 0, len(s.torrents))
	for _, t := range s.torrents {
		if t != nil && !seen[t] {
			seen[t] = true
			list = append(list, t)
		}
	}
	return list
}

// Close stops all torrents and waits for every goroutine of the session.
func (s *Session) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return ErrClosed
	}
	s.closed = true
	list := s.list()
	s.mu.Unlock()
	s.cancel(ErrClosed)
	var errs []error
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, t := range list {
		wg.Go(func() {
			if err := t.close(ErrClosed); err != nil {
				mu.Lock()
				errs = append(errs, fmt.Errorf("close %q: %w", t.meta.Info.Name, err))
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if s.port != nil {
		errs = append(errs, s.port.Close())
	}
	s.wg.Wait()
	s.workers.Close()
	s.buffers.Close()
	errs = append(errs, s.verdicts.Save())
	return errors.Join(errs...)
}
