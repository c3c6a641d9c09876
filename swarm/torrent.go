package swarm

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/torrent"
)

// Options say how a torrent is added.
type Options struct {
	Metainfo *metainfo.Torrent
	Content  vfs.FS // the folder in which the content lies or lands
	TLS      TLSPolicy
	Peers    []netip.AddrPort
	// Paused adds the torrent without starting it.
	Paused bool
	// Check hashes what is on disk before the start, whatever the resume state
	// says. Content that is there without any resume state is always checked.
	Check bool
	// Verified says that Metainfo was made from the content in Content just now:
	// it is not hashed once more.
	Verified   bool
	Sequential bool
	// UploadLimit and DownloadLimit are bytes a second, 0 for none.
	UploadLimit, DownloadLimit int64
}

// Torrent is a torrent in a session. Its methods are safe for concurrent use.
type Torrent struct {
	s       *Session
	meta    *metainfo.Torrent
	run     *torrent.Torrent
	started time.Time

	wanting sync.Mutex // held by a change of what is wanted; no lock is held by who takes it

	mu      sync.Mutex
	removed bool
}

// Metainfo returns what the torrent was added with.
func (t *Torrent) Metainfo() *metainfo.Torrent { return t.meta }

// Running returns how long the torrent has been in the session.
func (t *Torrent) Running() time.Duration { return t.s.cfg.Clock.Now().Sub(t.started) }

// Have returns which pieces are verified.
func (t *Torrent) Have() peerwire.Bitfield { return t.run.Content.Have() }

// Start lets a torrent go on that was paused or has failed.
func (t *Torrent) Start() { t.run.Start() }

// Stop ends all connections of the torrent, and a check under way, and keeps
// it paused.
func (t *Torrent) Stop() { t.run.Stop() }

// Wait returns when everything wanted is verified and on disk, or with the
// reason why that will not happen by itself. A torrent that is paused is waited
// for: it may be started.
func (t *Torrent) Wait(ctx context.Context) error { return t.run.Wait(ctx) }

// Changed returns a channel that is closed at the next change of state.
func (t *Torrent) Changed() <-chan struct{} { return t.run.Changed() }

// Recheck hashes all content on disk and then goes on as before. If the torrent
// is stopped meanwhile it returns [ErrStopped], and the check is done when it
// is started.
func (t *Torrent) Recheck() error {
	if err := t.run.Recheck(); err != nil {
		return fmt.Errorf("check %q: %w", t.meta.Info.Name, err)
	}
	return nil
}

// Move moves the content to another folder. Transfers pause meanwhile.
func (t *Torrent) Move(ctx context.Context, to vfs.FS) error {
	if err := t.run.Move(ctx, to); err != nil {
		return fmt.Errorf("move %q: %w", t.meta.Info.Name, err)
	}
	return nil
}

// Rename gives a file another path below the content folder.
func (t *Torrent) Rename(file int, path string) error {
	if err := t.run.Content.Store.Rename(file, path); err != nil {
		return fmt.Errorf("rename file %d of %q: %w", file, t.meta.Info.Name, err)
	}
	return nil
}

// Remove takes the torrent out of the session, with its resume state, and with
// its content if that is said. Until that is done the session does not take
// the same torrent again.
func (t *Torrent) Remove(content bool) error {
	t.mu.Lock()
	again := t.removed
	t.removed = true
	t.mu.Unlock()
	if again {
		return ErrRemoved
	}
	if t.s.enter() {
		defer t.s.wg.Done()
	}
	defer t.s.unregister(t)
	err := t.run.Close(ErrRemoved)
	if content {
		err = errors.Join(err, t.run.Content.Store.RemoveData())
	}
	return errors.Join(err, t.run.Content.Store.RemoveState())
}
