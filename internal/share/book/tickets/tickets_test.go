package tickets_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/share/book/tickets"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/store"
)

func load(t *testing.T) *tickets.Tickets {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "warren.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var all *tickets.Tickets
	if err := s.Read(t.Context(), func(q store.Querier) error {
		all, err = tickets.Load(t.Context(), q)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestFull: who redeems the link of one share over and over keeps nobody out of another,
// and there is room again when tickets end or the share does.
func TestFull(t *testing.T) {
	all, now := load(t), time.Unix(1_000_000, 0)
	one, other := record.NewID(), record.NewID()
	draw := func(id record.ID, now time.Time) (link.Token, error) {
		ticket, kept, err := all.Draw(id, now)
		if err == nil {
			all.Put(kept)
		}
		return ticket, err
	}
	n := 0
	for ; n < 5000; n++ {
		if _, err := draw(one, now); err != nil {
			if !errors.Is(err, tickets.ErrFull) {
				t.Fatal(err)
			}
			break
		}
	}
	if n != 1000 {
		t.Errorf("%d tickets of one share", n)
	}
	ticket, err := draw(other, now)
	if err != nil || !all.Opens(ticket, other, now) || all.Opens(ticket, one, now) || all.Opens(link.Token{}, other, now) {
		t.Errorf("another share: %v", err)
	}
	all.Revoke(one)
	if ticket, err = draw(one, now); err != nil || !all.Opens(ticket, one, now.Add(tickets.Life-1)) || all.Opens(ticket, one, now.Add(tickets.Life)) {
		t.Errorf("afterwards: %v", err)
	}
	if all.Expire(now.Add(tickets.Life-1)) || !all.Expire(now.Add(tickets.Life)) || all.Expire(now.Add(tickets.Life)) {
		t.Error("tickets end at another time")
	}
}

// broken is a store that cannot be read.
type broken struct{ store.Querier }

func (broken) QueryContext(context.Context, string, ...any) (*sql.Rows, error) {
	return nil, errors.New("broken")
}

func TestLoadFails(t *testing.T) {
	if _, err := tickets.Load(t.Context(), broken{}); err == nil {
		t.Error("what cannot be read is read")
	}
}
