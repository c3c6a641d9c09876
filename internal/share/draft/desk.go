package draft

import (
	"context"
	"crypto/rand"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/share/draft/walk"
	"github.com/warren-p2p/warren/internal/share/record"
)

// Desk has drafts. Its methods are safe for concurrent use.
type Desk struct {
	cfg  Config
	turn chan struct{} // whose disk it is: one draft reads at a time

	mu     sync.Mutex
	drafts map[string]*draft
	closed bool
	work   sync.WaitGroup
}

// draft is one in the making. What is in view is guarded by the desk's lock.
type draft struct {
	view   Draft
	used   time.Time
	skip   map[string]bool // names in the folder that are not shared
	seen   walk.Sum        // what was looked through
	looked bool            // all of it
	stop   context.CancelFunc
	ended  chan struct{} // closed when the present step has ended
}

// New returns an empty desk. [Desk.Close] ends what is done at it.
func New(cfg Config) *Desk {
	return &Desk{cfg: cfg, turn: make(chan struct{}, 1), drafts: map[string]*draft{}}
}

// Begin begins to look through a file or folder. The error is that of opening it,
// ErrPrivate, ErrMany or ErrClosed.
func (d *Desk) Begin(path string) (Draft, error) {
	abs, err := d.check(path)
	if err != nil {
		return Draft{}, err
	}
	fsys, name, err := d.cfg.Disk.Open(abs)
	if err != nil {
		return Draft{}, err
	}
	if _, err := fsys.Stat(name); err != nil {
		return Draft{}, errors.Join(err, fsys.Close())
	}
	one := &draft{view: Draft{ID: rand.Text(), Path: abs, Name: filepath.Base(abs)}, skip: map[string]bool{}}
	if err := d.put(one); err != nil {
		return Draft{}, errors.Join(err, fsys.Close())
	}
	return d.start(one, Looking, func(ctx context.Context) error {
		defer fsys.Close()
		return d.look(ctx, one, fsys, name)
	})
}

// check returns a path as it is meant, unless it must not be shared.
func (d *Desk) check(path string) (string, error) {
	if !filepath.IsAbs(path) {
		return "", &record.FieldError{Field: "path", Reason: "it does not begin at the root of the disk"}
	}
	abs, err := d.cfg.Disk.Real(filepath.Clean(path))
	if err != nil {
		return "", err
	}
	private := d.real(d.cfg.Private)
	if within(private, abs) || within(abs, private) && !slices.ContainsFunc(d.cfg.Content(), func(dir string) bool { return within(abs, d.real(dir)) }) {
		return "", ErrPrivate
	}
	return abs, nil
}

// real returns a path without symbolic links, or itself if there is nothing there.
func (d *Desk) real(path string) string {
	if real, err := d.cfg.Disk.Real(path); err == nil {
		return real
	}
	return path
}

// within reports whether a path is another one, or below it.
func within(path, dir string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// put takes a draft in, and drops those that nobody has asked for in a long time.
func (d *Desk) put(one *draft) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return ErrClosed
	}
	now := d.cfg.Clock.Now()
	for id, old := range d.drafts {
		if now.Sub(old.used) > keep && !working(old.view.State) {
			delete(d.drafts, id)
		}
	}
	if len(d.drafts) >= maxDrafts {
		return ErrMany
	}
	one.used = now
	d.drafts[one.view.ID] = one
	return nil
}

func working(s State) bool { return s == Looking || s == Stripping || s == Hashing }

// start begins a step of a draft, and returns how it stands then.
func (d *Desk) start(one *draft, first State, step func(context.Context) error) (Draft, error) {
	ctx, stop := context.WithCancel(context.Background())
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed || d.drafts[one.view.ID] != one {
		stop()
		return Draft{}, ErrClosed
	}
	ended := make(chan struct{})
	one.view.State, one.view.Err, one.stop, one.ended = first, nil, stop, ended
	one.view.Done, one.view.Total = 0, 0
	d.work.Go(func() {
		defer close(ended)
		defer stop()
		err := d.inTurn(ctx, step)
		d.mu.Lock()
		defer d.mu.Unlock()
		if err != nil {
			one.view.State, one.view.Err = Failed, err
		}
	})
	return one.view.clone(), nil
}

// inTurn does a step when no other draft is at it.
func (d *Desk) inTurn(ctx context.Context, step func(context.Context) error) error {
	select {
	case d.turn <- struct{}{}:
		defer func() { <-d.turn }()
		return step(ctx)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Get returns a draft as it stands. The error is ErrNotFound.
func (d *Desk) Get(id string) (Draft, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	one := d.drafts[id]
	if one == nil {
		return Draft{}, ErrNotFound
	}
	one.used = d.cfg.Clock.Now()
	return one.view.clone(), nil
}

// Drop ends a draft and waits for that. What has become a share stays one. The error is
// ErrNotFound.
func (d *Desk) Drop(id string) error {
	d.mu.Lock()
	one := d.drafts[id]
	delete(d.drafts, id)
	d.mu.Unlock()
	if one == nil {
		return ErrNotFound
	}
	one.stop()
	<-one.ended
	return nil
}

// Close drops all drafts and waits for that.
func (d *Desk) Close() error {
	d.mu.Lock()
	d.closed = true
	for _, one := range d.drafts {
		one.stop()
	}
	d.mu.Unlock()
	d.work.Wait()
	return nil
}

// clone returns a draft that does not change.
func (v *Draft) clone() Draft {
	c := *v
	c.Findings, c.Cautions = slices.Clip(v.Findings), slices.Clip(v.Cautions)
	return c
}

// set changes what is shown of a draft.
func (d *Desk) set(one *draft, change func(*Draft)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change(&one.view)
}
