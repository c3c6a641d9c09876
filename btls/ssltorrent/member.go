package ssltorrent

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"sync/atomic"

	"github.com/warren-p2p/warren/btls"
)

// Member is a node that has a certificate of a torrent. It is safe for concurrent
// use.
type Member struct {
	torrent *Torrent
	clock   btls.Clock
	own     atomic.Pointer[tls.Certificate]
}

// Member returns the member that shows a certificate. The error is that of
// Member.Renew.
func (t *Torrent) Member(own tls.Certificate, c btls.Clock) (*Member, error) {
	m := &Member{torrent: t, clock: c}
	if err := m.Renew(own); err != nil {
		return nil, err
	}
	return m, nil
}

// Renew replaces the certificate that is shown on connections to come. It must be
// there, with its key and the certificates that lead to the torrent's authority,
// and one that peers take now; errors are those of Torrent.Verify.
func (m *Member) Renew(own tls.Certificate) error {
	if own.PrivateKey == nil {
		return ErrNoCertificate
	}
	chain := make([]*x509.Certificate, 0, len(own.Certificate))
	for _, der := range own.Certificate {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrForeign, err)
		}
		chain = append(chain, c)
	}
	if err := m.torrent.Verify(chain, m.clock.Now()); err != nil {
		return err
	}
	m.own.Store(&own)
	return nil
}

// Client returns the configuration for a connection to a peer that is asked for
// the torrent by the given 20-byte info-hash. It is meant for [btls.Client].
func (m *Member) Client(hash [20]byte) *tls.Config {
	cfg := m.config()
	cfg.ServerName = ServerName(hash)
	return cfg
}

// Server returns the configuration for a connection from a peer that asks for the
// torrent. It is meant for a [btls.Pick].
func (m *Member) Server() *tls.Config {
	cfg := m.config()
	// The authorities that crypto/tls would check by are not asked: Verify says
	// who comes in.
	cfg.ClientAuth = tls.RequireAnyClientCert
	return cfg
}

// Website returns the configuration for connections to HTTPS trackers of the torrent.
// As libtorrent has it, their certificates lead to the torrent's authority, and to no
// other, and name the host. They are shown ours if they ask for it.
func (m *Member) Website() *tls.Config {
	roots := x509.NewCertPool()
	roots.AddCert(m.torrent.root)
	return &tls.Config{
		Certificates: []tls.Certificate{*m.own.Load()},
		MinVersion:   tls.VersionTLS13,
		RootCAs:      roots,
		Time:         m.clock.Now,
	}
}

func (m *Member) config() *tls.Config {
	return &tls.Config{
		Certificates:                []tls.Certificate{*m.own.Load()},
		MinVersion:                  tls.VersionTLS13,
		SessionTicketsDisabled:      true,
		DynamicRecordSizingDisabled: true,
		Time:                        m.clock.Now,
		InsecureSkipVerify:          true, //nolint:gosec // G402: VerifyConnection decides
		VerifyConnection: func(st tls.ConnectionState) error {
			if st.DidResume {
				return ErrResumed
			}
			return m.torrent.Verify(st.PeerCertificates, m.clock.Now())
		},
	}
}
