package history

import (
	"context"
	"time"

	"github.com/warren-p2p/warren/internal/store"
)

// write adds steps to the rows of a series, and forgets the oldest of too many rows. By
// their number, not by their age: a clock that runs years ahead for a while must not take
// what was kept.
func (s *series) write(ctx context.Context, q store.Querier, steps []Step) error {
	each := int64(s.each / time.Second)
	for _, step := range steps {
		_, err := q.ExecContext(ctx, `INSERT INTO moved (step, at, received, sent) VALUES (?, ?, ?, ?)
			ON CONFLICT (step, at) DO UPDATE SET received = received + excluded.received, sent = sent + excluded.sent`,
			each, step.At.Unix(), step.Received, step.Sent)
		if err != nil {
			return err
		}
	}
	_, err := q.ExecContext(ctx, "DELETE FROM moved WHERE step = ?1 AND at < (SELECT at FROM moved WHERE step = ?1 ORDER BY at DESC LIMIT 1 OFFSET ?2)", each, s.most-1)
	return err
}

// read returns the rows of steps of a length that begin from one time to another, the
// oldest first.
func read(ctx context.Context, s *store.Store, each time.Duration, from, to time.Time) (steps []Step, err error) {
	err = s.Read(ctx, func(q store.Querier) error {
		steps, err = store.All(ctx, q, func(scan func(...any) error) (one Step, err error) {
			var at int64
			err = scan(&at, &one.Received, &one.Sent)
			one.At = time.Unix(at, 0).UTC()
			return one, err
		}, "SELECT at, received, sent FROM moved WHERE step = ? AND at BETWEEN ? AND ? ORDER BY at", int64(each/time.Second), from.Unix(), to.Unix())
		return err
	})
	return steps, err
}
