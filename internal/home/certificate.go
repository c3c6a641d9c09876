package home

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/warren-p2p/warren/btls/certificate"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/facade/made"
	"github.com/warren-p2p/warren/internal/vfs"
)

const (
	certificateFile = "peer-certificate.pem"
	certificateLock = "peer-certificate.lock"
	lockRetry       = 20 * time.Millisecond
)

// Certificate returns the certificate of this install, made on first use.
func (h *Home) Certificate(ctx context.Context, c clock.Clock) (tls.Certificate, error) {
	cert, err := h.readCertificate()
	if errors.Is(err, fs.ErrNotExist) {
		cert, err = h.makeCertificate(ctx, c)
	}
	if err != nil {
		return cert, fmt.Errorf("open the certificate in home %s: %w", h.path, err)
	}
	return cert, nil
}

func (h *Home) readCertificate() (tls.Certificate, error) {
	b, err := vfs.ReadFile(h.dir, certificateFile)
	if err != nil {
		return tls.Certificate{}, err
	}
	return certificate.ParsePEM(b)
}

// makeCertificate makes it once, even if two commands start together: peers pin
// the one they saw.
func (h *Home) makeCertificate(ctx context.Context, c clock.Clock) (cert tls.Certificate, err error) {
	lock, err := WaitLock(ctx, h.dir, certificateLock)
	if err != nil {
		return cert, err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	if cert, err := h.readCertificate(); !errors.Is(err, fs.ErrNotExist) {
		return cert, err
	}
	if cert, err = certificate.SelfSigned(c.Now(), rand.Reader); err != nil {
		return cert, err
	}
	b, err := certificate.MarshalPEM(cert)
	if err != nil {
		return cert, err
	}
	return cert, vfs.WriteFileAtomic(h.dir, certificateFile, b, 0o600)
}

// SiteSeed returns what the site of this install is made from, drawn on first use.
func (h *Home) SiteSeed(ctx context.Context) (seed [32]byte, err error) {
	lock, err := WaitLock(ctx, h.dir, certificateLock)
	if err != nil {
		return seed, err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	if seed, err = made.Seed(h.dir); err != nil {
		err = fmt.Errorf("open the site in home %s: %w", h.path, err)
	}
	return seed, err
}

// WaitLock takes a lock that is named by a file, as soon as no other process has
// it. Closing gives it back.
func WaitLock(ctx context.Context, dir vfs.FS, name string) (io.Closer, error) {
	l, ok := dir.(vfs.Locker)
	if !ok {
		return io.NopCloser(nil), nil
	}
	for {
		lock, err := l.Lock(name)
		if !errors.Is(err, vfs.ErrLocked) {
			return lock, err
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(lockRetry):
		}
	}
}

// BootID returns what names this boot of the machine, "" where nothing does
// (random(4)).
func BootID() string {
	// The file says that it is empty, so it is read without asking its size.
	dir, err := vfs.OpenDir("/proc/sys/kernel/random")
	if err != nil {
		return ""
	}
	defer dir.Close()
	f, err := dir.Open("boot_id")
	if err != nil {
		return ""
	}
	defer f.Close()
	b := make([]byte, 64)
	n, err := f.ReadAt(b, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return ""
	}
	return strings.TrimSpace(string(b[:n]))
}
