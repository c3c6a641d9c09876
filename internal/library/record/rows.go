package record

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm"
)

const columns = `v1, v2, name, dir, magnet, added, completed, active, category, labels, paused,
	sent, received, seeding, running, place, wishes`

// Insert adds a record and sets its ID. Bytes are those of the torrent file, nil if
// nothing but a link is known.
func Insert(ctx context.Context, q store.Querier, r *Record, bytes []byte) error {
	args, err := r.row()
	if err != nil {
		return err
	}
	err = q.QueryRowContext(ctx, "INSERT INTO torrent ("+columns+`)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, args...).Scan(&r.ID)
	if err != nil {
		return fmt.Errorf("keep torrent %q: %w", r.Name, err)
	}
	if bytes == nil {
		return nil
	}
	return PutMetainfo(ctx, q, r.ID, bytes)
}

// Update replaces what is kept of a torrent.
func Update(ctx context.Context, q store.Querier, r *Record) error {
	args, err := r.row()
	if err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, "UPDATE torrent SET ("+columns+`) =
		(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ?`, append(args, r.ID)...)
	if err != nil {
		return fmt.Errorf("keep torrent %q: %w", r.Name, err)
	}
	return nil
}

// Delete forgets a torrent.
func Delete(ctx context.Context, q store.Querier, id int64) error {
	if _, err := q.ExecContext(ctx, "DELETE FROM torrent WHERE id = ?", id); err != nil {
		return fmt.Errorf("forget torrent %d: %w", id, err)
	}
	return nil
}

// PutMetainfo keeps the bytes of a torrent file.
func PutMetainfo(ctx context.Context, q store.Querier, id int64, bytes []byte) error {
	if _, err := q.ExecContext(ctx, "INSERT OR REPLACE INTO metainfo (torrent, bytes) VALUES (?, ?)", id, bytes); err != nil {
		return fmt.Errorf("keep torrent file %d: %w", id, err)
	}
	return nil
}

// Metainfo returns the bytes of a torrent file, nil if there are none.
func Metainfo(ctx context.Context, q store.Querier, id int64) (bytes []byte, err error) {
	err = q.QueryRowContext(ctx, "SELECT bytes FROM metainfo WHERE torrent = ?", id).Scan(&bytes)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("read torrent file %d: %w", id, err)
	}
	return bytes, nil
}

// All returns all records, as they stand in the queue.
func All(ctx context.Context, q store.Querier) (list []Record, err error) {
	list, err = store.All(ctx, q, read, "SELECT id, "+columns+" FROM torrent ORDER BY place, id")
	if err != nil {
		return nil, fmt.Errorf("read torrents: %w", err)
	}
	return list, nil
}

// row returns the columns.
func (r *Record) row() ([]any, error) {
	labels, err := json.Marshal(r.Labels)
	if err != nil {
		return nil, err
	}
	wishes, err := json.Marshal(r.Wishes)
	if err != nil {
		return nil, err
	}
	return []any{
		hash(r.Hashes.HasV1, r.Hashes.V1[:]), hash(r.Hashes.HasV2, r.Hashes.V2[:]), r.Name, r.Dir, r.Magnet,
		seconds(r.Added), seconds(r.Completed), seconds(r.LastActive), r.Category, string(labels), r.Paused,
		r.Sent, r.Received, int64(r.SeedTime / time.Second), int64(r.ActiveTime / time.Second), r.Place, string(wishes),
	}, nil
}

func read(scan func(...any) error) (r Record, err error) {
	var v1, v2, labels, wishes []byte
	var added, completed, active, seeding, running int64
	if err := scan(&r.ID, &v1, &v2, &r.Name, &r.Dir, &r.Magnet, &added, &completed, &active, &r.Category, &labels,
		&r.Paused, &r.Sent, &r.Received, &seeding, &running, &r.Place, &wishes); err != nil {
		return r, err
	}
	r.Hashes = metainfo.InfoHashes{HasV1: len(v1) == len(r.Hashes.V1), HasV2: len(v2) == len(r.Hashes.V2)}
	copy(r.Hashes.V1[:], v1)
	copy(r.Hashes.V2[:], v2)
	r.Added, r.Completed, r.LastActive = date(added), date(completed), date(active)
	r.SeedTime, r.ActiveTime = time.Duration(seeding)*time.Second, time.Duration(running)*time.Second
	if err := json.Unmarshal(labels, &r.Labels); err != nil {
		return r, fmt.Errorf("labels of %q: %w", r.Name, err)
	}
	if err := json.Unmarshal(wishes, &r.Wishes); err != nil {
		return r, fmt.Errorf("wishes for %q: %w", r.Name, err)
	}
	return r, nil
}

// UnmarshalJSON reads policies as numbers too, which were written down so once.
func (w *Wishes) UnmarshalJSON(b []byte) error {
	type plain Wishes
	in := struct {
		*plain
		TLS json.RawMessage `json:"tls"`
	}{plain: (*plain)(w)}
	if err := json.Unmarshal(b, &in); err != nil || in.TLS == nil {
		return err
	}
	var number uint8
	if json.Unmarshal(in.TLS, &number) == nil {
		w.TLS = swarm.TLSPolicy(number)
		return nil
	}
	return json.Unmarshal(in.TLS, &w.TLS)
}

func hash(has bool, h []byte) any {
	if !has {
		return nil
	}
	return h
}

func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func date(s int64) time.Time {
	if s == 0 {
		return time.Time{}
	}
	return time.Unix(s, 0).UTC()
}

// Count writes down what is counted of a torrent, and its place, and nothing that
// somebody may be changing.
func Count(ctx context.Context, q store.Querier, r *Record) error {
	_, err := q.ExecContext(ctx, `UPDATE torrent SET (completed, active, sent, received, seeding, running, place) =
		(?, ?, ?, ?, ?, ?, ?) WHERE id = ?`, seconds(r.Completed), seconds(r.LastActive), r.Sent, r.Received,
		int64(r.SeedTime/time.Second), int64(r.ActiveTime/time.Second), r.Place, r.ID)
	if err != nil {
		return fmt.Errorf("keep counters of %q: %w", r.Name, err)
	}
	return nil
}
