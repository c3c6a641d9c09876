package redis

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/gomodule/redigo/redis"
)

// ErrURL is matched by the error of a URL that is none of a Redis server.
var ErrURL = errors.New("not a URL of a Redis server")

// place is where a server is, and as whom it is used.
type place struct {
	network, address string
	tls              bool
	options          []redis.DialOption
}

// parse reads a URL. What is wrong is told without it: there may be a password in it.
func parse(text string) (place, error) {
	u, err := url.Parse(text)
	if err != nil {
		if e, ok := errors.AsType[*url.Error](err); ok {
			err = e.Err
		}
		return place{}, fmt.Errorf("%w: %w", ErrURL, err)
	}
	p, db := place{network: "tcp", tls: u.Scheme == "rediss"}, strings.TrimPrefix(u.Path, "/")
	switch {
	case (u.Scheme == "redis" || u.Scheme == "rediss") && u.Hostname() != "":
		port := u.Port()
		if port == "" {
			port = "6379"
		}
		p.address = net.JoinHostPort(u.Hostname(), port)
	case u.Scheme == "unix" && u.Path != "":
		p.network, p.address, db = "unix", u.Path, u.Query().Get("db")
	default:
		return place{}, fmt.Errorf("%w: want redis://HOST:PORT/DB, rediss:// or unix:///SOCKET", ErrURL)
	}
	if db != "" {
		n, err := strconv.ParseUint(db, 10, 31)
		if err != nil {
			return place{}, fmt.Errorf("%w: the number of the database: %w", ErrURL, errors.Unwrap(err))
		}
		p.options = append(p.options, redis.DialDatabase(int(n)))
	}
	if password, ok := u.User.Password(); ok {
		p.options = append(p.options, redis.DialUsername(u.User.Username()), redis.DialPassword(password))
	}
	return p, nil
}

// dial makes a connection, by the policy unless the server is on this machine's own
// socket.
func (p place) dial(ctx context.Context, cfg Config) (redis.Conn, error) {
	options := append([]redis.DialOption{
		redis.DialUseTLS(p.tls), redis.DialTLSHandshakeTimeout(cfg.Timeout),
		redis.DialReadTimeout(cfg.Timeout), redis.DialWriteTimeout(cfg.Timeout),
	}, p.options...)
	if p.network != "unix" {
		options = append(options, redis.DialContextFunc(func(ctx context.Context, _, at string) (net.Conn, error) {
			return cfg.Policy.Dial(ctx, at)
		}))
	}
	return redis.DialContext(ctx, p.network, p.address, options...)
}
