package swarm

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/dossier"
	"github.com/warren-p2p/warren/swarm/internal/reader"
	"github.com/warren-p2p/warren/swarm/internal/sleeper"
	"github.com/warren-p2p/warren/swarm/internal/sources"
	"github.com/warren-p2p/warren/swarm/internal/storage"
	"github.com/warren-p2p/warren/swarm/internal/torrent"
	"github.com/warren-p2p/warren/swarm/internal/turns"
)

// Options say how a torrent is added.
type Options = dossier.Options

// Torrent is a torrent in a session. Its methods are safe for concurrent use.
type Torrent struct {
	s       *Session
	file    *dossier.Dossier
	life    *sleeper.Sleeper
	subject *sources.Subject
	desk    *reader.Desk
	turn    *turns.Turn

	wanting sync.Mutex // held by a change of what is wanted; no lock is held by who takes it
}

// Name returns what the torrent is called: what its magnet link says as long as
// nothing else is known, which may be an info-hash.
func (t *Torrent) Name() string { return t.file.Name() }

// Hashes returns the info-hashes of the torrent, as far as they are known.
func (t *Torrent) Hashes() metainfo.InfoHashes { return t.file.Hashes() }

// Metainfo returns what the torrent was added with, or what peers have told of
// it. It is nil as long as they have not, and if it was let go of and cannot be
// got back.
func (t *Torrent) Metainfo() *metainfo.Torrent {
	m, err := t.file.Metainfo()
	if err != nil {
		t.s.cfg.Log.Warn("metainfo is not there any more", "torrent", t.file.Title(), "err", err)
	}
	return m
}

// Have returns which pieces are verified.
func (t *Torrent) Have() (have peerwire.Bitfield) {
	t.life.Do(func(run *torrent.Torrent) {
		if run.Known() {
			have = run.Content.Have()
		}
	})
	return have
}

// Start lets a torrent go on that was paused or has failed, as soon as it is its
// turn.
func (t *Torrent) Start() { t.turn.Pause(false) }

// Stop ends all connections of the torrent, and a check under way, and keeps
// it paused. Trackers hear that it has left; what BEP 21 calls paused is a torrent
// that seeds what it has and wants nothing more, which is [StateSeeding] here.
func (t *Torrent) Stop() { t.turn.Pause(true) }

// Wait returns when everything wanted is verified and on disk, or with the
// reason why that will not happen by itself. A torrent that is paused is waited
// for: it may be started.
func (t *Torrent) Wait(ctx context.Context) error {
	return t.life.Use(func(run *torrent.Torrent) error { return run.Wait(ctx) })
}

// Recheck hashes all content on disk and then goes on as before. If the torrent
// is stopped meanwhile it returns [ErrStopped], and the check is done when it
// is started.
func (t *Torrent) Recheck() error {
	return t.failed("check", t.life.Use((*torrent.Torrent).Recheck))
}

// failed says what could not be done.
func (t *Torrent) failed(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %q: %w", what, t.file.Title(), err)
}

// Move moves the content to another folder. Transfers pause meanwhile.
func (t *Torrent) Move(ctx context.Context, to vfs.FS) error { return t.rehouse(ctx, to, false) }

// Adopt goes over to another folder, where others have put the content, and hashes what
// is there; nothing is moved. Transfers pause meanwhile.
func (t *Torrent) Adopt(ctx context.Context, to vfs.FS) error { return t.rehouse(ctx, to, true) }

func (t *Torrent) rehouse(ctx context.Context, to vfs.FS, adopt bool) error {
	return t.failed("move", t.life.Use(func(run *torrent.Torrent) error {
		if err := run.Move(ctx, to, adopt); err != nil {
			return err
		}
		if t.file.SetContent(to); adopt {
			return run.Recheck()
		}
		return nil
	}))
}

// Rename gives a file another path below the content folder, while it is fetched or
// served. A path that leads out of it, or that some system would not take, matches
// fs.ErrInvalid; one that some system would take for that of another file, by case
// or Unicode form, fs.ErrExist. The name outlives the session.
func (t *Torrent) Rename(file int, path string) error {
	return t.rename(fmt.Sprintf("file %d", file), func(s *storage.Store) error { return s.Rename(file, path) })
}

// RenameFolder does that with all files below a folder: the torrent's own name for
// instance, if it has several files. Either all get their new names or none does.
func (t *Torrent) RenameFolder(from, to string) error {
	return t.rename(from, func(s *storage.Store) error { return s.RenameFolder(from, to) })
}

func (t *Torrent) rename(what string, do func(*storage.Store) error) error {
	return t.failed("rename "+what+" of", t.life.Use(func(run *torrent.Torrent) error {
		if !run.Known() {
			return ErrUnknown
		}
		return do(run.Content.Store)
	}))
}

// Remove takes the torrent out of the session, with its resume state, and with
// its content if that is said. Until that is done the session does not take
// the same torrent again.
func (t *Torrent) Remove(content bool) error {
	if !t.file.Remove() {
		return ErrRemoved
	}
	t.subject.Remove()
	if t.s.enter() {
		defer t.s.wg.Done()
	}
	defer t.s.unregister(t)
	defer t.life.Close(ErrRemoved)
	return t.life.Use(func(run *torrent.Torrent) error {
		err := errors.Join(run.Close(ErrRemoved), t.file.Forget())
		if !run.Known() {
			return err
		}
		if content {
			err = errors.Join(err, run.Content.Store.RemoveData())
		}
		return errors.Join(err, run.Content.Store.RemoveState())
	})
}

// close ends the torrent with its session.
func (t *Torrent) close() (err error) {
	t.life.Close(ErrClosed)
	t.life.Peek(func(run *torrent.Torrent) { err = run.Close(ErrClosed) })
	if err != nil {
		return fmt.Errorf("close %q: %w", t.file.Title(), err)
	}
	return nil
}
