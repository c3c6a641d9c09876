package booktest

import (
	"context"
	"sync"

	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/share/book"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo"
)

// Swarm is one that seeds nothing. It may be looked into while nobody uses the book.
type Swarm struct {
	mu      sync.Mutex
	Seeds   map[string]book.Seed // by their keys
	Paused  map[string]bool
	Removed []string // whose content was removed
	Fail    error    // of whatever is asked next
	// OnRead, OnPause and OnEnd are told what is done, the latter two before it is; nil is
	// not told.
	OnRead  func(bytes int)
	OnPause func(key string, paused bool)
	OnEnd   func(key string)
	disk    *memfs.FS
}

var _ book.Swarm = (*Swarm)(nil)

// Set changes the fields while others use the book.
func (s *Swarm) Set(change func(*Swarm)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}

func (s *Swarm) fail() error {
	err := s.Fail
	s.Fail = nil
	return err
}

// Begin implements book.Swarm.
func (s *Swarm) Begin(_ context.Context, seed book.Seed) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := record.Key(seed.Metainfo.Hashes())
	if _, ok := s.Seeds[key]; ok {
		return key, book.ErrThere
	}
	if err := s.fail(); err != nil {
		return "", err
	}
	s.Seeds[key] = seed
	return key, nil
}

// End implements book.Swarm.
func (s *Swarm) End(_ context.Context, key string, content bool) error {
	s.mu.Lock()
	on := s.OnEnd
	s.mu.Unlock()
	if on != nil {
		on(key)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.fail(); err != nil {
		return err
	}
	delete(s.Seeds, key)
	if content {
		s.Removed = append(s.Removed, key)
	}
	return nil
}

// Has implements book.Swarm.
func (s *Swarm) Has(key string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.Seeds[key]
	return ok
}

// Pause implements book.Swarm.
func (s *Swarm) Pause(_ context.Context, key string, paused bool) error {
	s.mu.Lock()
	on := s.OnPause
	s.mu.Unlock()
	if on != nil {
		on(key, paused)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.fail(); err != nil {
		return err
	}
	s.Paused[key] = paused
	return nil
}

// IsPaused reports whether a torrent is stopped.
func (s *Swarm) IsPaused(key string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Paused[key]
}

// Metainfo implements book.Swarm.
func (s *Swarm) Metainfo(key string) (*metainfo.Torrent, string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seed, ok := s.Seeds[key]
	if !ok {
		return nil, "", library.ErrNotFound
	}
	m, err := metainfo.Parse(seed.Metainfo.Bytes())
	return m, seed.Dir, err
}

// Open implements book.Swarm.
func (s *Swarm) Open(key, path string) (book.File, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.Seeds[key]; !ok {
		return nil, library.ErrNotFound
	}
	f, err := s.disk.Open(path)
	if err != nil || s.OnRead == nil {
		return f, err
	}
	return &counted{f, s.OnRead}, nil
}

// counted tells what is read of a file.
type counted struct {
	book.File
	on func(int)
}

// ReadAt implements book.File.
func (c *counted) ReadAt(p []byte, off int64) (int, error) {
	n, err := c.File.ReadAt(p, off)
	c.on(n)
	return n, err
}
