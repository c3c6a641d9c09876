package blocklist

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"time"

	"github.com/warren-p2p/warren/internal/courier"
	"github.com/warren-p2p/warren/internal/ipfilter"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
)

// maxBytes is how long a list may be, as it comes.
const maxBytes = 64 << 20

// read reads the sources that may have changed, and reports whether one has. busy is
// held.
func (b *Blocklist) read(ctx context.Context) (changed bool) {
	for _, s := range b.sources {
		if ctx.Err() != nil {
			return changed
		}
		now := b.cfg.Clock.Now()
		switch {
		case !isURL(s.status.Location):
			changed = b.file(s) || changed
		case !now.Before(s.due):
			changed = b.fetch(ctx, s) || changed
		}
	}
	if changed {
		b.mu.Lock()
		b.publish()
		b.mu.Unlock()
	}
	return changed
}

// file reads a file if it has changed.
func (b *Blocklist) file(s *source) bool {
	fsys, name, err := vfs.OpenPath(s.status.Location)
	if err != nil {
		return b.failed(s, words.Cause(err))
	}
	defer func() { _ = fsys.Close() }() // nothing was written
	f, err := fsys.Open(name)
	if err != nil {
		return b.failed(s, words.Cause(err))
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	switch {
	case err != nil:
		return b.failed(s, words.Cause(err))
	case !info.Mode().IsRegular():
		return b.failed(s, errors.New("it is no file"))
	case info.Size() > maxBytes:
		return b.failed(s, fmt.Errorf("%s are too many: at most %s", words.Bytes(info.Size()), words.Bytes(maxBytes)))
	case info.ModTime().Equal(s.modified) && info.Size() == s.size:
		return false
	}
	s.modified, s.size = info.ModTime(), info.Size()
	return b.take(s, io.NewSectionReader(f, 0, info.Size()))
}

// fetch fetches a URL if what is behind it has changed.
func (b *Blocklist) fetch(ctx context.Context, s *source) bool {
	now := b.cfg.Clock.Now()
	s.due = now.Add(retry)
	at := s.status.Location
	a, err := b.cfg.Courier.Get(ctx, courier.Request{URL: at, Near: []string{at}, Max: maxBytes, ETag: s.etag, Modified: s.lastTime})
	if ctx.Err() != nil {
		s.due = time.Time{}
		return false
	}
	if err != nil {
		if status, ok := errors.AsType[*courier.StatusError](err); ok {
			s.due = now.Add(max(retry, status.Retry))
		}
		return b.failed(s, err)
	}
	s.due = now.Add(b.cfg.Interval)
	if a.Same {
		b.mu.Lock()
		defer b.mu.Unlock()
		s.status.Loaded, s.status.Problem = now, ""
		return false
	}
	if !b.take(s, bytes.NewReader(a.Body)) {
		s.due = now.Add(retry)
		return false
	}
	s.etag, s.lastTime = a.ETag, a.Modified
	if err := vfs.WriteFileAtomic(b.cfg.Keep, keptAs(at), a.Body, 0o600); err != nil {
		b.cfg.Log.Warn("a block list is not kept: after a restart it is fetched again", "list", host(at), "problem", err)
	}
	return true
}

// kept reads what was fetched from a URL before.
func (b *Blocklist) kept(s *source) {
	body, err := vfs.ReadFile(b.cfg.Keep, keptAs(s.status.Location))
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		b.failed(s, err)
		return
	}
	b.take(s, bytes.NewReader(body))
}

func keptAs(location string) string {
	sum := sha256.Sum256([]byte(location))
	return "blocklist-" + hex.EncodeToString(sum[:8])
}

// take makes a list of what is read. What is no list leaves the one before.
func (b *Blocklist) take(s *source, r io.Reader) bool {
	var builder ipfilter.Builder
	skipped, err := builder.Read(r)
	if err != nil {
		return b.failed(s, err)
	}
	list := builder.List()
	b.mu.Lock()
	s.list = list
	s.status = Source{Location: s.status.Location, Ranges: list.Len(), Skipped: skipped, Loaded: b.cfg.Clock.Now()}
	b.mu.Unlock()
	b.cfg.Log.Info("a block list was read", "list", host(s.status.Location), "ranges", list.Len(), "skipped", skipped)
	return true
}

// failed notes why a list was not read. It is said once.
func (b *Blocklist) failed(s *source, err error) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if problem := err.Error(); problem != s.status.Problem {
		s.status.Problem = problem
		b.cfg.Log.Warn("a block list cannot be read", "list", host(s.status.Location), "problem", problem)
	}
	return false
}

// host returns what of a location may be in a log: a URL may have a key of the
// user's in it.
func host(location string) string {
	if u, err := url.Parse(location); err == nil && isURL(location) {
		return u.Hostname()
	}
	return location
}
