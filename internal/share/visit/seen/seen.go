// Package seen remembers which records of shares a node has seen, so that nobody can show
// it an older one in the place of a newer, or one that somebody else has signed.
package seen

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/store"
)

// usual is how many are remembered.
const usual = 10_000

// Book remembers records.
type Book struct {
	Store *store.Store
	Clock clock.Clock
	// Most is how many are remembered, 10,000 if it is 0; those that were not seen for
	// the longest time go.
	Most int
}

// Check reports a record that must not be shown: the error matches record.ErrOlder.
// Otherwise it is remembered.
func (b *Book) Check(ctx context.Context, r *record.Record) error {
	key := r.Key.Bytes()
	return b.Store.Write(ctx, func(q store.Querier) error {
		var signer []byte
		var sequence int64
		err := q.QueryRowContext(ctx, "SELECT signer, sequence FROM share_seen WHERE id = ? AND v1 = ?", r.ID[:], r.Hashes.V1[:]).Scan(&signer, &sequence)
		switch {
		case errors.Is(err, sql.ErrNoRows):
		case err != nil:
			return fmt.Errorf("look up what was seen of a share: %w", err)
		case !bytes.Equal(signer, key[:]):
			return fmt.Errorf("%w: somebody else has signed it", record.ErrOlder)
		case r.Sequence < sequence:
			return fmt.Errorf("%w: number %d after %d", record.ErrOlder, r.Sequence, sequence)
		}
		if _, err := q.ExecContext(ctx, "INSERT OR REPLACE INTO share_seen (id, v1, signer, sequence, at) VALUES (?, ?, ?, ?, ?)",
			r.ID[:], r.Hashes.V1[:], key[:], r.Sequence, b.Clock.Now().Unix()); err != nil {
			return fmt.Errorf("remember a share: %w", err)
		}
		_, err = q.ExecContext(ctx, "DELETE FROM share_seen WHERE (id, v1) IN (SELECT id, v1 FROM share_seen ORDER BY at DESC LIMIT -1 OFFSET ?)", cmp.Or(b.Most, usual))
		if err != nil {
			return fmt.Errorf("forget shares: %w", err)
		}
		return nil
	})
}
