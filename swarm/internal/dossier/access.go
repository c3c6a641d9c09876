package dossier

import (
	"errors"
	"fmt"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/disclosure"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
)

var (
	// ErrPassphrase reports a torrent whose secret comes from a passphrase that was
	// not given.
	ErrPassphrase = errors.New("the torrent is opened by a passphrase")
	// ErrTLSNeeded reports a torrent of a level that is nothing without TLS.
	ErrTLSNeeded = errors.New("the torrent demands TLS")
	// ErrMembers reports a torrent whose peers need credentials, without anything
	// that could check them.
	ErrMembers = greeting.ErrMembers
	// errSole reports a torrent that was to have one tracker alone, and would be told of
	// elsewhere all the same, or in clear.
	errSole = errors.New("a torrent that one tracker alone may know has to be private, of level strict, and to be asked for over HTTPS")
)

// Demand returns what the torrent says about its peers, nil if nothing.
func (o *Options) Demand() *metainfo.TLS {
	if o.Metainfo != nil {
		return o.Metainfo.TLS
	}
	return o.Magnet.TLS
}

// SetAccess finds out what lets peers in, and makes the policy one that the level
// can be had with. Errors match ErrPassphrase, ErrTLSNeeded, ErrMembers, ErrShown,
// btls.ErrKey or those of package ssltorrent.
func (o *Options) SetAccess(c clock.Clock) error {
	if err := o.setAccess(c); err != nil || o.Sole == nil {
		return err
	}
	if o.Metainfo == nil || !o.Metainfo.Info.Private || o.access.Level < btls.Strict || disclosure.Tracker(o.Sole.URL) != disclosure.HTTPS {
		return errSole
	}
	return nil
}

func (o *Options) setAccess(c clock.Clock) error {
	if o.Metainfo != nil && o.Metainfo.Info.SSLCert != "" {
		return o.setSSL(c)
	}
	t := o.Demand()
	if t == nil {
		t = &metainfo.TLS{}
	}
	a := transport.Access{Level: btls.Level(t.Level)}
	switch {
	case o.Secret != nil:
		a.Level, a.Secret = max(a.Level, btls.Strict), *o.Secret
	case a.Level == btls.Basic:
		return nil
	case t.Argon2id != nil:
		return ErrPassphrase
	default:
		if len(t.Secret) != len(a.Secret) {
			return fmt.Errorf("secret of %d bytes: %w", len(t.Secret), btls.ErrKey)
		}
		a.Secret = btls.Secret(t.Secret)
	}
	if err := allowed(a.Level, o.TLS); err != nil {
		return err
	}
	if a.Members = o.Members; a.Level == btls.FullStrict && a.Members == nil {
		return ErrMembers
	}
	o.access, o.TLS = a, conns.Require
	return nil
}

// Allowed reports ErrTLSNeeded for a policy that the torrent cannot have.
func (d *Dossier) Allowed(p conns.Policy) error {
	a := d.id.Access
	switch {
	case p == conns.Require:
		return nil
	case a.SSL != nil:
		return fmt.Errorf("SSL torrent: %w", ErrTLSNeeded)
	case a.Level > btls.Basic:
		return fmt.Errorf("%v: %w", a.Level, ErrTLSNeeded)
	}
	return nil
}

// allowed is for who adds a torrent: that TLS is preferred is what nobody has said.
func allowed(l btls.Level, p conns.Policy) error {
	if l > btls.Basic && p == conns.Off {
		return fmt.Errorf("%v: %w", l, ErrTLSNeeded)
	}
	return nil
}

// Unprotected returns the web seeds that are not used because content would come in
// clear.
func (d *Dossier) Unprotected() []disclosure.Unprotected {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append(disclosure.NoWebSeeds(d.opts.TLS, d.opts.WebSeeds), disclosure.NoWebSeeds(d.opts.TLS, d.listed)...)
}

// Shown returns what decides on what is told of the torrent to find peers, m being
// what is known of it.
func (d *Dossier) Shown(m *metainfo.Torrent) disclosure.Torrent {
	d.mu.Lock()
	defer d.mu.Unlock()
	return disclosure.Torrent{
		ID: d.id, Policy: d.opts.TLS, Passphrase: d.opts.Secret != nil,
		Private: m != nil && m.Info.Private, AnnounceID: d.opts.AnnounceDiscovery, Sole: d.opts.Sole,
	}
}
