package swarm

import "github.com/warren-p2p/warren/swarm/internal/queue"

// QueueLimits say how many torrents of a session may be active at a time. Those
// that would be too many wait in a line, in which they stand as they were added.
type QueueLimits = queue.Limits

// QueuedError is why a torrent waits for its turn.
type QueuedError = queue.FullError

// SetQueue changes how many torrents may be active.
func (s *Session) SetQueue(l QueueLimits) { s.turns.SetLimits(l) }

// Position returns how many torrents stand before this one in the line. Who adds
// torrents in the order of it has the same line in the next session.
func (t *Torrent) Position() int { return t.turn.Position() }

// SetPosition puts the torrent where so many stand before it: 0 is the top,
// Position()-1 one up, Position()+1 one down, and more than there are the bottom.
func (t *Torrent) SetPosition(to int) { t.turn.Move(to) }

// SetForced says whether the torrent is active whatever the limits are. Then it
// takes nobody's place.
func (t *Torrent) SetForced(on bool) { t.turn.Force(on) }
