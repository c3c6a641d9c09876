package swarm

import (
	"time"

	"github.com/warren-p2p/warren/swarm/internal/activity"
	"github.com/warren-p2p/warren/swarm/internal/disclosure"
	"github.com/warren-p2p/warren/swarm/internal/sleeper"
	"github.com/warren-p2p/warren/swarm/internal/torrent"
)

// State is what a torrent is doing.
type State = activity.State

// The states.
const (
	StateStarting    = activity.Starting    // not decided yet
	StateChecking    = activity.Checking    // content on disk is being hashed
	StateDownloading = activity.Downloading // something wanted is missing
	StateSeeding     = activity.Seeding     // nothing wanted is missing
	StatePaused      = activity.Paused      // stopped by the user
	StateWaiting     = activity.Waiting     // the volume is full or does not take data; goes on by itself
	StateFailed      = activity.Failed      // needs the user
	StateMetadata    = activity.Metadata    // nothing but info-hashes is known: peers are asked for the rest
	StateQueued      = activity.Queued      // waits for its turn; the reason is a *QueuedError
)

// Status is a snapshot of a torrent.
type Status = sleeper.Status

// Unprotected is a way to find peers, or content, that is not used, or not by the
// info-hash: see [Status].
type Unprotected = disclosure.Unprotected

// SourceLSD is what the local network is called there.
const SourceLSD = disclosure.NameLSD

// Status returns a snapshot.
func (t *Torrent) Status() Status {
	s := t.turn.Tell(t.life.Status())
	s.Unprotected = append(t.subject.Unprotected(), t.file.Unprotected()...)
	return s
}

// Running returns how long the torrent has been in the session.
func (t *Torrent) Running() time.Duration { return t.life.Running() }

// Changed returns a channel that is closed at the next change of state, or
// before that.
func (t *Torrent) Changed() <-chan struct{} { return t.life.Changed() }

// Peers returns what is known of the connected peers.
func (t *Torrent) Peers() (list []PeerInfo) {
	t.life.Peek(func(run *torrent.Torrent) { list = run.Peers.Infos() })
	return list
}
