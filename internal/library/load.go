package library

import (
	"context"

	"github.com/warren-p2p/warren/internal/library/groups"
	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/library/torrent"
	"github.com/warren-p2p/warren/internal/store"
)

// atOnce is how many torrents are in the engine when a library is open. With many more
// that would take seconds in which nobody saw any.
const atOnce = 250

// load reads the store and adds what is there to the engine.
func (l *Library) load(ctx context.Context) (err error) {
	l.groups, err = groups.Open(ctx, groups.Config{Store: l.cfg.Store, Session: l.cfg.Session, Changed: l.regrouped})
	if err != nil {
		return err
	}
	l.shared.Groups = l.groups
	var list []record.Record
	if err = l.cfg.Store.Read(ctx, func(q store.Querier) error {
		list, err = record.All(ctx, q)
		return err
	}); err != nil {
		return err
	}
	all := make([]*Torrent, len(list))
	for i := range list {
		all[i] = torrent.New(l.shared, list[i])
		l.take(all[i])
	}
	first := min(len(all), atOnce)
	l.begin(ctx, all[:first])
	if err := ctx.Err(); err != nil {
		return err
	}
	l.wg.Go(func() {
		defer close(l.loaded)
		l.begin(l.shared.Ctx, all[first:])
	})
	l.seen(all, true)
	return nil
}

// begin brings torrents into the engine, in their order: it is that of the queue.
func (l *Library) begin(ctx context.Context, all []*Torrent) {
	for _, t := range all {
		if ctx.Err() != nil {
			return
		}
		if err := t.Begin(ctx, torrent.Start{}); err != nil {
			l.cfg.Log.Error("a torrent cannot be brought into the engine", "torrent", t.View().Name, "err", err)
		}
	}
}

// Loaded is closed when all torrents that were in the store have been brought into the
// engine, or cannot be.
func (l *Library) Loaded() <-chan struct{} { return l.loaded }
