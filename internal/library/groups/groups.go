// Package groups keeps categories and labels, and makes the engine share out bandwidth
// as they say.
//
// A torrent has one category or none, and any number of labels. Of the limits that
// these have it shares one: that of the first of its labels that has limits, in their
// order, or else that of its category.
package groups

import (
	"cmp"
	"context"
	"maps"
	"path/filepath"
	"slices"
	"sync"

	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/swarm"
)

// Config is what groups need.
type Config struct {
	Store   *store.Store
	Session *swarm.Session
	// Changed is called without locks when something has changed: torrents have to ask
	// again where they belong.
	Changed func()
}

// Groups is the categories and labels of a node. Its methods are safe for concurrent
// use.
type Groups struct {
	cfg Config

	mu         sync.Mutex
	categories map[string]category
	labels     map[string]label
}

type category struct {
	record.Category
	limits *swarm.Group // nil without
}

type label struct {
	record.Label
	limits *swarm.Group
}

// Open reads them from the store.
func Open(ctx context.Context, cfg Config) (*Groups, error) {
	g := &Groups{cfg: cfg, categories: make(map[string]category), labels: make(map[string]label)}
	err := cfg.Store.Read(ctx, func(q store.Querier) error {
		categories, err := record.Categories(ctx, q)
		if err != nil {
			return err
		}
		labels, err := record.Labels(ctx, q)
		if err != nil {
			return err
		}
		for name, c := range categories {
			g.categories[name] = category{c, g.limits(nil, c.UpLimit, c.DownLimit)}
		}
		for name, l := range labels {
			g.labels[name] = label{l, g.limits(nil, l.UpLimit, l.DownLimit)}
		}
		return nil
	})
	return g, err
}

// limits makes or changes what torrents share; nil without limits.
func (g *Groups) limits(now *swarm.Group, up, down int64) *swarm.Group {
	switch {
	case now != nil:
		now.SetLimits(up, down)
		return now
	case up == 0 && down == 0:
		return nil
	}
	return g.cfg.Session.NewGroup(up, down)
}

// Of returns which limits a torrent shares; nil is none.
func (g *Groups) Of(categoryName string, labels []string) *swarm.Group {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, name := range labels {
		if l := g.labels[name]; l.UpLimit != 0 || l.DownLimit != 0 {
			return l.limits
		}
	}
	return g.categories[categoryName].limits
}

// Categories returns all categories in the order of their names.
func (g *Groups) Categories() []record.Category {
	g.mu.Lock()
	defer g.mu.Unlock()
	list := make([]record.Category, 0, len(g.categories))
	for _, c := range g.categories {
		list = append(list, c.Category)
	}
	slices.SortFunc(list, func(a, b record.Category) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// Category returns the category of a name.
func (g *Groups) Category(name string) (record.Category, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	c, ok := g.categories[name]
	return c.Category, ok
}

// SetCategory adds a category, or changes the one of that name. The error may be an
// [*record.InputError].
func (g *Groups) SetCategory(ctx context.Context, c record.Category) error {
	if err := record.CheckName("category", c.Name); err != nil {
		return err
	}
	if c.Dir != "" && !filepath.IsAbs(c.Dir) {
		return record.Input("dir", "want the full path of a folder, not %q", c.Dir)
	}
	c.UpLimit, c.DownLimit = max(c.UpLimit, 0), max(c.DownLimit, 0)
	if err := g.cfg.Store.Write(ctx, func(q store.Querier) error { return record.PutCategory(ctx, q, c) }); err != nil {
		return err
	}
	g.mu.Lock()
	g.categories[c.Name] = category{c, g.limits(g.categories[c.Name].limits, c.UpLimit, c.DownLimit)}
	g.mu.Unlock()
	g.cfg.Changed()
	return nil
}

// Need adds a category that is not there; "" is none.
func (g *Groups) Need(ctx context.Context, name string) error {
	if _, ok := g.Category(name); ok || name == "" {
		return nil
	}
	return g.SetCategory(ctx, record.Category{Name: name})
}

// ForgetCategory removes a category that no torrent has.
func (g *Groups) ForgetCategory(ctx context.Context, name string) error {
	if err := g.cfg.Store.Write(ctx, func(q store.Querier) error { return record.DeleteCategory(ctx, q, name) }); err != nil {
		return err
	}
	g.mu.Lock()
	delete(g.categories, name)
	g.mu.Unlock()
	g.cfg.Changed()
	return nil
}

// Labels returns the labels that something is kept of, by their names.
func (g *Groups) Labels() map[string]record.Label {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := make(map[string]record.Label)
	for name, l := range maps.All(g.labels) {
		all[name] = l.Label
	}
	return all
}

// SetLabel adds a label, or changes the one of that name. The error may be an
// [*record.InputError].
func (g *Groups) SetLabel(ctx context.Context, l record.Label) error {
	if _, err := record.CleanLabels([]string{l.Name}); err != nil {
		return err
	}
	l.UpLimit, l.DownLimit = max(l.UpLimit, 0), max(l.DownLimit, 0)
	if err := g.cfg.Store.Write(ctx, func(q store.Querier) error { return record.PutLabel(ctx, q, l) }); err != nil {
		return err
	}
	g.mu.Lock()
	g.labels[l.Name] = label{l, g.limits(g.labels[l.Name].limits, l.UpLimit, l.DownLimit)}
	g.mu.Unlock()
	g.cfg.Changed()
	return nil
}

// ForgetLabel removes a label that no torrent has.
func (g *Groups) ForgetLabel(ctx context.Context, name string) error {
	if err := g.cfg.Store.Write(ctx, func(q store.Querier) error { return record.DeleteLabel(ctx, q, name) }); err != nil {
		return err
	}
	g.mu.Lock()
	delete(g.labels, name)
	g.mu.Unlock()
	g.cfg.Changed()
	return nil
}
