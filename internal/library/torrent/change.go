package torrent

import (
	"context"
	"errors"
	"fmt"

	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/swarm"
)

// Change says what is to be different about a torrent.
type Change = record.Change

// Change changes a torrent: all of it, or nothing if the error is an [*record.InputError] or
// one of the engine.
func (t *Torrent) Change(ctx context.Context, c Change) error {
	if err := t.check(&c); err != nil {
		return fmt.Errorf("change %q: %w", t.View().Name, err)
	}
	t.changing.Lock()
	defer t.changing.Unlock()
	if c.TLS != nil && t.Engine() != nil {
		if err := t.Engine().SetTLS(*c.TLS); err != nil {
			return err
		}
	}
	if len(c.Priorities) > 0 && t.Engine() != nil {
		if err := t.Engine().SetPriority(c.Priorities); err != nil && !errors.Is(err, swarm.ErrUnknown) {
			return err
		}
	}
	if c.Category != nil {
		if err := t.s.Groups.Need(ctx, *c.Category); err != nil {
			return err
		}
	}
	if err := t.update(ctx, func(r *record.Record) { c.Apply(r) }); err != nil {
		return err
	}
	t.carryOut(c)
	return nil
}

// check refuses what cannot be meant.
func (t *Torrent) check(c *Change) error {
	if err := c.Check(); err != nil || len(c.Priorities) == 0 {
		return err
	}
	m, err := t.Metainfo()
	if err != nil {
		return err
	}
	for file := range c.Priorities {
		if file < 0 || file >= len(m.Info.Files) {
			return record.Input("priorities", "there is no file %d", file)
		}
	}
	return nil
}

// carryOut has the engine do what was written down.
func (t *Torrent) carryOut(c Change) {
	if t.Engine() == nil {
		return
	}
	v := t.View()
	if c.UpLimit != nil || c.DownLimit != nil {
		t.Engine().SetLimits(v.UpLimit, v.DownLimit)
	}
	if c.Forced != nil {
		t.Engine().SetForced(v.Forced)
	}
	if c.FirstLast != nil {
		t.Engine().SetFirstLast(v.FirstLast)
	}
	if c.MaxPeers != nil {
		t.Engine().SetMaxPeers(v.MaxPeers)
	}
	if c.Sequential != nil {
		t.Engine().Configure(func(ctl *swarm.Control) { ctl.SetSequential(v.Sequential) })
	}
	if c.Category != nil || c.Labels != nil || len(c.AddLabels)+len(c.RemoveLabels) > 0 {
		t.Regroup()
	}
}
