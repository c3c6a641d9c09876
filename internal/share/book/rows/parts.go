package rows

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/store"
)

// ErrNoFile reports a number that no file of a share has.
var ErrNoFile = errors.New("the share has no such file")

// File is a file of a share with what verifies it alone.
type File struct {
	record.File
	Layer []byte // the piece layer (BEP 52), 32 bytes for each piece; nil for a file of one piece
}

// PutRecord keeps the record of the private torrent of a share, or of the public one.
func PutRecord(ctx context.Context, q store.Querier, id record.ID, public bool, bytes []byte) error {
	_, err := q.ExecContext(ctx, "INSERT OR REPLACE INTO share_record (share, public, bytes) VALUES (?, ?, ?)", id[:], public, bytes)
	if err != nil {
		return fmt.Errorf("keep the record of share %v: %w", id, err)
	}
	return nil
}

// Record returns a record, nil if there is none.
func Record(ctx context.Context, q store.Querier, id record.ID, public bool) (bytes []byte, err error) {
	err = q.QueryRowContext(ctx, "SELECT bytes FROM share_record WHERE share = ? AND public = ?", id[:], public).Scan(&bytes)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("read the record of share %v: %w", id, err)
	}
	return bytes, nil
}

// DropRecord forgets a record.
func DropRecord(ctx context.Context, q store.Querier, id record.ID, public bool) error {
	if _, err := q.ExecContext(ctx, "DELETE FROM share_record WHERE share = ? AND public = ?", id[:], public); err != nil {
		return fmt.Errorf("forget the record of share %v: %w", id, err)
	}
	return nil
}

// together is how many files one statement keeps.
const together = 200

// PutFiles keeps the files of a share.
func PutFiles(ctx context.Context, q store.Querier, id record.ID, files []File) error {
	n := 0
	for some := range slices.Chunk(files, together) {
		args := make([]any, 0, len(some)*6)
		for i := range some {
			f := &some[i]
			root, layer := []byte{}, f.Layer
			if !f.Root.IsZero() {
				root = f.Root[:]
			}
			if layer == nil {
				layer = []byte{} // not NULL
			}
			args = append(args, id[:], n, f.Path, f.Size, root, layer)
			n++
		}
		values := strings.TrimSuffix(strings.Repeat("(?, ?, ?, ?, ?, ?), ", len(some)), ", ")
		if _, err := q.ExecContext(ctx, "INSERT INTO share_file (share, n, path, size, root, layer) VALUES "+values, args...); err != nil {
			return fmt.Errorf("keep the files of share %v: %w", id, err)
		}
	}
	return nil
}

// Files returns some files of a share from a number on, without their layers.
func Files(ctx context.Context, q store.Querier, id record.ID, from, most int) (list []record.File, err error) {
	list, err = store.All(ctx, q, func(scan func(...any) error) (f record.File, err error) {
		var root []byte
		err = scan(&f.Path, &f.Size, &root)
		copy(f.Root[:], root)
		return f, err
	}, "SELECT path, size, root FROM share_file WHERE share = ? AND n >= ? AND n < ? ORDER BY n", id[:], from, from+most)
	if err != nil {
		return nil, fmt.Errorf("read the files of share %v: %w", id, err)
	}
	return list, nil
}

// OneFile returns a file of a share. The error may be ErrNoFile.
func OneFile(ctx context.Context, q store.Querier, id record.ID, n int) (f File, err error) {
	var root []byte
	err = q.QueryRowContext(ctx, "SELECT path, size, root, layer FROM share_file WHERE share = ? AND n = ?", id[:], n).Scan(&f.Path, &f.Size, &root, &f.Layer)
	if errors.Is(err, sql.ErrNoRows) {
		return File{}, ErrNoFile
	}
	if err != nil {
		return File{}, fmt.Errorf("read a file of share %v: %w", id, err)
	}
	copy(f.Root[:], root)
	return f, nil
}

// Clear forgets what is shown and served of a share that is revoked, and who has redeemed
// its link, and keeps what is left.
func Clear(ctx context.Context, q store.Querier, s *Share) error {
	for _, table := range []string{"share_record", "share_file", "share_ticket"} {
		if _, err := q.ExecContext(ctx, "DELETE FROM "+table+" WHERE share = ?", s.ID[:]); err != nil {
			return fmt.Errorf("clear share %v: %w", s.ID, err)
		}
	}
	return Update(ctx, q, s)
}

// Ticket is that of somebody who has redeemed a link.
type Ticket struct {
	Hash  [32]byte // SHA-256 of the ticket
	Share record.ID
	Ends  time.Time
}

// PutTicket keeps a ticket.
func PutTicket(ctx context.Context, q store.Querier, t Ticket) error {
	if _, err := q.ExecContext(ctx, "INSERT INTO share_ticket (hash, share, ends) VALUES (?, ?, ?)", t.Hash[:], t.Share[:], seconds(t.Ends)); err != nil {
		return fmt.Errorf("keep a ticket: %w", err)
	}
	return nil
}

// DropTickets forgets tickets that have ended.
func DropTickets(ctx context.Context, q store.Querier, now time.Time) error {
	if _, err := q.ExecContext(ctx, "DELETE FROM share_ticket WHERE ends <= ?", now.Unix()); err != nil {
		return fmt.Errorf("forget tickets: %w", err)
	}
	return nil
}

// Tickets returns all tickets.
func Tickets(ctx context.Context, q store.Querier) (list []Ticket, err error) {
	list, err = store.All(ctx, q, func(scan func(...any) error) (t Ticket, err error) {
		var hash, share []byte
		var ends int64
		err = scan(&hash, &share, &ends)
		t.Ends = date(ends)
		copy(t.Hash[:], hash)
		copy(t.Share[:], share)
		return t, err
	}, "SELECT hash, share, ends FROM share_ticket ORDER BY ends")
	if err != nil {
		return nil, fmt.Errorf("read tickets: %w", err)
	}
	return list, nil
}

// PublicToken returns the token of the link to all public shares; ok is false if there
// is none yet.
func PublicToken(ctx context.Context, q store.Querier) (t link.Token, ok bool, err error) {
	var b []byte
	err = q.QueryRowContext(ctx, "SELECT token FROM share_public").Scan(&b)
	if errors.Is(err, sql.ErrNoRows) {
		return t, false, nil
	}
	if err != nil {
		return t, false, fmt.Errorf("read the public link: %w", err)
	}
	copy(t[:], b)
	return t, true, nil
}

// PutPublicToken keeps the token of the link to all public shares.
func PutPublicToken(ctx context.Context, q store.Querier, t link.Token) error {
	if _, err := q.ExecContext(ctx, "INSERT OR REPLACE INTO share_public (one, token) VALUES (1, ?)", t[:]); err != nil {
		return fmt.Errorf("keep the public link: %w", err)
	}
	return nil
}
