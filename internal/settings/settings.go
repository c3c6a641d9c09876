// Package settings keeps what is changed of a configuration while the node runs.
//
// A change is kept in the store, between the file and the environment, and then told
// to who applies it. One that would have no effect, as the environment or the command
// line has the last word, is refused rather than forgotten.
package settings

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/store"
)

// ErrOverridden reports a change that would have no effect.
var ErrOverridden = errors.New("it is set when the node starts, which counts for more: change it there")

// Settings are a configuration that can be changed. Its methods are safe for
// concurrent use.
type Settings struct {
	store *store.Store
	left  []error // of what is in the store and cannot be any more

	changing sync.Mutex // held while a change is made and told of; taken before mu
	mu       sync.Mutex
	src      config.Sources
	begun    config.Config // what the node was started with
	now      config.Config
	watches  []func(old, now config.Config)
}

// Open puts the configuration together. src lacks what is in the store. What is there
// and cannot be, by this version or beside the file as it is now, does not count: a
// program must not be able to keep a node from starting. See [Settings.Left].
func Open(ctx context.Context, s *store.Store, src config.Sources) (*Settings, error) {
	stored, err := read(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("read settings: %w", err)
	}
	src.Stored = stored
	c, err := config.Load(src)
	var left []error
	for _, key := range config.Wrong(err) {
		if key.Origin == config.Store {
			delete(stored, key.Key)
			left = append(left, key)
		}
	}
	if len(left) > 0 {
		c, err = config.Load(src)
	}
	if err != nil {
		return nil, err
	}
	return &Settings{store: s, left: left, src: src, begun: c, now: c}, nil
}

// Left returns what is wrong with values in the store that do not count: each is a
// [*config.KeyError].
func (s *Settings) Left() []error { return s.left }

// Now returns the configuration as it is.
func (s *Settings) Now() config.Config {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// Watch has f told of each change, one at a time. f must not change settings; it may
// take its time, and whoever asks how they are does not wait for it.
func (s *Settings) Watch(f func(old, now config.Config)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watches = append(s.watches, f)
}

// Change sets values by key, as [config.Config.Value] returns them or as they are
// typed; nil takes an earlier change back. All of them are changed or none. The error
// joins a [*config.KeyError] for each that is wrong.
func (s *Settings) Change(ctx context.Context, patch map[string]any) error {
	return s.Revise(ctx, func(config.Config) (map[string]any, error) { return patch, nil })
}

// Revise is Change for values that depend on what they are now: nobody else changes
// them in between. revise must not change settings; its error ends it.
func (s *Settings) Revise(ctx context.Context, revise func(now config.Config) (patch map[string]any, err error)) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	patch, err := revise(s.Now())
	if err != nil {
		return err
	}
	return s.change(ctx, patch)
}

// change makes a change. changing is held, mu is not.
func (s *Settings) change(ctx context.Context, patch map[string]any) error {
	s.mu.Lock()
	next, old := s.src, s.now // which nobody else changes meanwhile
	s.mu.Unlock()
	next.Stored = maps.Clone(next.Stored)
	if next.Stored == nil {
		next.Stored = map[string]any{}
	}
	var wrong []error
	for _, key := range slices.Sorted(maps.Keys(patch)) {
		if o := old.Origin(key); o > config.Store {
			wrong = append(wrong, &config.KeyError{Key: key, Origin: o, Err: ErrOverridden})
		}
		if patch[key] == nil {
			delete(next.Stored, key)
		} else {
			next.Stored[key] = patch[key]
		}
	}
	if err := errors.Join(wrong...); err != nil {
		return err
	}
	now, err := config.Load(next)
	if err != nil {
		return err
	}
	for key := range patch { // kept in one form, whatever it was given in
		if patch[key] != nil {
			next.Stored[key] = now.Value(key)
		}
	}
	if err := s.write(ctx, patch, next.Stored); err != nil {
		return fmt.Errorf("keep settings: %w", err)
	}
	s.mu.Lock()
	s.src, s.now = next, now
	watches := slices.Clone(s.watches)
	s.mu.Unlock()
	for _, f := range watches {
		f(old, now)
	}
	return nil
}

// Waiting returns the keys whose values take effect only when the node is started
// again.
func (s *Settings) Waiting() (keys []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range config.Keys() {
		if !k.Live && !same(s.begun.Value(k.Name), s.now.Value(k.Name)) {
			keys = append(keys, k.Name)
		}
	}
	return keys
}

func same(a, b any) bool {
	if list, ok := a.([]string); ok {
		return slices.Equal(list, b.([]string))
	}
	return a == b
}

func (s *Settings) write(ctx context.Context, patch, stored map[string]any) error {
	return s.store.Write(ctx, func(q store.Querier) error {
		for key := range patch {
			v, ok := stored[key]
			if !ok {
				if _, err := q.ExecContext(ctx, "DELETE FROM setting WHERE key = ?", key); err != nil {
					return err
				}
				continue
			}
			text, err := json.Marshal(v)
			if err != nil {
				return err
			}
			const put = "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
			if _, err := q.ExecContext(ctx, put, key, string(text)); err != nil {
				return err
			}
		}
		return nil
	})
}

// read returns what is kept. A key that this version does not know any more, as it was
// another one that kept it, is left where it is.
func read(ctx context.Context, s *store.Store) (stored map[string]any, err error) {
	known := map[string]bool{}
	for _, k := range config.Keys() {
		known[k.Name] = !k.Only
	}
	stored = map[string]any{}
	return stored, s.Read(ctx, func(q store.Querier) error {
		return store.Each(ctx, q, func(scan func(...any) error) error {
			var key, text string
			var v any
			if err := scan(&key, &text); err != nil {
				return err
			}
			if err := json.Unmarshal([]byte(text), &v); err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
			if known[key] {
				stored[key] = v
			}
			return nil
		}, "SELECT key, value FROM setting")
	})
}
