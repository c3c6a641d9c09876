package content

import (
	"errors"
	"fmt"
	"maps"

	"github.com/warren-p2p/warren/swarm/internal/picker"
)

// SetPriority sets how much files are wanted, by their index in
// metainfo.Info.Files.
func (c *Content) SetPriority(prio map[int]picker.Priority) error {
	files := len(c.Meta.Info.Files)
	for f := range prio {
		if f < 0 || f >= files {
			return fmt.Errorf("set priority: file %d of %d", f, files)
		}
	}
	var errs []error
	for f, p := range prio {
		errs = append(errs, c.Store.SetWanted(f, p != picker.Skip))
	}
	c.mu.Lock()
	maps.Copy(c.priority, prio)
	c.mu.Unlock()
	return errors.Join(errs...)
}

// Priorities returns how much each piece is wanted: as much as the file in it
// that is wanted most.
func (c *Content) Priorities() []picker.Priority {
	info := &c.Meta.Info
	c.mu.Lock()
	defer c.mu.Unlock()
	pieces := make([]picker.Priority, info.NumPieces())
	for f := range info.Files {
		if info.Files[f].Pad {
			continue
		}
		prio, ok := c.priority[f]
		if !ok {
			prio = picker.Normal
		}
		first, end := info.FilePieces(f)
		for i := first; i < end; i++ {
			pieces[i] = max(pieces[i], prio)
		}
	}
	return pieces
}

// Done returns how many bytes of content are verified.
func (c *Content) Done() int64 {
	info := &c.Meta.Info
	if c.Full() {
		return info.TotalLength()
	}
	var sum int64
	for i := range info.NumPieces() {
		if c.Has(i) {
			sum += int64(info.DataLen(i))
		}
	}
	return min(sum, info.TotalLength())
}

// Wanted returns how many bytes the wanted files have, and how many of them are
// verified: all of them if nothing is left to fetch.
func (c *Content) Wanted(left int) (wanted, done int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := true
	for i := range c.Meta.Info.Files {
		f := &c.Meta.Info.Files[i]
		switch {
		case f.Pad:
		case c.skipped(i):
			all = false
		default:
			wanted += f.Length
			done += c.Store.FileProgress(i)
		}
	}
	if all {
		return c.Meta.Info.TotalLength(), c.Done()
	}
	if left == 0 {
		done = wanted
	}
	return wanted, done
}

// skipped reports whether a file is not wanted. The caller holds c.mu.
func (c *Content) skipped(file int) bool {
	p, ok := c.priority[file]
	return ok && p == picker.Skip
}
