// Package remembered keeps what programs for Transmission set and expect to find
// again, but a node has no use for: the limit that would hold if it were switched on,
// a priority that nothing here goes by. What a node does have a use for is kept where
// everybody sees it, in the library and the settings.
package remembered

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/store"
)

// Torrent is what is remembered of a torrent. Limits are in kB/s and say what holds
// once they are switched on; they are 0 before they are set.
type Torrent struct {
	UpLimit   int64   `json:"up_limit,omitempty"`
	DownLimit int64   `json:"down_limit,omitempty"`
	Ratio     float64 `json:"ratio,omitempty"`
	Idle      int64   `json:"idle,omitempty"` // minutes
	Priority  int64   `json:"priority,omitempty"`
	// Alone says that the limits of the session are not to hold, and From where
	// fetching in order begins.
	Alone bool  `json:"alone,omitempty"`
	From  int64 `json:"from,omitempty"`
}

// Session is what is remembered of the session. Speeds are in kB/s.
type Session struct {
	UpLimit       int64   `json:"up_limit"`
	DownLimit     int64   `json:"down_limit"`
	DownloadQueue int64   `json:"download_queue"`
	SeedQueue     int64   `json:"seed_queue"`
	Ratio         float64 `json:"ratio"`
	Idle          int64   `json:"idle"` // minutes
	Incomplete    string  `json:"incomplete"`
	// The schedule of the alternative limits: minutes after midnight, and days with
	// Sunday as bit 0.
	Begin int64 `json:"begin"`
	End   int64 `json:"end"`
	Days  int64 `json:"days"`

	Blocklist  string `json:"blocklist"` // URL
	Paused     bool   `json:"paused"`    // torrents are added so
	Sequential bool   `json:"sequential"`
	// Stalled torrents would not count for the queue after so many minutes.
	Stalled        bool  `json:"stalled"`
	StalledMinutes int64 `json:"stalled_minutes"`

	Sessions int64 `json:"sessions"` // how often the node was started
	Seconds  int64 `json:"seconds"`  // how long it ran, before this time
	Sent     int64 `json:"sent"`     // bytes of content, of torrents that are gone
	Received int64 `json:"received"`
}

// Memory is all that is remembered. Its methods are safe for concurrent use.
type Memory struct {
	store *store.Store

	writing  sync.Mutex // held while something is written down
	mu       sync.Mutex
	torrents map[int64]Torrent
	session  Session
}

// Open reads what was remembered before.
func Open(ctx context.Context, s *store.Store) (*Memory, error) {
	m := &Memory{store: s, torrents: make(map[int64]Torrent), session: Session{
		UpLimit: 100, DownLimit: 100, DownloadQueue: 5, SeedQueue: 10, Ratio: 2, Idle: 30,
		Begin: 540, End: 1020, Days: 127, Stalled: true, StalledMinutes: 30,
	}}
	if err := s.Read(ctx, func(q store.Querier) error { return m.load(ctx, q) }); err != nil {
		return nil, fmt.Errorf("read what programs for Transmission set: %w", err)
	}
	return m, nil
}

func (m *Memory) load(ctx context.Context, q store.Querier) (err error) {
	var text []byte
	err = q.QueryRowContext(ctx, "SELECT wishes FROM transmission_session").Scan(&text)
	if err == nil {
		err = json.Unmarshal(text, &m.session)
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return store.Each(ctx, q, func(scan func(...any) error) error {
		var id int64
		var t Torrent
		if err := scan(&id, &text); err != nil {
			return err
		}
		if err := json.Unmarshal(text, &t); err != nil {
			return err
		}
		m.torrents[id] = t
		return nil
	}, "SELECT torrent, wishes FROM transmission_torrent")
}

// Torrent returns what is remembered of a torrent.
func (m *Memory) Torrent(id int64) Torrent {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.torrents[id]
}

// Session returns what is remembered of the session.
func (m *Memory) Session() Session {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.session
}

// ChangeTorrent changes what is remembered of a torrent. Nothing is written if that
// is what it was.
func (m *Memory) ChangeTorrent(ctx context.Context, id int64, change func(*Torrent)) error {
	m.writing.Lock()
	defer m.writing.Unlock()
	was := m.Torrent(id)
	next := was
	if change(&next); next == was {
		return nil
	}
	text, err := json.Marshal(next)
	if err != nil {
		return fmt.Errorf("remember a torrent: %w", err)
	}
	err = m.store.Write(ctx, func(q store.Querier) error {
		_, err := q.ExecContext(ctx, "INSERT OR REPLACE INTO transmission_torrent (torrent, wishes) VALUES (?, ?)", id, string(text))
		return err
	})
	if err != nil {
		return fmt.Errorf("remember a torrent: %w", err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.torrents[id] = next
	return nil
}

// ChangeSession changes what is remembered of the session.
func (m *Memory) ChangeSession(ctx context.Context, change func(*Session)) error {
	m.writing.Lock()
	defer m.writing.Unlock()
	was := m.Session()
	next := was
	if change(&next); next == was {
		return nil
	}
	text, err := json.Marshal(next)
	if err != nil {
		return fmt.Errorf("remember the session: %w", err)
	}
	err = m.store.Write(ctx, func(q store.Querier) error {
		_, err := q.ExecContext(ctx, "INSERT OR REPLACE INTO transmission_session (id, wishes) VALUES (1, ?)", string(text))
		return err
	})
	if err != nil {
		return fmt.Errorf("remember the session: %w", err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.session = next
	return nil
}

// Forget forgets a torrent that is gone; in the store it went with it.
func (m *Memory) Forget(id int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.torrents, id)
}

// StalledAfter returns after how long without traffic torrents count as stalled, 0 for
// never.
func (m *Memory) StalledAfter() time.Duration {
	s := m.Session()
	if !s.Stalled {
		return 0
	}
	return time.Duration(s.StalledMinutes) * time.Minute
}
