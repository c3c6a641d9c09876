package dossier

import (
	"crypto/tls"
	"errors"
	"fmt"

	"github.com/warren-p2p/warren/btls/ssltorrent"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/seek"
)

var (
	// ErrSSLTorrent reports an SSL torrent that was added by a magnet link.
	ErrSSLTorrent = seek.ErrSSLTorrent
	// ErrShown reports an SSL torrent that demands level Strict.
	ErrShown = errors.New("level strict lets nobody see the info-hash, and an SSL torrent shows it to all")
)

// setSSL makes a torrent's peers those who have a certificate of its authority.
// Errors match those of package ssltorrent, ErrShown or ErrTLSNeeded.
func (o *Options) setSSL(c clock.Clock) error {
	info := &o.Metainfo.Info
	if t := o.Metainfo.TLS; o.Secret != nil || t != nil && t.Level == metainfo.TLSStrict {
		return fmt.Errorf("SSL torrent: %w", ErrShown)
	}
	torrent, err := ssltorrent.New(info.Name, info.SSLCert)
	if err != nil {
		return err
	}
	if o.TLS == conns.Off {
		return fmt.Errorf("SSL torrent: %w", ErrTLSNeeded)
	}
	var own tls.Certificate
	if o.Certificate != nil {
		own = *o.Certificate
	}
	m, err := torrent.Member(own, c)
	if err != nil {
		return fmt.Errorf("SSL torrent: the certificate to show to peers: %w", err)
	}
	o.access, o.TLS = transport.Access{SSL: m}, conns.Require
	return nil
}

// Renew replaces the certificate that peers of an SSL torrent are shown. Errors
// match those of package ssltorrent; of other torrents ssltorrent.ErrNoRoot.
func (d *Dossier) Renew(own tls.Certificate) error {
	err := ssltorrent.ErrNoRoot
	if m := d.id.Access.SSL; m != nil {
		err = m.Renew(own)
	}
	if err != nil {
		return fmt.Errorf("change the certificate for %q: %w", d.name, err)
	}
	return nil
}

// suits reports ErrSSLTorrent if peers of a torrent have to be spoken to in another
// way than they are.
func (d *Dossier) suits(m *metainfo.Torrent) error {
	if m.Info.SSLCert != "" && d.id.Access.SSL == nil {
		return ErrSSLTorrent
	}
	return nil
}
