package feeds

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/warren-p2p/warren/internal/courier"
	"github.com/warren-p2p/warren/internal/feeds/rule"
	"github.com/warren-p2p/warren/internal/feeds/shelf"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/magnet"
)

// ErrNoLink reports an item without anything to fetch.
var ErrNoLink = errors.New("the item has no link to a torrent")

// judge is all rules with their past.
type judge struct {
	rules []*rule.Matcher
	past  []rule.Past
}

// load reads the rules that may want something.
func (j *judge) load(ctx context.Context, q store.Querier) error {
	list, err := shelf.Rules(ctx, q)
	if err != nil {
		return err
	}
	for _, r := range list {
		m, err := rule.Compile(r.Rule)
		if err != nil || !r.Enabled {
			continue // what is kept was right when it was written
		}
		past, err := shelf.Past(ctx, q, r)
		if err != nil {
			return err
		}
		j.rules, j.past = append(j.rules, m), append(j.past, past)
	}
	return nil
}

// decide returns the first rule that wants something, -1 if none does.
func (j *judge) decide(s rule.Subject, now time.Time) (int, rule.Verdict) {
	for i, m := range j.rules {
		if v := m.Match(s, j.past[i], now); v.Wanted {
			return i, v
		}
	}
	return -1, rule.Verdict{}
}

// match fetches what rules want of the items that nothing became of yet. One caller
// at a time does so: what one has fetched, another does not want any more.
func (f *Feeds) match() {
	f.adding.Lock()
	defer f.adding.Unlock()
	var j judge
	var items []Item
	urls := map[int64]string{}
	err := f.cfg.Store.Read(f.ctx, func(q store.Querier) (err error) {
		if items, err = shelf.Open(f.ctx, q, f.cfg.Clock.Now()); err != nil {
			return err
		}
		if err = j.load(f.ctx, q); err != nil {
			return err
		}
		list, err := shelf.Feeds(f.ctx, q)
		for _, feed := range list {
			urls[feed.ID] = feed.URL
		}
		return err
	})
	for i := range items {
		if err == nil {
			err = f.consider(&j, items[i], urls[items[i].Feed])
		}
	}
	if err != nil && f.ctx.Err() == nil {
		f.cfg.Log.Warn("rules for feeds cannot be applied", "problem", err)
	}
}

// consider asks all rules about an item, and fetches it by the first that wants it.
// An error is one of the store.
func (f *Feeds) consider(j *judge, it Item, feed string) error {
	i, verdict := j.decide(rule.Subject{Feed: feed, Title: it.Title, Size: it.Size}, f.cfg.Clock.Now())
	if i < 0 {
		return nil
	}
	done := false
	err := f.cfg.Store.Read(f.ctx, func(q store.Querier) (err error) {
		done, err = shelf.Done(f.ctx, q, feed, it)
		return err
	})
	if err != nil {
		return err
	}
	if done {
		it.State, it.Problem = Added, "it was fetched before"
		return f.cfg.Store.Write(f.ctx, func(q store.Querier) error { return shelf.UpdateItem(f.ctx, q, it) })
	}
	r := j.rules[i].Rule()
	add := library.Add{Category: r.Category, Labels: r.Labels, Dir: r.Dir, Paused: r.Paused}
	if err := f.take(f.ctx, it, feed, add, r.Name, verdict.Episodes); err != nil {
		return err
	}
	*j = judge{}
	return f.cfg.Store.Read(f.ctx, func(q store.Querier) error { return j.load(f.ctx, q) })
}

// take fetches an item, adds it, and writes down what came of it.
func (f *Feeds) take(ctx context.Context, it Item, feed string, add library.Add, by string, episodes []string) error {
	torrent, problem := f.add(ctx, it, feed, add)
	if f.ctx.Err() != nil {
		return f.ctx.Err()
	}
	now := f.cfg.Clock.Now()
	it.Tries++
	log := f.cfg.Log.With("title", it.Title, "rule", by)
	switch {
	case problem == nil:
		it.State, it.Rule, it.Problem = Added, by, ""
		log.Info("fetched from a feed", "torrent", torrent.ID())
	case errors.Is(problem, library.ErrDuplicate):
		it.State, it.Rule, it.Problem = Added, by, library.ErrDuplicate.Error()
		problem = nil
	default:
		it.Problem = problem.Error()
		it.Retry = now.Add(time.Hour << (it.Tries - 1))
		if it.Tries >= maxTries {
			it.State = Failed
		}
		log.Warn("an item of a feed cannot be fetched", "problem", problem, "tries", it.Tries)
	}
	err := f.cfg.Store.Write(ctx, func(q store.Querier) error {
		err := shelf.UpdateItem(ctx, q, it)
		if errors.Is(err, ErrNotFound) {
			err = nil // its feed was removed meanwhile
		}
		if err == nil && problem == nil {
			if err = shelf.SetDone(ctx, q, feed, it, now); err == nil && by != "" {
				err = shelf.SetFetched(ctx, q, by, episodes, now)
			}
		}
		return err
	})
	if by == "" {
		err = errors.Join(problem, err) // somebody waits for it
	}
	return err
}

// add fetches the torrent of an item and adds it to the library.
func (f *Feeds) add(ctx context.Context, it Item, feed string, add library.Add) (*library.Torrent, error) {
	if it.Link == "" {
		return nil, ErrNoLink
	}
	if err := f.source(ctx, it.Link, feed, &add); err != nil {
		return nil, &FetchError{err}
	}
	return f.cfg.Library.Add(ctx, add)
}

// source finds out which torrent a link leads to.
func (f *Feeds) source(ctx context.Context, to, feed string, add *library.Add) (err error) {
	if !isWeb(to) {
		if add.Magnet, err = magnet.Parse(to); err != nil {
			return fmt.Errorf("wrong magnet link: %w", err)
		}
		return nil
	}
	answer, err := f.cfg.Courier.Get(ctx, courier.Request{URL: to, Near: []string{feed}, Max: maxFile, Type: "application/x-bittorrent, */*;q=0.1"})
	switch {
	case err != nil:
		return fmt.Errorf("fetch the torrent file: %w", err)
	case answer.Magnet != "":
		if add.Magnet, err = magnet.Parse(answer.Magnet); err != nil {
			return fmt.Errorf("the link leads to a wrong magnet link: %w", err)
		}
		return nil
	}
	if add.Metainfo, err = metainfo.Parse(answer.Body); err != nil {
		return fmt.Errorf("the link leads to no torrent file: %w", err)
	}
	return nil
}

func isWeb(link string) bool {
	_, err := courier.ParseURL(link)
	return err == nil
}
