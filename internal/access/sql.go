package access

import (
	"context"
	"crypto/sha256"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/store"
)

func (t *Tokens) load(q store.Querier) error {
	return store.Each(context.Background(), q, func(scan func(...any) error) (err error) {
		var token Token
		var hash []byte
		var scopes string
		var created, expires, used int64
		if err := scan(&token.ID, &token.Name, &hash, &scopes, &created, &expires, &used); err != nil {
			return err
		}
		if len(hash) != sha256.Size {
			return nil // it opens nothing
		}
		token.hash, token.gone = [sha256.Size]byte(hash), make(chan struct{})
		token.Created, token.Expires, token.Used = fromUnix(created), fromUnix(expires), fromUnix(used)
		if token.Scopes, err = ParseScopes(strings.Fields(scopes)); err != nil {
			return nil // nor does this
		}
		t.list[token.hash] = &token
		return nil
	}, "SELECT id, name, hash, scopes, created, expires, used FROM token")
}

func insert(ctx context.Context, q store.Querier, t *Token) error {
	words := make([]string, len(t.Scopes))
	for i, s := range t.Scopes {
		words[i] = string(s)
	}
	result, err := q.ExecContext(ctx, "INSERT INTO token (name, hash, scopes, created, expires, used) VALUES (?, ?, ?, ?, ?, 0)",
		t.Name, t.hash[:], strings.Join(words, " "), toUnix(t.Created), toUnix(t.Expires))
	if err != nil {
		return err
	}
	t.ID, err = result.LastInsertId()
	return err
}

func touch(ctx context.Context, q store.Querier, id int64, at time.Time) error {
	_, err := q.ExecContext(ctx, "UPDATE token SET used = ? WHERE id = ?", at.Unix(), id)
	return err
}

func toUnix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func fromUnix(s int64) time.Time {
	if s == 0 {
		return time.Time{}
	}
	return time.Unix(s, 0)
}
