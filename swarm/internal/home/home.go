// Package home keeps what a session knows from one run to the next beside the
// resume state: the certificate of its port, and how peers can be reached.
package home

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/warren-p2p/warren/btls/certificate"
	"github.com/warren-p2p/warren/internal/facade/made"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/conns/verdict"
)

// Names of the files.
const (
	certificateFile = "peer-certificate.pem"
	verdictsFile    = "verdicts.json"
)

// Certificate returns the certificate of this install, made on first use:
// peers that pin it must find it again after a restart.
func Certificate(dir vfs.FS, now time.Time) (tls.Certificate, error) {
	b, err := vfs.ReadFile(dir, certificateFile)
	if err == nil {
		c, err := certificate.ParsePEM(b)
		if err != nil {
			return c, fmt.Errorf("read %s: %w", certificateFile, err)
		}
		return c, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return tls.Certificate{}, fmt.Errorf("read %s: %w", certificateFile, err)
	}
	c, err := certificate.SelfSigned(now, rand.Reader)
	if err != nil {
		return c, fmt.Errorf("make a certificate: %w", err)
	}
	if b, err = certificate.MarshalPEM(c); err != nil {
		return c, fmt.Errorf("make a certificate: %w", err)
	}
	if err := vfs.WriteFileAtomic(dir, certificateFile, b, 0o600); err != nil {
		return c, fmt.Errorf("keep the certificate: %w", err)
	}
	return c, nil
}

// Front sees to what the port shows, as far as nobody has said what: the certificate
// of this install and a site that is made up for it.
func Front(dir vfs.FS, now time.Time, cert **tls.Certificate, site *http.Handler) error {
	if *cert == nil {
		c, err := Certificate(dir, now)
		if err != nil {
			return err
		}
		*cert = &c
	}
	if *site == nil {
		seed, err := made.Seed(dir)
		if err != nil {
			return err
		}
		*site = made.New(seed)
	}
	return nil
}

// maxVerdicts bounds the memory about peers; an entry is about 100 bytes.
const maxVerdicts = 20_000

// Verdicts is what was learnt about peers, and its file.
type Verdicts struct {
	*conns.Verdicts
	dir vfs.FS

	mu   sync.Mutex
	last []byte // as the file has it
}

// LoadVerdicts returns what was learnt before. The error says why the file
// cannot be used; everything is learnt anew then, which begins with TLS.
func LoadVerdicts(dir vfs.FS, now time.Time) (*Verdicts, error) {
	v := &Verdicts{Verdicts: conns.NewVerdicts(maxVerdicts), dir: dir}
	b, err := vfs.ReadFile(dir, verdictsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return v, nil
	}
	var r verdict.Records
	if err == nil {
		err = json.Unmarshal(b, &r)
	}
	if err != nil {
		return v, fmt.Errorf("read %s: %w", verdictsFile, err)
	}
	v.Import(r, now)
	v.last = b
	return v, nil
}

// keepPeriod is how much of what was learnt about peers a crash may take away.
const keepPeriod = time.Minute

// Keep saves now and then what was learnt, until the end of ctx: that a peer was
// seen with TLS must outlive a crash.
func (v *Verdicts) Keep(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(keepPeriod)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := v.Save(); err != nil {
				log.Warn("nothing learnt about peers outlives this run", "err", err)
			}
		}
	}
}

// Save writes the file if there is something new. It may be called by several
// at once.
func (v *Verdicts) Save() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	b, err := json.Marshal(v.Export())
	if err == nil && bytes.Equal(b, v.last) {
		return nil
	}
	if err == nil {
		err = vfs.WriteFileAtomic(v.dir, verdictsFile, b, 0o600)
	}
	if err != nil {
		return fmt.Errorf("keep what is known about peers: %w", err)
	}
	v.last = b
	return nil
}
