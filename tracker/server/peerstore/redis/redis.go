// Package redis is a peer store in a Redis or Valkey server, for operators who run
// several trackers that share one. An announce is one script there, so that it happens
// as a whole whatever other trackers do, and one round trip. It is slower than
// package memory by two orders of magnitude, and that is what sharing costs.
//
// A swarm is five keys with a common hash tag, which keeps them on one server of a
// cluster:
//
//	PREFIX:{info-hash}:4l, :4s, :6l, :6s   sorted sets of compact peers by when they
//	                                       were heard of, of each family: those that
//	                                       want something, and those that do not
//	PREFIX:{info-hash}:x                   hash: what else is known of a compact peer,
//	                                       and under "completed" the count
//
// and PREFIX:swarms is when each swarm was announced to last. Keys end with their
// swarm, by the time to live. A server that evicts keys loses swarms, not itself.
package redis

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/gomodule/redigo/redis"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/tracker/server/peerstore"
)

// Config says where the store is.
type Config struct {
	// URL is redis://[USER:PASSWORD@]HOST:PORT/DB, or rediss:// over TLS, or
	// unix:///SOCKET?db=DB.
	URL    string
	Policy netpolicy.Policy
	TTL    time.Duration // for how long a peer is kept that is not heard of; 70 minutes
	Prefix string        // of keys; "warren"
	// Timeout bounds each request: a tracker that waits for its store serves nobody;
	// 2 s.
	Timeout time.Duration
}

// Store is a peer store in a server.
type Store struct {
	cfg              Config
	pool             *redis.Pool
	announce, scrape *redis.Script
}

var _ peerstore.Store = (*Store)(nil)

// idle is for how long a connection is kept that nobody needs.
const idle = 5 * time.Minute

// Open connects to a server, and fails if it does not answer. The error is ErrURL if
// the URL is none of a server.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	if cfg.TTL <= 0 {
		cfg.TTL = 70 * time.Minute
	}
	if cfg.Prefix == "" {
		cfg.Prefix = "warren"
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = 2 * time.Second
	}
	at, err := parse(cfg.URL)
	if err != nil {
		return nil, err
	}
	most := 10 * runtime.GOMAXPROCS(0)
	s := &Store{cfg: cfg, announce: redis.NewScript(5, announceScript), scrape: redis.NewScript(5, scrapeScript)}
	s.pool = &redis.Pool{
		DialContext: func(ctx context.Context) (redis.Conn, error) { return at.dial(ctx, cfg) },
		MaxIdle:     most, MaxActive: most, Wait: true, IdleTimeout: idle,
	}
	if err := s.with(ctx, func(ctx context.Context, c redis.Conn) error {
		_, err := redis.DoContext(c, ctx, "PING")
		return err
	}); err != nil {
		return nil, errors.Join(fmt.Errorf("ask the Redis server: %w", err), s.Close())
	}
	return s, nil
}

// with does something with a connection, within the time of a request. It is tried
// once more on another one: a server that was started anew has closed all there are.
func (s *Store) with(ctx context.Context, do func(context.Context, redis.Conn) error) error {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Timeout)
	defer cancel()
	again := true
	for {
		c, err := s.pool.GetContext(ctx)
		if err != nil {
			return err
		}
		err = do(ctx, c)
		broken := c.Err() != nil
		_ = c.Close() // what it has to say, do has heard
		if err == nil || !broken || !again || ctx.Err() != nil {
			return err
		}
		again = false
	}
}

// keys returns those of a swarm: of the family that is asked over first.
func (s *Store) keys(hash [20]byte, six bool) []any {
	base := s.cfg.Prefix + ":{" + string(hash[:]) + "}:"
	own, other := "4", "6"
	if six {
		own, other = other, own
	}
	return []any{base + own + "l", base + own + "s", base + other + "l", base + other + "s", base + "x"}
}

// Announce takes note of a peer and picks others for it, in one script.
func (s *Store) Announce(ctx context.Context, a *peerstore.Announce, to *peerstore.Answer) error {
	to.Reset()
	key, err := a.Peer.MarshalBinary()
	if err != nil {
		return fmt.Errorf("announce: %w", err)
	}
	n := len(key)
	key[n-2], key[n-1] = key[n-1], key[n-2] // it has the port the other way round
	role, did := "l", ""
	if a.Role != peerstore.Leecher {
		role = "s"
	}
	switch {
	case a.Stopped:
		did = "stopped"
	case a.Completed && a.Role == peerstore.Seeder:
		did = "completed"
	}
	args := append(s.keys(a.InfoHash, a.Peer.Addr().Is6()),
		key, role, did, a.Now.Unix(), int64(s.cfg.TTL/time.Second), a.NumWant, said(a), required(a), rand.IntN(1<<30))
	if err := s.with(ctx, func(ctx context.Context, c redis.Conn) error {
		got, err := redis.Values(s.announce.DoContext(ctx, c, args...))
		if err != nil {
			return err
		}
		if err := read(got, n, to); err != nil {
			return err
		}
		swarms := s.cfg.Prefix + ":swarms"
		if to.Seeders+to.Leechers == 0 {
			_, err = redis.DoContext(c, ctx, "ZREM", swarms, a.InfoHash[:])
		} else {
			_, err = redis.DoContext(c, ctx, "ZADD", swarms, a.Now.Unix(), a.InfoHash[:])
		}
		return err
	}); err != nil {
		return fmt.Errorf("announce: %w", err)
	}
	return nil
}

// Scrape appends the totals of swarms, with one round trip for all.
func (s *Store) Scrape(ctx context.Context, hashes [][20]byte, dst []peerstore.Totals, now time.Time) ([]peerstore.Totals, error) {
	if len(hashes) == 0 {
		return dst, nil
	}
	since := now.Add(-s.cfg.TTL).Unix()
	had := len(dst)
	if err := s.with(ctx, func(ctx context.Context, c redis.Conn) error {
		dst = dst[:had]
		for _, h := range hashes {
			if err := s.scrape.Send(c, append(s.keys(h, false), since)...); err != nil {
				return err
			}
		}
		if err := c.Flush(); err != nil {
			return err
		}
		for range hashes {
			n, err := redis.Ints(redis.ReceiveContext(c, ctx))
			if err != nil || len(n) != 4 {
				return errors.Join(errScript, err)
			}
			dst = append(dst, peerstore.Totals{Seeders: n[0], Leechers: n[1], Partial: n[2], Completed: n[3]})
		}
		return nil
	}); err != nil {
		return dst[:had], fmt.Errorf("scrape: %w", err)
	}
	return dst, nil
}

// Expire forgets swarms that nobody was heard of in. Peers are forgotten by the
// announces of others, and swarms by the server.
func (s *Store) Expire(ctx context.Context, now time.Time) error {
	until := now.Add(-s.cfg.TTL).Unix()
	if err := s.with(ctx, func(ctx context.Context, c redis.Conn) error {
		_, err := redis.DoContext(c, ctx, "ZREMRANGEBYSCORE", s.cfg.Prefix+":swarms", "-inf", fmt.Sprintf("(%d", until))
		return err
	}); err != nil {
		return fmt.Errorf("forget swarms: %w", err)
	}
	return nil
}

// Count tells how many swarms are held, by all trackers that share the store. Peers
// are not counted.
func (s *Store) Count(ctx context.Context) (peerstore.Count, error) {
	n := 0
	if err := s.with(ctx, func(ctx context.Context, c redis.Conn) (err error) {
		n, err = redis.Int(redis.DoContext(c, ctx, "ZCARD", s.cfg.Prefix+":swarms"))
		return err
	}); err != nil {
		return peerstore.Count{}, fmt.Errorf("count swarms: %w", err)
	}
	return peerstore.Count{Swarms: n, Peers4: -1, Peers6: -1}, nil
}

// Close closes the connections.
func (s *Store) Close() error { return s.pool.Close() }
