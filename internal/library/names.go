package library

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/warren-p2p/warren/internal/library/changes"
	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/library/torrent"
	"github.com/warren-p2p/warren/swarm"
)

// Torrent is a torrent of a library.
type Torrent = torrent.Torrent

// View is a torrent as it stood at a revision.
type View = torrent.View

// Change says what is to be different about a torrent.
type Change = torrent.Change

// File is a file of a torrent.
type File = torrent.File

// Kind says what has become of a torrent.
type Kind = changes.Kind

// Record is what is kept of a torrent.
type Record = record.Record

// Goal is when a torrent has been seeded enough.
type Goal = record.Goal

// Category is a kind of torrents.
type Category = record.Category

// Revision numbers changes.
type Revision = changes.Revision

// Gone is a torrent that was removed.
type Gone = changes.Gone

// InputError reports something that cannot be as it is wanted.
type InputError = record.InputError

// The kinds of events.
const (
	Added     = changes.Added
	Learned   = changes.Learned
	Completed = changes.Completed
	Failed    = changes.Failed
	Finished  = changes.Finished
	Removed   = changes.Removed
)

// SetDefaults replaces what holds for torrents that say nothing else.
func (l *Library) SetDefaults(d Defaults) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.defaults = d
}

// Defaults returns what holds for torrents that say nothing else.
func (l *Library) Defaults() Defaults {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.defaults
}

// Label is a label with how many torrents have it.
type Label struct {
	record.Label
	Count int
}

// Remove forgets a torrent, and removes its content if that is said.
func (l *Library) Remove(ctx context.Context, t *Torrent, content bool) error {
	if err := t.Remove(ctx, content); err != nil {
		return err
	}
	l.drop(t)
	l.emit(Event{Kind: Removed, Torrent: t})
	return nil
}

// SetPosition puts a torrent where so many stand before it in the queue.
func (l *Library) SetPosition(ctx context.Context, t *Torrent, to int) error {
	if err := t.SetPosition(to); err != nil {
		return err
	}
	return l.save(ctx, false)
}

// Categories returns all categories in the order of their names.
func (l *Library) Categories() []Category { return l.groups.Categories() }

// SetCategory adds a category, or changes the one of that name. The error may be an
// [*InputError].
func (l *Library) SetCategory(ctx context.Context, c Category) error {
	return l.groups.SetCategory(ctx, c)
}

// RemoveCategory forgets a category; its torrents have none then.
func (l *Library) RemoveCategory(ctx context.Context, name string) error {
	for _, t := range l.All() {
		if t.View().Category == name {
			if err := t.Change(ctx, Change{Category: new(string)}); err != nil {
				return err
			}
		}
	}
	return l.groups.ForgetCategory(ctx, name)
}

// Labels returns all labels that are in use or that something is kept of, in their
// order.
func (l *Library) Labels() []Label {
	all := make(map[string]Label)
	for name, label := range l.groups.Labels() {
		all[name] = Label{Label: label}
	}
	for _, t := range l.All() {
		for _, name := range t.View().Labels {
			info := all[name]
			info.Name = name
			info.Count++
			all[name] = info
		}
	}
	return slices.SortedFunc(maps.Values(all), func(a, b Label) int { return cmp.Compare(a.Name, b.Name) })
}

// SetLabel adds a label, or changes the one of that name. The error may be an
// [*InputError].
func (l *Library) SetLabel(ctx context.Context, label record.Label) error {
	return l.groups.SetLabel(ctx, label)
}

// RemoveLabel forgets a label and takes it off all torrents.
func (l *Library) RemoveLabel(ctx context.Context, name string) error {
	for _, t := range l.All() {
		if slices.Contains(t.View().Labels, name) {
			if err := t.Change(ctx, Change{RemoveLabels: []string{name}}); err != nil {
				return err
			}
		}
	}
	return l.groups.ForgetLabel(ctx, name)
}

// regrouped has torrents ask again which limits they share.
func (l *Library) regrouped() {
	l.log.Grouped()
	for _, t := range l.All() {
		t.Regroup()
	}
}

// Totals is how all torrents stand together.
type Totals struct {
	Torrents         int
	States           map[swarm.State]int
	UpRate, DownRate int64 // bytes a second
	Sent, Received   int64 // bytes of content since the engine was started
	EverSent         int64 // the same of all sessions, of torrents that are there
	EverReceived     int64
	Peers            int
	Size, Left       int64 // bytes of content, and of wanted content that is missing
}

// Totals returns how all torrents stand together.
func (l *Library) Totals() Totals {
	s := Totals{States: make(map[swarm.State]int)}
	for _, t := range l.All() {
		v := t.View()
		s.Torrents++
		s.States[v.Status.State]++
		s.UpRate += v.Status.UpRate
		s.DownRate += v.Status.DownRate
		s.Sent += v.Status.Sent
		s.Received += v.Status.Received
		s.EverSent += v.Sent
		s.EverReceived += v.Received
		s.Peers += v.Status.Peers
		s.Size += v.Size
		s.Left += v.Status.Left()
	}
	return s
}
