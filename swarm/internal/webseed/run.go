package webseed

import (
	"context"
	"errors"
	"io"
	"net/url"
	"time"

	"github.com/warren-p2p/warren/peerwire"
)

// reqq is how many blocks a source is asked for at a time, at most.
const reqq = 512

// run is a peer of the download until ctx ends or there is nothing to be had.
func (s *Source) run(ctx context.Context) {
	s.forget()
	c := newClient(s)
	defer c.close()
	s.dl.HasSet(nil)
	s.dl.Unchoked()
	var p patience
	for ctx.Err() == nil && !s.retired() {
		order := s.next()
		if order == nil {
			select {
			case <-ctx.Done():
			case <-s.more:
			}
			continue
		}
		file, err := s.fetch(ctx, c, order)
		if err == nil {
			p = patience{}
		} else if ctx.Err() == nil && !s.rest(ctx, &p, file, err) {
			return
		}
	}
}

// rest gives back what was asked for after a failure, and waits. It reports
// whether the server may be asked again.
func (s *Source) rest(ctx context.Context, p *patience, file int, err error) bool {
	s.dl.Choked()
	s.forget()
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err // without the URL
	}
	s.cfg.Log.Debug("web seed fails", "err", err)
	var d time.Duration
	switch judge(err) {
	case never:
		s.retire()
		return false
	case noFile:
		if s.lose(file); s.dl.Count() == 0 {
			s.retire()
			return false
		}
	default:
		d = p.wait(err, s.rng)
	}
	if !sleep(ctx, d) {
		return false
	}
	s.dl.Unchoked()
	return true
}

// lose notes that the server does not have a file.
func (s *Source) lose(file int) {
	first, end := s.cfg.Space.FilePieces(file)
	for i := first; i < end; i++ {
		s.dl.Lost(i)
	}
}

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// fetch answers requests that follow each other. On an error it names the file
// that it concerns.
func (s *Source) fetch(ctx context.Context, c *client, order []peerwire.Request) (file int, err error) {
	// A timer and no deadline: the session's clock need not be the machine's.
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	slow := time.AfterFunc(blockTimeout, func() { cancel(ErrSlow) })
	defer slow.Stop()
	r := &reader{ctx: ctx, c: c, left: stretches(s.cfg.Space, order)}
	defer func() { err = errors.Join(err, r.close()) }()
	scratch := make([]byte, peerwire.BlockLen)
	for _, q := range order {
		n := int(q.Length)
		if !s.admit(ctx, n, slow) {
			return 0, context.Cause(ctx)
		}
		dst := s.dl.Block(q.Index, q.Begin, n)
		if dst == nil { // somebody else was faster
			dst = scratch
		}
		_, err := io.ReadFull(r, dst[:n])
		s.dl.BlockDone(err == nil)
		if err != nil {
			if cause := context.Cause(ctx); cause != nil {
				err = cause
			}
			return r.file, err
		}
		s.count(n)
		slow.Reset(blockTimeout)
	}
	return r.file, nil
}

// admit waits until the limits let n bytes come. The time does not count against
// the server.
func (s *Source) admit(ctx context.Context, n int, slow *time.Timer) bool {
	for ctx.Err() == nil {
		if s.cfg.Down.Rate() == 0 {
			return true
		}
		changed := s.cfg.Down.Changed()
		d := s.cfg.Down.Reserve(n, s.cfg.Clock.Now())
		if d <= 0 {
			return true
		}
		slow.Reset(d + blockTimeout)
		t := time.NewTimer(d)
		select {
		case <-t.C:
			return true
		case <-changed:
			s.cfg.Down.Return(n, s.cfg.Clock.Now())
		case <-ctx.Done():
		}
		t.Stop()
	}
	return false
}
