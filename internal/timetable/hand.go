package timetable

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/warren-p2p/warren/internal/store"
)

// byHand is what the user has said, until the plan changes its mind.
type byHand struct {
	On    bool      `json:"on"`
	Since time.Time `json:"since"`
}

// over reports whether nothing that was said by hand counts at a time. mu is held.
func (k *Keeper) over(at time.Time) bool {
	if k.hand == nil {
		return true
	}
	turn := k.plan.turn(k.hand.Since)
	return !turn.IsZero() && !at.Before(turn)
}

// holds returns what holds at a time. mu is held.
func (k *Keeper) holds(at time.Time) Now {
	e := k.plan.At(at)
	now := Now{Limits: k.usual, Pause: e.Pause, Alternative: e.Alternative}
	if e.Up.Set {
		now.Up = e.Up.Bytes
	}
	if e.Down.Set {
		now.Down = e.Down.Bytes
	}
	if !k.over(at) {
		now.Alternative = k.hand.On
	}
	if now.Alternative {
		now.Limits = k.alternative
	}
	return now
}

// keptAs is the name under which the store has what was said by hand.
const keptAs = "timetable.alternative"

func (k *Keeper) load(ctx context.Context) error {
	if k.store == nil {
		return nil
	}
	var text string
	err := k.store.Read(ctx, func(q store.Querier) error {
		return q.QueryRowContext(ctx, "SELECT value FROM automation WHERE name = ?", keptAs).Scan(&text)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &k.hand)
	}
	if err != nil {
		return fmt.Errorf("read whether alternative limits hold: %w", err)
	}
	return nil
}

func (k *Keeper) save(ctx context.Context, hand *byHand) error {
	if k.store == nil {
		return nil
	}
	text, err := json.Marshal(hand)
	if err == nil {
		err = k.store.Write(ctx, func(q store.Querier) error {
			_, err := q.ExecContext(ctx, "INSERT OR REPLACE INTO automation (name, value) VALUES (?, ?)", keptAs, string(text))
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("keep whether alternative limits hold: %w", err)
	}
	return nil
}
