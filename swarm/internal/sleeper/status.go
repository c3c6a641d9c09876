package sleeper

import (
	"time"

	"github.com/warren-p2p/warren/swarm/internal/activity"
	"github.com/warren-p2p/warren/swarm/internal/disclosure"
	"github.com/warren-p2p/warren/swarm/internal/storage"
	"github.com/warren-p2p/warren/swarm/internal/torrent"
)

// Status is a snapshot of a torrent.
type Status struct {
	State   activity.State
	Reason  error   // why it is waiting or failed
	Checked float64 // 0 to 1 while checking

	// Metadata is how many bytes of the info dictionary there are while it is
	// fetched, MetadataTotal how many it has; both are 0 until a peer offers it.
	Metadata, MetadataTotal int

	Pieces, PiecesDone int
	Total              int64 // bytes of content
	Done               int64 // bytes of content that are verified
	Wanted, WantedDone int64 // the same, of wanted files

	DownRate, UpRate int64 // bytes a second, over the last seconds
	Received, Sent   int64 // bytes of content exchanged since the start
	Corrupt          int64 // bytes thrown away because they were wrong
	Banned           int   // peers found to have sent them

	Peers    int
	TLSPeers int
	MSEPeers int
	UTPPeers int
	Seeds    int
	WebSeeds int // servers that content is fetched from
	// SecretBytes of Received and Sent went over TLS.
	SecretBytes int64
	// Unprotected are ways to find peers, or content, that are not used, or not by
	// the info-hash, because the torrent demands TLS and they do not have it. The
	// session fills it in.
	Unprotected []disclosure.Unprotected
	Running     time.Duration
}

// Left returns the bytes of wanted content that are missing.
func (s Status) Left() int64 { return s.Wanted - s.WantedDone }

// ETA estimates the time left; false if nothing moves.
func (s Status) ETA() (time.Duration, bool) {
	if s.Left() == 0 {
		return 0, true
	}
	if s.DownRate <= 0 {
		return 0, false
	}
	return time.Duration(float64(s.Left()) / float64(s.DownRate) * float64(time.Second)), true
}

// Status returns a snapshot.
func (s *Sleeper) Status() (now Status) {
	awake := s.slot.Peek(func(run *torrent.Torrent) { now = s.with(statusOf(run)) })
	if !awake {
		s.mu.Lock()
		defer s.mu.Unlock()
		now = s.asleep
	}
	now.Running = s.Running()
	return now
}

// Running returns how long the torrent has been in the session.
func (s *Sleeper) Running() time.Duration { return s.house.clock.Now().Sub(s.started) }

// State returns what the torrent is doing; false while it sleeps.
func (s *Sleeper) State() (state activity.State, awake bool) {
	awake = s.slot.Peek(func(run *torrent.Torrent) { state, _, _ = run.State() })
	return state, awake
}

// unknownLeft is what is said to be missing while it is not known how much is:
// not nothing, or a tracker would name no seeds.
const unknownLeft = 16 << 10

// Progress returns what trackers are told: bytes since the start, and those that
// are missing.
func (s *Sleeper) Progress() (downloaded, uploaded, left int64) {
	now := s.Status()
	if now.State == activity.Metadata {
		return now.Received, now.Sent, unknownLeft
	}
	return now.Received, now.Sent, now.Total - now.Done
}

// with adds what was counted before the torrent slept.
func (s *Sleeper) with(now Status) Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	now.Received += s.asleep.Received
	now.Sent += s.asleep.Sent
	now.SecretBytes += s.asleep.SecretBytes
	now.Corrupt += s.asleep.Corrupt
	now.Banned += s.asleep.Banned
	return now
}

func statusOf(run *torrent.Torrent) (s Status) {
	if run.Known() {
		left := run.Fetch.Left()
		info := &run.Content.Meta.Info
		s = Status{Pieces: info.NumPieces(), Total: info.TotalLength(), Corrupt: run.Fetch.Corrupt()}
		// The state comes first: what it says of the content holds afterwards as well.
		s.State, s.Checked, s.Reason = run.State()
		s.PiecesDone, s.Done = run.Content.Count(), run.Content.Done()
		s.Wanted, s.WantedDone = run.Content.Wanted(left)
	} else {
		s.State, _, s.Reason = run.State()
		if run.Known() { // just now
			return statusOf(run)
		}
		s.Metadata, s.MetadataTotal = run.Metadata()
	}
	p := run.Peers.Totals()
	s.Peers, s.TLSPeers, s.MSEPeers, s.UTPPeers, s.Seeds = p.Peers, p.TLSPeers, p.MSEPeers, p.UTPPeers, p.Seeds
	s.DownRate, s.UpRate, s.Received, s.Sent = p.DownRate, p.UpRate, p.Received, p.Sent
	s.SecretBytes, s.Banned = p.SecretBytes, p.Banned
	if run.Known() {
		w := run.Web.Totals()
		s.WebSeeds = w.Running
		s.DownRate, s.Received, s.SecretBytes = s.DownRate+w.DownRate, s.Received+w.Received, s.SecretBytes+w.Secret
	}
	return s
}

// Whole returns how a torrent stands that is complete, so that it may be added
// asleep; false if it is not, or if only opening it can tell.
func Whole(cfg storage.Config, paused bool) (Status, bool) {
	whole, err := storage.Whole(cfg)
	if err != nil || !whole { // opening it tells why
		return Status{}, false
	}
	info := &cfg.Torrent.Info
	s := Status{
		State: activity.Seeding, Pieces: info.NumPieces(), PiecesDone: info.NumPieces(),
		Total: info.TotalLength(), Done: info.TotalLength(), Wanted: info.TotalLength(), WantedDone: info.TotalLength(),
	}
	if paused {
		s.State = activity.Paused
	}
	return s, true
}
