// Package anacrolix lets a client of github.com/anacrolix/torrent speak
// BitTorrent over TLS, levels Basic and Strict, through the hooks the client
// has: a dialer and a listener. Copy it, or read it as the list of what an
// engine has to do.
//
//	cfg := torrent.NewDefaultClientConfig()
//	anacrolix.Configure(cfg)
//	client, err := torrent.NewClient(cfg)
//	peers, err := anacrolix.Attach(client, listener, certificate, site)
//	err = peers.Add(spec, level, secret) // before the torrent is added
package anacrolix

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/anacrolix/torrent"
	"github.com/anacrolix/torrent/bencode"
	"github.com/anacrolix/torrent/metainfo"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/server"
)

// Configure leaves the client no connection but ours. The info-hash is in the
// handshake of BEP 3, which an obfuscated header would hide from the dialer.
func Configure(cfg *torrent.ClientConfig) {
	cfg.DisableTCP, cfg.DisableUTP, cfg.NoDHT, cfg.DisableWebtorrent = true, true, true, true
	cfg.HeaderObfuscationPolicy = torrent.HeaderObfuscationPolicy{RequirePreferred: true}
}

// names are the hashes that a handshake may name a torrent by.
type names = []metainfo.Hash

// Peers are the torrents of a client as they are known to package btls.
type Peers struct {
	listener *server.Listener[names]
	table    *btls.Table[names]

	mu   sync.Mutex
	keys map[metainfo.Hash]btls.Key // what is dialled with, by the hash of the handshake
}

// Attach makes client dial over TLS, and accept over TLS on l. Close it after
// the client.
func Attach(client *torrent.Client, l net.Listener, cert tls.Certificate, site http.Handler) (*Peers, error) {
	table := btls.NewTable[names](nil)
	accepting, err := server.Listen(l, table, server.Config{Certificate: cert, Site: site})
	if err != nil {
		return nil, err
	}
	p := &Peers{listener: accepting, table: table, keys: map[metainfo.Hash]btls.Key{}}
	client.AddListener(listener{p.listener})
	client.AddDialer(dialer{p})
	return p, nil
}

// Close closes the listener.
func (p *Peers) Close() error { return p.listener.Close() }

// Add makes a torrent known. A hybrid is one under both its info-hashes, and is
// dialled with the key of version 2. Of a hybrid it leaves the info-hash of
// version 1 alone in spec: a client of v1.61 that is told both does not find it
// by the other, but does if it works the other out by itself.
func (p *Peers) Add(spec *torrent.TorrentSpec, level btls.Level, secret btls.Secret) error {
	known, hashes := names{spec.InfoHash}, [][]byte{spec.InfoHash[:]}
	if v2 := spec.InfoHashV2; v2.Ok {
		if known = append(known, *v2.Value.ToShort()); spec.InfoHash.IsZero() || known[0] == known[1] {
			hashes = nil
		}
		hashes = append(hashes, v2.Value[:])
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, ih := range hashes {
		k, err := btls.DeriveKey(level, secret, ih)
		if err != nil {
			return err
		}
		if err := p.table.Add(k, known); err != nil {
			return err
		}
		for _, name := range known {
			p.keys[name] = k
		}
	}
	if len(hashes) == 2 {
		spec.InfoHashV2.SetNone()
	}
	return nil
}

// Demand reads what a .torrent demands of its peers: its dictionary "tls".
func Demand(file []byte) (level btls.Level, secret btls.Secret, err error) {
	var mi struct {
		TLS struct {
			Level  btls.Level  `bencode:"level"`
			Secret btls.Secret `bencode:"secret"`
		} `bencode:"tls"`
	}
	err = bencode.Unmarshal(file, &mi)
	return mi.TLS.Level, mi.TLS.Secret, err
}

type dialer struct{ *Peers }

func (dialer) DialerNetwork() string { return "tcp" }

// Dial is not told the torrent, and returns a connection that waits for it.
func (d dialer) Dial(ctx context.Context, addr string) (net.Conn, error) {
	raw, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return &outgoing{Conn: raw, peers: d.Peers, ready: make(chan struct{})}, nil
}

type listener struct{ *server.Listener[names] }

// Accept returns a connection on which only the torrent that was proved can be
// asked for.
func (l listener) Accept() (net.Conn, error) {
	c, torrent, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &incoming{Conn: c, names: torrent}, nil
}

// The handshake of BEP 3 begins with 20 bytes of name, 8 reserved ones and the
// info-hash.
const hashAt, hashEnd = 28, 48

var errUnknown = errors.New("the handshake names another torrent")

// outgoing keeps what is written until that names the torrent, and then sends it
// over TLS. Nothing is written in clear. Addresses, deadlines and Close are
// those of the connection below.
type outgoing struct {
	net.Conn
	peers *Peers
	head  []byte
	ready chan struct{} // closed when over or err is there
	over  *btls.Conn
	err   error
}

func (c *outgoing) Write(b []byte) (int, error) {
	if len(c.head) >= hashEnd {
		if c.err != nil {
			return 0, c.err
		}
		return c.over.Write(b)
	}
	if c.head = append(c.head, b...); len(c.head) < hashEnd {
		return len(b), nil
	}
	defer close(c.ready)
	if c.over, c.err = c.dial(metainfo.Hash(c.head[hashAt:hashEnd])); c.err == nil {
		_, c.err = c.over.Write(c.head)
	}
	return len(b), c.err
}

func (c *outgoing) dial(name metainfo.Hash) (*btls.Conn, error) {
	c.peers.mu.Lock()
	key := c.peers.keys[name] // the zero key, which Dial refuses, if there is none
	c.peers.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return btls.Dial(ctx, c.Conn, key, btls.DialOptions{})
}

func (c *outgoing) Read(b []byte) (int, error) {
	if <-c.ready; c.err != nil {
		return 0, c.err
	}
	return c.over.Read(b)
}

// incoming refuses a handshake that names another torrent than the one that was
// proved: otherwise the key of any torrent would open all of them.
type incoming struct {
	*btls.Conn
	names names
	head  []byte
}

func (c *incoming) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if len(c.head) >= hashEnd {
		return n, err
	}
	c.head = append(c.head, b[:n]...)
	if len(c.head) >= hashEnd && !slices.Contains(c.names, metainfo.Hash(c.head[hashAt:hashEnd])) {
		return 0, errUnknown
	}
	return n, err
}
