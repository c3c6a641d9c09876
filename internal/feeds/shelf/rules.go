package shelf

import (
	"context"
	"encoding/json"
	"time"

	"github.com/warren-p2p/warren/internal/feeds/rule"
	"github.com/warren-p2p/warren/internal/store"
)

// Rule is a rule, and when something was fetched by it last.
type Rule struct {
	rule.Rule
	Last time.Time `json:"last"`
}

func scanRule(scan func(...any) error) (r Rule, err error) {
	var text, name string
	var last int64
	if err = scan(&name, &text, &last); err != nil {
		return r, err
	}
	r.Last = when(last)
	err = json.Unmarshal([]byte(text), &r.Rule)
	r.Name = name
	return r, err
}

// Rules returns all rules in the order of their names.
func Rules(ctx context.Context, q store.Querier) ([]Rule, error) {
	return store.All(ctx, q, scanRule, "SELECT name, rule, last FROM feed_rule ORDER BY name")
}

// PutRule adds a rule, or replaces the one of that name, which keeps its past.
func PutRule(ctx context.Context, q store.Querier, r rule.Rule) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, "INSERT INTO feed_rule (name, rule, last) VALUES (?1, ?2, 0) ON CONFLICT (name) DO UPDATE SET rule = ?2", r.Name, string(text))
	return err
}

// RenameRule gives a rule another name; its past goes with it.
func RenameRule(ctx context.Context, q store.Querier, from, to string) error {
	return hit(q.ExecContext(ctx, "UPDATE feed_rule SET name = ? WHERE name = ?", to, from))
}

// DeleteRule removes a rule and its past.
func DeleteRule(ctx context.Context, q store.Querier, name string) error {
	return hit(q.ExecContext(ctx, "DELETE FROM feed_rule WHERE name = ?", name))
}

// Past is what was fetched by a rule.
func Past(ctx context.Context, q store.Querier, r Rule) (rule.Past, error) {
	had := map[string]bool{}
	list, err := store.All(ctx, q, scanText, "SELECT episode FROM feed_episode WHERE rule = ?", r.Name)
	for _, e := range list {
		had[e] = true
	}
	return rule.Past{Had: func(e string) bool { return had[e] }, Last: r.Last}, err
}

// Episodes returns the episodes that were fetched by a rule.
func Episodes(ctx context.Context, q store.Querier, name string) ([]string, error) {
	return store.All(ctx, q, scanText, "SELECT episode FROM feed_episode WHERE rule = ? ORDER BY episode", name)
}

// SetFetched remembers that something was fetched by a rule; one that was removed
// meanwhile has no memory.
func SetFetched(ctx context.Context, q store.Querier, name string, episodes []string, now time.Time) error {
	r, err := q.ExecContext(ctx, "UPDATE feed_rule SET last = ? WHERE name = ?", unix(now), name)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return err
	}
	for _, e := range episodes {
		if _, err := q.ExecContext(ctx, "INSERT OR IGNORE INTO feed_episode (rule, episode) VALUES (?, ?)", name, e); err != nil {
			return err
		}
	}
	return nil
}

func scanText(scan func(...any) error) (s string, err error) {
	err = scan(&s)
	return s, err
}
