package layout

import (
	"context"
	"errors"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/swarm/internal/storage/content"
)

// Move is the content on its way to another folder.
type Move struct {
	l      *Layout
	to     vfs.FS
	copies []*content.Copy
	same   bool // both are one folder, or others have moved what is to be there
	adopt  bool
}

// Free returns how much room a volume has.
func (m *Move) Free() (int64, error) { return free(m.to) }

// MoveTo begins a move. Adopt says that others have put the content there already:
// then nothing is copied or removed, and none of it may be used before it is checked.
func (l *Layout) MoveTo(to vfs.FS, adopt bool) *Move {
	return &Move{l: l, to: to, same: adopt, adopt: adopt}
}

// Copy copies all files, makes the copies durable and compares them. Reading
// and writing the originals may go on. After an error nothing is left of the
// copies.
func (m *Move) Copy(ctx context.Context) error {
	if !m.adopt {
		var err error
		if m.same, err = m.oneFolder(); err != nil {
			return err
		}
	}
	for i := range m.l.Files {
		if m.l.Files[i].File == nil {
			continue
		}
		if m.same {
			m.copies = append(m.copies, m.l.Files[i].Stay(m.to))
			continue
		}
		c, err := m.l.Files[i].CopyTo(ctx, m.to)
		if err != nil {
			return errors.Join(err, m.discard())
		}
		m.copies = append(m.copies, c)
	}
	return nil
}

// oneFolder finds out whether the content is to go where it is, maybe by
// another path: then there is nothing to copy, and what looks like the original
// must not be removed. Only a file tells for sure.
func (m *Move) oneFolder() (same bool, err error) {
	left, err := probe(m.to)
	if err != nil {
		return false, err
	}
	same = left.seenIn(m.l.fsys)
	return same, left.remove()
}

func (m *Move) discard() (err error) {
	for _, c := range m.copies {
		err = errors.Join(err, c.Discard())
	}
	return err
}

// Switch brings the copies up to date, puts them in the place of the originals
// and removes those. Nobody may be reading or writing.
func (m *Move) Switch(ctx context.Context) error {
	for _, c := range m.copies {
		if err := c.Refresh(ctx); err != nil {
			return errors.Join(err, m.discard())
		}
	}
	for _, c := range m.copies {
		if err := c.Land(); err != nil {
			return errors.Join(err, m.discard())
		}
	}
	if err := m.l.Tree.SyncNames(); err != nil {
		return err
	}
	m.l.fsys = m.to
	var err error
	for _, c := range m.copies {
		remove, e := c.Finish()
		if err = errors.Join(err, e); !m.same {
			err = errors.Join(err, remove())
		}
	}
	return err
}
