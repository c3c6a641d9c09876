package swarm_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/btls/ssltorrent"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm"
	"github.com/warren-p2p/warren/swarm/internal/dossier"
)

// sslTorrent is an SSL torrent with its authority.
type sslTorrent struct {
	t         *testing.T
	authority *ssltorrent.Authority
	content   tree
	meta      *metainfo.Torrent
}

func newSSLTorrent(t *testing.T, kind create.Kind) *sslTorrent {
	t.Helper()
	a, err := ssltorrent.NewAuthority("an authority", time.Now().Add(-time.Hour), time.Now().AddDate(1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	s := &sslTorrent{t: t, authority: a, content: sample(9, map[string]int{"file.bin": 300_000})}
	s.meta = s.made(kind, a.SSLCert())
	return s
}

// made makes the torrent of the content with another ssl-cert.
func (s *sslTorrent) made(kind create.Kind, sslCert string) *metainfo.Torrent {
	s.t.Helper()
	disk := memfs.New()
	s.content.write(s.t, disk)
	m, err := create.Torrent(context.Background(), disk, "file.bin", create.Options{Kind: kind, PieceLength: 64 << 10, SSLCert: sslCert})
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

// certificate is one that the authority has signed.
func (s *sslTorrent) certificate(name string, from, to time.Time) *tls.Certificate {
	s.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	csr, err := ssltorrent.Request(key)
	if err != nil {
		s.t.Fatal(err)
	}
	der, err := s.authority.Issue(csr, name, from, to)
	if err != nil {
		s.t.Fatal(err)
	}
	c, err := ssltorrent.Pair(der, key)
	if err != nil {
		s.t.Fatal(err)
	}
	return &c
}

func (s *sslTorrent) good() *tls.Certificate {
	return s.certificate("file.bin", time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
}

func (s *sslTorrent) add(n *node, from ...*node) {
	s.t.Helper()
	opts := swarm.Options{Metainfo: s.meta, Content: n.disk, Certificate: s.good()}
	for _, f := range from {
		opts.Peers = append(opts.Peers, f.addr())
	}
	var err error
	if n.torrent, err = n.session.Add(opts); err != nil {
		s.t.Fatal(err)
	}
}

// An SSL torrent moves between those who have a certificate, and to nobody who
// knows its info-hashes alone, however he comes.
func TestSSLTorrent(t *testing.T) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newSSLTorrent(t, kind)
				w := newWorld(t)
				seed, get, stranger := w.start(nil), w.start(nil), w.start(nil)
				s.content.write(t, seed.disk)
				s.add(seed)
				seed.wait(time.Minute)
				s.add(get, seed)
				get.wait(time.Minute)
				s.content.check(t, get.disk)
				if st := get.torrent.Status(); st.SecretBytes < 300_000 {
					t.Errorf("%d bytes over TLS", st.SecretBytes)
				}
				stranger.addMagnet(linkOf(s.meta), seed, get)
				time.Sleep(time.Minute) // of the bubble
				if m := stranger.torrent.Metainfo(); m != nil || stranger.torrent.Status().Peers > 0 {
					t.Errorf("a stranger is told: %+v", stranger.torrent.Status())
				}
				together(seed.close, get.close, stranger.close)
			})
		})
	}
}

// A certificate that ends while it is in use opens nothing any more, until it is
// renewed.
func TestSSLTorrentExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSSLTorrent(t, create.Hybrid)
		w := newWorld(t)
		seed, get := w.start(nil), w.start(nil)
		s.content.write(t, seed.disk)
		s.add(seed)
		seed.wait(time.Minute)
		time.Sleep(62 * time.Minute)
		s.add(get, seed)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		if err := get.torrent.Wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("fetched from a seed whose certificate has ended: %v", err)
		}
		if err := seed.torrent.SetCertificate(*s.certificate("file", time.Now(), time.Now().Add(time.Hour))); !errors.Is(err, ssltorrent.ErrName) {
			t.Errorf("a certificate of another torrent: %v", err)
		}
		if err := errors.Join(seed.torrent.SetCertificate(*s.good()), get.torrent.SetCertificate(*s.good())); err != nil {
			t.Fatal(err)
		}
		get.wait(time.Hour)
		s.content.check(t, get.disk)
		other := w.seeder(s.content.create(t, create.V1, 64<<10), s.content, swarm.TLSPrefer)
		if err := other.torrent.SetCertificate(*s.good()); !errors.Is(err, ssltorrent.ErrNoRoot) {
			t.Errorf("a torrent that is none: %v", err)
		}
		other.close()
		together(seed.close, get.close)
	})
}

// What is missing, or wrong with a certificate, is said when the torrent is added.
func TestSSLTorrentRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, other := newSSLTorrent(t, create.V1), newSSLTorrent(t, create.V1)
		now := time.Now()
		w := newWorld(t)
		n := w.start(nil)
		for name, c := range map[string]struct {
			meta *metainfo.Torrent
			own  *tls.Certificate
			tls  swarm.TLSPolicy
			want error
		}{
			"no certificate":         {s.meta, nil, swarm.TLSPrefer, ssltorrent.ErrNoCertificate},
			"no key":                 {s.meta, &tls.Certificate{Certificate: s.good().Certificate}, swarm.TLSPrefer, ssltorrent.ErrNoCertificate},
			"foreign":                {s.meta, other.good(), swarm.TLSPrefer, ssltorrent.ErrForeign},
			"expired":                {s.meta, s.certificate("file.bin", now.Add(-2*time.Hour), now.Add(-time.Hour)), swarm.TLSPrefer, ssltorrent.ErrTerm},
			"another name":           {s.meta, s.certificate("file", now, now.Add(time.Hour)), swarm.TLSPrefer, ssltorrent.ErrName},
			"in clear":               {s.meta, s.good(), swarm.TLSOff, swarm.ErrTLSNeeded},
			"ssl-cert that is none":  {s.made(create.V1, "certificate"), s.good(), swarm.TLSPrefer, ssltorrent.ErrNoRoot},
			"ssl-cert that is a key": {s.made(create.V2, "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n"), s.good(), swarm.TLSPrefer, ssltorrent.ErrNoRoot},
			"strict":                 {strictly(t, s.meta, 1), s.good(), swarm.TLSPrefer, dossier.ErrShown},
		} {
			_, err := n.session.Add(swarm.Options{Metainfo: c.meta, Content: n.disk, Certificate: c.own, TLS: c.tls})
			if !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", name, err, c.want)
			}
		}
		s.add(n)
		for _, p := range []swarm.TLSPolicy{swarm.TLSPrefer, swarm.TLSOff} {
			if err := n.torrent.SetTLS(p); !errors.Is(err, swarm.ErrTLSNeeded) {
				t.Errorf("policy %v later: %v", p, err)
			}
		}
		n.close()
	})
}
