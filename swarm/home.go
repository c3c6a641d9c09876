package swarm

import (
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/conns/verdict"
)

// Names of what a session keeps in its home besides resume state.
const (
	certificateFile = "peer-certificate.pem"
	verdictsFile    = "verdicts.json"
)

// loadCertificate returns the certificate of this install, made on first use:
// peers that pin it must find it again after a restart.
func loadCertificate(cfg Config) (tls.Certificate, error) {
	b, err := vfs.ReadFile(cfg.Home, certificateFile)
	if err == nil {
		c, err := btls.ParsePEM(b)
		if err != nil {
			return c, fmt.Errorf("read %s: %w", certificateFile, err)
		}
		return c, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return tls.Certificate{}, fmt.Errorf("read %s: %w", certificateFile, err)
	}
	c, err := btls.SelfSigned(cfg.Clock.Now(), rand.Reader)
	if err != nil {
		return c, fmt.Errorf("make a certificate: %w", err)
	}
	if b, err = btls.MarshalPEM(c); err != nil {
		return c, fmt.Errorf("make a certificate: %w", err)
	}
	if err := vfs.WriteFileAtomic(cfg.Home, certificateFile, b, 0o600); err != nil {
		return c, fmt.Errorf("keep the certificate: %w", err)
	}
	return c, nil
}

// loadVerdicts returns what was learnt about peers before. What cannot be read
// is learnt anew: it is a cache, except that peers seen with TLS are then tried
// from the start, which begins with TLS.
func loadVerdicts(cfg Config) *conns.Verdicts {
	v := conns.NewVerdicts(maxVerdicts)
	b, err := vfs.ReadFile(cfg.Home, verdictsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return v
	}
	var r verdict.Records
	if err == nil {
		err = json.Unmarshal(b, &r)
	}
	if err != nil {
		cfg.Log.Warn("what was known about peers is lost", "file", verdictsFile, "err", err)
		return v
	}
	v.Import(r, cfg.Clock.Now())
	return v
}

// maxVerdicts bounds the memory about peers; an entry is about 100 bytes.
const maxVerdicts = 20_000

func saveVerdicts(cfg Config, v *conns.Verdicts) error {
	b, err := json.Marshal(v.Export())
	if err != nil {
		return fmt.Errorf("keep what is known about peers: %w", err)
	}
	if err := vfs.WriteFileAtomic(cfg.Home, verdictsFile, b, 0o600); err != nil {
		return fmt.Errorf("keep what is known about peers: %w", err)
	}
	return nil
}
