// Package audit keeps who has changed what at a node, and who was turned away.
//
// Entries are kept in the store, the newest ten thousand of them. They are written by
// one goroutine, many at a time: who changes something does not wait for the disk
// twice.
package audit

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/store"
)

const (
	maxEntries = 10_000
	maxText    = 300 // bytes of a field
	waiting    = 256 // entries that are not written yet; then whoever has the next one waits
)

// Entry is something that somebody has done, or tried to.
type Entry struct {
	ID      int64     // from 1, in the order in which it was written
	At      time.Time // to the second
	Who     string    // name of the token, or "owner"
	Way     access.Way
	What    string // the operation
	Target  string // what it was done to; "" for the node
	Status  int    // of HTTP
	Failure string // why it failed, "" if it did not
}

// Log is the entries of a node. Its methods are safe for concurrent use.
type Log struct {
	store *store.Store
	clock clock.Clock
	log   *slog.Logger
	queue chan Entry
	done  chan struct{}

	mu     sync.RWMutex // read-held by who puts something into queue
	closed bool
}

// Open begins to keep entries in a store. [Log.Close] ends it, before the store
// closes.
func Open(s *store.Store, c clock.Clock, log *slog.Logger) *Log {
	l := &Log{store: s, clock: c, log: log, queue: make(chan Entry, waiting), done: make(chan struct{})}
	go l.write()
	return l
}

// Close writes what is not written yet, and waits for that.
func (l *Log) Close() error {
	l.mu.Lock()
	if !l.closed {
		l.closed = true
		close(l.queue)
	}
	l.mu.Unlock()
	<-l.done
	return nil
}

// Add keeps an entry; its ID and time are set.
func (l *Log) Add(e Entry) {
	e.At = l.clock.Now().Truncate(time.Second)
	for _, text := range []*string{&e.Who, &e.What, &e.Target, &e.Failure} {
		*text = cut(*text)
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	if !l.closed {
		l.queue <- e
	}
}

// cut makes a text one that can be kept: short, valid, on one line.
func cut(s string) string {
	if len(s) > maxText {
		s = s[:maxText]
		for !utf8.ValidString(s) && len(s) > maxText-utf8.UTFMax {
			s = s[:len(s)-1]
		}
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
}

// write writes what comes, all that is there at once.
func (l *Log) write() {
	defer close(l.done)
	for e := range l.queue {
		list := []Entry{e}
		for more := true; more && len(list) < waiting; {
			select {
			case e, ok := <-l.queue:
				if more = ok; ok {
					list = append(list, e)
				}
			default:
				more = false
			}
		}
		if err := l.store.Write(context.Background(), func(q store.Querier) error { return insert(q, list) }); err != nil {
			l.log.Error("who changed what is not written down", "entries", len(list), "err", err)
		}
	}
}

func insert(q store.Querier, list []Entry) error {
	ctx := context.Background()
	for _, e := range list {
		_, err := q.ExecContext(ctx, "INSERT INTO audit (at, who, way, what, target, status, failure) VALUES (?, ?, ?, ?, ?, ?, ?)",
			e.At.Unix(), e.Who, string(e.Way), e.What, e.Target, e.Status, e.Failure)
		if err != nil {
			return err
		}
	}
	_, err := q.ExecContext(ctx, "DELETE FROM audit WHERE id <= (SELECT max(id) FROM audit) - ?", maxEntries)
	return err
}

// List returns up to limit entries before the one with an ID, the newest first; 0 is
// after the newest.
func (l *Log) List(ctx context.Context, before int64, limit int) (list []Entry, err error) {
	if before <= 0 {
		before = 1<<63 - 1
	}
	err = l.store.Read(ctx, func(q store.Querier) error {
		list, err = store.All(ctx, q, func(scan func(...any) error) (e Entry, err error) {
			var at int64
			err = scan(&e.ID, &at, &e.Who, &e.Way, &e.What, &e.Target, &e.Status, &e.Failure)
			e.At = time.Unix(at, 0)
			return e, err
		}, "SELECT id, at, who, way, what, target, status, failure FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?", before, limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read who changed what: %w", err)
	}
	return list, nil
}
