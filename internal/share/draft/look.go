package draft

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/internal/share/draft/caution"
	"github.com/warren-p2p/warren/internal/share/draft/walk"
	"github.com/warren-p2p/warren/internal/share/inspect"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/metainfo/piecespace"
)

// look goes through a draft twice: to see how much there is, and to look into files.
func (d *Desk) look(ctx context.Context, one *draft, fsys vfs.FS, root string) error {
	l := &looker{ctx: ctx, desk: d, one: one, sum: walk.NewSummer()}
	w := &walk.Walk{FS: fsys, Root: root, File: l.count, Aside: l.aside, Named: l.named}
	l.walk = w
	if err := w.Run(ctx); err != nil {
		return fmt.Errorf("look through it: %w", err)
	}
	switch {
	case one.skip[root]:
		return ErrSpecial
	case l.files == 0 || l.size == 0:
		return ErrEmpty
	case l.files > manyFiles:
		l.caution(caution.Many, "", fmt.Sprintf("There are %s files: has anybody looked through them?", words.Number(l.files)))
	}
	d.set(one, func(v *Draft) { v.Files, v.Size, v.Total = l.files, l.size, l.size })
	w = &walk.Walk{FS: fsys, Root: root, Skip: one.skip, File: l.into}
	if err := w.Run(ctx); err != nil {
		return fmt.Errorf("look into it: %w", err)
	}
	d.set(one, func(v *Draft) { v.State, one.seen, one.looked = Ready, l.sum.Sum(), true })
	return nil
}

// looker is one look through a draft.
type looker struct {
	ctx   context.Context
	desk  *Desk
	one   *draft
	walk  *walk.Walk
	sum   walk.Summer
	files int
	size  int64
}

func (l *looker) count(name string, info fs.FileInfo) error {
	l.sum.Add(name, info)
	if err := piecespace.CheckName(l.walk.Below(name)); err != nil {
		return fmt.Errorf("%q %w: %w: rename it, and begin again", words.Plain(l.walk.Below(name)), ErrName, err)
	}
	if l.files++; l.files > maxFiles {
		return ErrTooMany
	}
	l.size += info.Size()
	return nil
}

func (l *looker) aside(name string, kind caution.Kind) error {
	text := "It is neither a file nor a folder, and is not shared."
	if kind == caution.Link {
		text = "It leads out of what you share, and is not shared."
	}
	l.one.skip[name] = true
	l.caution(kind, l.walk.Below(name), text)
	if len(l.one.skip) > maxFiles {
		return ErrTooMany
	}
	return nil
}

func (l *looker) named(name string) {
	if c, ok := l.desk.cfg.Names.Of(l.walk.Below(name)); ok {
		l.caution(c.Kind, c.File, c.Text)
	}
}

// caution keeps the most urgent ones.
func (l *looker) caution(kind caution.Kind, file, text string) {
	c := caution.Caution{Kind: kind, File: words.Plain(file), Text: text}
	l.desk.set(l.one, func(v *Draft) {
		if n := len(v.Cautions); n == maxCautions && v.Cautions[n-1].Kind.Rank() <= c.Kind.Rank() {
			return
		}
		list := append(slices.Clone(v.Cautions), c)
		slices.SortStableFunc(list, func(x, y caution.Caution) int { return cmp.Compare(x.Kind.Rank(), y.Kind.Rank()) })
		v.Cautions = list[:min(len(list), maxCautions)]
	})
}

// into looks into a file.
func (l *looker) into(name string, info fs.FileInfo) error {
	found, err := lookInto(l.ctx, l.walk.FS, name, info.Size())
	if err != nil {
		kind, text := caution.Unreadable, "It cannot be read: "+words.Cause(err).Error()
		if errors.Is(err, inspect.ErrOpaque) {
			kind, text = caution.Opaque, "Nobody can say what it tells: "+strings.TrimPrefix(err.Error(), inspect.ErrOpaque.Error()+": ")
		}
		l.caution(kind, l.walk.Below(name), text)
	}
	l.desk.set(l.one, func(v *Draft) {
		v.Done += info.Size()
		v.Found += len(found)
		for _, f := range found {
			if f.Removable {
				v.Removable++
			}
			if len(v.Findings) < maxFindings {
				v.Findings = append(v.Findings, Finding{words.Plain(l.walk.Below(name)), f})
			}
		}
	})
	return nil
}

func lookInto(ctx context.Context, fsys vfs.FS, name string, size int64) ([]inspect.Finding, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return inspect.Look(until{ctx, f}, size)
}

// until reads a file, which may be endless, until ctx ends.
type until struct {
	ctx context.Context
	f   vfs.File
}

func (u until) ReadAt(p []byte, off int64) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.f.ReadAt(p, off)
}
