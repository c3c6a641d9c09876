package swarm

import (
	"time"

	"github.com/warren-p2p/warren/swarm/internal/torrent"
)

// State is what a torrent is doing.
type State = torrent.State

// The states.
const (
	StateStarting    = torrent.Starting    // not decided yet
	StateChecking    = torrent.Checking    // content on disk is being hashed
	StateDownloading = torrent.Downloading // something wanted is missing
	StateSeeding     = torrent.Seeding     // nothing wanted is missing
	StatePaused      = torrent.Paused      // stopped by the user
	StateWaiting     = torrent.Waiting     // the volume is full or does not take data; goes on by itself
	StateFailed      = torrent.Failed      // needs the user
	StateMetadata    = torrent.Metadata    // nothing but info-hashes is known: peers are asked for the rest
)

// Status is a snapshot of a torrent.
type Status struct {
	State   State
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
func (t *Torrent) Status() (s Status) {
	awake := t.slot.Peek(func(run *torrent.Torrent) { s = t.with(statusOf(run)) })
	if !awake {
		t.mu.Lock()
		defer t.mu.Unlock()
		s = t.asleep
	}
	s.Running = t.Running()
	return s
}

// with adds what was counted before the torrent slept.
func (t *Torrent) with(s Status) Status {
	t.mu.Lock()
	defer t.mu.Unlock()
	s.Received += t.asleep.Received
	s.Sent += t.asleep.Sent
	s.SecretBytes += t.asleep.SecretBytes
	s.Corrupt += t.asleep.Corrupt
	s.Banned += t.asleep.Banned
	return s
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

// Peers returns what is known of the connected peers.
func (t *Torrent) Peers() (list []PeerInfo) {
	t.slot.Peek(func(run *torrent.Torrent) { list = run.Peers.Infos() })
	return list
}
