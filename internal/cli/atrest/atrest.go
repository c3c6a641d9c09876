// Package atrest lets a command work on the keys of a node whether it runs or not: it
// asks the one that runs in the home, or opens what lies there.
package atrest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/api"
	"github.com/warren-p2p/warren/internal/backup"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/remote"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/identity"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/internal/vfs"
)

// With calls do with the node of the home that the command line says. The error is a
// [*remote.NoNodeError] if the home has none, running or not; no home is made.
func With(ctx context.Context, c *console.Console, do func(n *remote.Node, running bool) error) (err error) {
	n, err := remote.Find(c)
	running := err == nil
	if none, ok := errors.AsType[*remote.NoNodeError](err); ok {
		if n, err = open(ctx, c, none.Home); errors.Is(err, fs.ErrNotExist) {
			return none
		}
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.Close()) }()
	return do(n, running)
}

// keys is what of a node is open.
type keys struct {
	cfg     api.Config
	closers []io.Closer
	serve   http.Handler
}

// open opens the keys of a node that does not run. Until it is closed none can be
// started.
func open(ctx context.Context, c *console.Console, path string) (n *remote.Node, err error) {
	k := &keys{cfg: api.Config{Version: c.Version, Clock: c.Clock, Log: slog.New(slog.NewTextHandler(c.Err, nil))}}
	defer func() {
		if err != nil {
			err = errors.Join(err, k.close())
		}
	}()
	dir, err := vfs.OpenDir(path)
	if err != nil {
		return nil, err
	}
	if err := dir.Close(); err != nil {
		return nil, err
	}
	h, err := home.Open(path)
	if err != nil {
		return nil, err
	}
	k.closers = append(k.closers, h)
	if _, err := h.State().Stat(backup.StoreFile); err != nil {
		return nil, err
	}
	lock, err := h.Occupy()
	if err != nil {
		return nil, err
	}
	k.closers = append(k.closers, lock)
	s, err := store.Open(ctx, filepath.Join(path, backup.StoreFile))
	if err != nil {
		return nil, err
	}
	k.closers = append(k.closers, s)
	if k.cfg.Tokens, err = access.OpenTokens(ctx, s, c.Clock); err != nil {
		return nil, err
	}
	if k.cfg.Identities, err = identity.Open(ctx, s, c.Clock); err != nil {
		return nil, err
	}
	if k.cfg.Key, err = access.OpenKey(h.State()); err != nil {
		return nil, err
	}
	k.cfg.Audit = audit.Open(s, c.Clock, k.cfg.Log)
	k.closers = append(k.closers, k.cfg.Audit)
	k.serve = api.Keys(k.cfg)
	return remote.At(path, k, k.close), nil
}

func (k *keys) close() error {
	var errs []error
	for _, c := range slices.Backward(k.closers) {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// RoundTrip implements http.RoundTripper: the owner asks, by what the home has.
func (k *keys) RoundTrip(r *http.Request) (*http.Response, error) {
	var note audit.Note
	owner := access.Owner(access.ByKey)
	if r.Body == nil {
		r.Body = http.NoBody
	}
	a := &answer{header: http.Header{}}
	k.serve.ServeHTTP(a, r.WithContext(audit.WithNote(access.With(r.Context(), owner), &note)))
	if a.status == 0 {
		a.status = http.StatusOK
	}
	if note.What != "" {
		k.cfg.Audit.Add(audit.Entry{Who: owner.Name, Way: owner.Way, What: note.What, Target: note.Target, Status: a.status, Failure: note.Failure})
	}
	return &http.Response{
		StatusCode: a.status, Status: strconv.Itoa(a.status) + " " + http.StatusText(a.status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.header, Body: io.NopCloser(&a.body), ContentLength: int64(a.body.Len()), Request: r,
	}, nil
}

// answer is what is written.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

// Write implements http.ResponseWriter.
func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(b)
}
