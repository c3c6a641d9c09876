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
	"net"
	"net/url"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/tracker/server/peerstore"
)

// Config says where the store is.
type Config struct {
	// URL is redis://[USER:PASSWORD@]HOST:PORT/DB, or rediss:// over TLS.
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
	client           *redis.Client
	announce, scrape *redis.Script
}

var _ peerstore.Store = (*Store)(nil)

// ErrURL is matched by the error of a URL that is none of a Redis server.
var ErrURL = errors.New("not a URL of a Redis server")

// Open connects to a server, and fails if it does not answer.
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
	opts, err := redis.ParseURL(cfg.URL)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrURL, withoutURL(err))
	}
	opts.DialTimeout, opts.ReadTimeout, opts.WriteTimeout = cfg.Timeout, cfg.Timeout, cfg.Timeout
	opts.MaxRetries = 1
	opts.ContextTimeoutEnabled = true
	opts.DisableIdentity = true
	if opts.Network != "unix" && opts.TLSConfig == nil {
		opts.Dialer = func(ctx context.Context, _, addr string) (net.Conn, error) { return cfg.Policy.Dial(ctx, addr) }
	}
	s := &Store{cfg: cfg, client: redis.NewClient(opts), announce: redis.NewScript(announceScript), scrape: redis.NewScript(scrapeScript)}
	if err := s.client.Ping(ctx).Err(); err != nil {
		return nil, errors.Join(fmt.Errorf("ask the Redis server: %w", err), s.client.Close())
	}
	return s, nil
}

// withoutURL takes a URL out of an error: there may be a password in it.
func withoutURL(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

// keys returns those of a swarm: of the family that is asked over first.
func (s *Store) keys(hash [20]byte, six bool) []string {
	base := s.cfg.Prefix + ":{" + string(hash[:]) + "}:"
	own, other := "4", "6"
	if six {
		own, other = other, own
	}
	return []string{base + own + "l", base + own + "s", base + other + "l", base + other + "s", base + "x"}
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
	got, err := s.announce.Run(ctx, s.client, s.keys(a.InfoHash, a.Peer.Addr().Is6()),
		string(key), role, did, a.Now.Unix(), int64(s.cfg.TTL/time.Second), a.NumWant, said(a), required(a), rand.IntN(1<<30)).Slice()
	if err != nil {
		return fmt.Errorf("announce: %w", err)
	}
	if err := read(got, n, to); err != nil {
		return err
	}
	swarms := s.cfg.Prefix + ":swarms"
	member := string(a.InfoHash[:])
	if to.Seeders+to.Leechers == 0 {
		err = s.client.ZRem(ctx, swarms, member).Err()
	} else {
		err = s.client.ZAdd(ctx, swarms, redis.Z{Score: float64(a.Now.Unix()), Member: member}).Err()
	}
	if err != nil {
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
	pipe := s.client.Pipeline()
	answers := make([]*redis.Cmd, len(hashes))
	for i, h := range hashes {
		answers[i] = s.scrape.Eval(ctx, pipe, s.keys(h, false), since)
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return dst, fmt.Errorf("scrape: %w", err)
	}
	for _, a := range answers {
		n, err := a.Int64Slice()
		if err != nil || len(n) != 4 {
			return dst, errors.Join(errScript, err)
		}
		dst = append(dst, peerstore.Totals{Seeders: int(n[0]), Leechers: int(n[1]), Partial: int(n[2]), Completed: int(n[3])})
	}
	return dst, nil
}

// Expire forgets swarms that nobody was heard of in. Peers are forgotten by the
// announces of others, and swarms by the server.
func (s *Store) Expire(ctx context.Context, now time.Time) error {
	until := now.Add(-s.cfg.TTL).Unix()
	if err := s.client.ZRemRangeByScore(ctx, s.cfg.Prefix+":swarms", "-inf", fmt.Sprintf("(%d", until)).Err(); err != nil {
		return fmt.Errorf("forget swarms: %w", err)
	}
	return nil
}

// Count tells how many swarms are held, by all trackers that share the store. Peers
// are not counted.
func (s *Store) Count(ctx context.Context) (peerstore.Count, error) {
	n, err := s.client.ZCard(ctx, s.cfg.Prefix+":swarms").Result()
	if err != nil {
		return peerstore.Count{}, fmt.Errorf("count swarms: %w", err)
	}
	return peerstore.Count{Swarms: int(n), Peers4: -1, Peers6: -1}, nil
}

// Close closes the connections.
func (s *Store) Close() error { return s.client.Close() }
