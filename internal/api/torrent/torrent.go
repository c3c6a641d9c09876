// Package torrent is how the API shows a torrent, and how it chooses among many.
package torrent

import (
	"encoding/hex"
	"time"

	"github.com/warren-p2p/warren/internal/goal"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/swarm"
)

// Torrent is a torrent as the API shows it. What is 0, false or empty may be left out.
type Torrent struct {
	ID       int64  `json:"id" doc:"Number of the torrent at this node, from 1, for as long as it is there."`
	Key      string `json:"key" required:"false" doc:"By this it is named in paths: its info-hash of version 1 in hexadecimal, or that of version 2 cut to 20 bytes."`
	Revision int64  `json:"revision" required:"false" doc:"Number of the last change."`
	V1       string `json:"v1,omitempty" doc:"Info-hash of version 1 (BEP 3), in hexadecimal."`
	V2       string `json:"v2,omitempty" doc:"Info-hash of version 2 (BEP 52), in hexadecimal."`
	Name     string `json:"name" required:"false" doc:"What it is called here."`
	State    string `json:"state" required:"false" enum:"starting,checking,metadata,downloading,seeding,paused,waiting,queued,failed" doc:"What it does: metadata is a magnet link of which peers are asked what it consists of; waiting goes on by itself, as soon as the disk takes data again; failed needs the user."`
	Reason   string `json:"reason,omitempty" doc:"Why it is waiting, queued or failed."`

	Progress float64 `json:"progress" required:"false" doc:"How much of what is wanted is there and verified, 0 to 1; while checking, how much is checked."`
	Size     int64   `json:"size" required:"false" doc:"Bytes of content; 0 as long as that is not known."`
	Wanted   int64   `json:"wanted" required:"false" doc:"Bytes of the files that are wanted."`
	Done     int64   `json:"done" required:"false" doc:"Bytes of content that are there and verified."`
	Left     int64   `json:"left" required:"false" doc:"Bytes that are wanted and missing."`
	DownRate int64   `json:"down_rate" required:"false" doc:"Bytes a second."`
	UpRate   int64   `json:"up_rate" required:"false" doc:"Bytes a second."`
	ETA      int64   `json:"eta,omitempty" doc:"Seconds until it is complete at this rate; absent if nothing moves."`
	Received int64   `json:"received" required:"false" doc:"Bytes of content received since it was added."`
	Sent     int64   `json:"sent" required:"false" doc:"Bytes of content sent since it was added."`
	Ratio    float64 `json:"ratio" required:"false" doc:"Bytes sent for each byte of the content."`
	Corrupt  int64   `json:"corrupt,omitempty" doc:"Bytes that were thrown away because they were wrong."`

	Peers    int `json:"peers" required:"false" doc:"Connected peers."`
	TLSPeers int `json:"tls_peers,omitempty" doc:"Those over TLS."`
	Seeds    int `json:"seeds,omitempty" doc:"Those that have everything."`
	WebSeeds int `json:"web_seeds,omitempty" doc:"Web servers that content is fetched from."`

	Added      time.Time `json:"added,omitzero" doc:"When it was added."`
	Completed  time.Time `json:"completed,omitzero" doc:"When it was complete for the first time."`
	LastActive time.Time `json:"last_active,omitzero" doc:"When content was last sent or received."`
	SeedTime   int64     `json:"seed_time,omitempty" doc:"Seconds of seeding."`
	ActiveTime int64     `json:"active_time,omitempty" doc:"Seconds of seeding and fetching."`

	Dir        string   `json:"dir" required:"false" doc:"Folder that the content lies in."`
	Category   string   `json:"category,omitempty" doc:"Its category."`
	Labels     []string `json:"labels,omitempty" nullable:"false" doc:"Its labels, in order."`
	Note       string   `json:"note,omitempty" doc:"The user's own words."`
	Paused     bool     `json:"paused,omitempty" doc:"Whether the user has stopped it."`
	Forced     bool     `json:"forced,omitempty" doc:"Whether it is active whatever the queue says."`
	Sequential bool     `json:"sequential,omitempty" doc:"Whether it is fetched from the front to the end."`
	FirstLast  bool     `json:"first_last,omitempty" doc:"Whether the first and last pieces of files come first."`
	SuperSeed  bool     `json:"super_seed,omitempty" doc:"Whether pieces are shown to peers one by one (BEP 16)."`
	TLS        string   `json:"tls" required:"false" enum:"off,prefer,require" doc:"Whether peers are spoken to over TLS."`
	UpLimit    int64    `json:"up_limit,omitempty" doc:"Bytes a second, 0 for no limit."`
	DownLimit  int64    `json:"down_limit,omitempty" doc:"Bytes a second, 0 for no limit."`
	MaxPeers   int      `json:"max_peers,omitempty" doc:"Connections, 0 for the default."`
	Goal       Goal     `json:"goal,omitzero" doc:"When it has given enough, the defaults included."`
	Position   int      `json:"position" required:"false" doc:"How many stand before it in the queue."`

	Private     bool      `json:"private,omitempty" doc:"Whether only its trackers may be asked for peers (BEP 27)."`
	Files       int       `json:"files,omitempty" doc:"How many files it has."`
	Pieces      int       `json:"pieces,omitempty" doc:"How many pieces it has."`
	PiecesDone  int       `json:"pieces_done,omitempty" doc:"How many of them are there and verified."`
	PieceLength int64     `json:"piece_length,omitempty" doc:"Bytes of a piece."`
	Comment     string    `json:"comment,omitempty" doc:"What the torrent says of itself."`
	CreatedBy   string    `json:"created_by,omitempty" doc:"What made it."`
	Created     time.Time `json:"created,omitzero" doc:"When it was made."`
}

// Goal is when a torrent has given enough.
type Goal struct {
	Ratio    float64 `json:"ratio,omitempty" doc:"Bytes sent for each byte of the content; 0 is the default, less is no goal."`
	SeedTime int64   `json:"seed_time,omitempty" doc:"Seconds of seeding; 0 is the default, less is no goal."`
	IdleTime int64   `json:"idle_time,omitempty" doc:"Seconds of seeding without sending anything; 0 is the default, less is no goal."`
	Then     string  `json:"then,omitempty" enum:"pause,remove,remove-content" doc:"What happens then."`
}

// Of shows a torrent. base is added to its revision.
func Of(v *library.View, base int64) Torrent {
	s := &v.Status
	t := Torrent{
		ID: v.ID, Key: record.Key(v.Hashes), Revision: base + int64(v.Revision), Name: v.Name, State: State(s.State),
		Size: v.Size, Wanted: s.Wanted, Done: s.Done, Left: s.Left(), DownRate: s.DownRate, UpRate: s.UpRate,
		Received: v.Received, Sent: v.Sent, Ratio: v.Ratio(), Corrupt: s.Corrupt,
		Peers: s.Peers, TLSPeers: s.TLSPeers, Seeds: s.Seeds, WebSeeds: s.WebSeeds,
		Added: seconds(v.Added), Completed: seconds(v.Completed), LastActive: seconds(v.LastActive),
		SeedTime: int64(v.SeedTime / time.Second), ActiveTime: int64(v.ActiveTime / time.Second),
		Dir: v.Dir, Category: v.Category, Labels: v.Labels, Note: v.Note, Paused: v.Paused, Forced: v.Forced,
		Sequential: v.Sequential, FirstLast: v.FirstLast, SuperSeed: v.SuperSeed, TLS: v.TLS.String(),
		UpLimit: v.UpLimit, DownLimit: v.DownLimit, MaxPeers: v.MaxPeers, Goal: GoalOf(v.Goal), Position: v.Place,
		Private: v.Private, Files: v.Files, Pieces: v.Pieces, PiecesDone: s.PiecesDone, PieceLength: v.PieceLength,
		Comment: v.Comment, CreatedBy: v.CreatedBy, Created: seconds(v.Created),
	}
	t.Progress = progress(s)
	if s.Reason != nil {
		t.Reason = s.Reason.Error()
	}
	if eta, ok := s.ETA(); ok {
		t.ETA = int64(eta / time.Second)
	}
	if v.Hashes.HasV1 {
		t.V1 = hex.EncodeToString(v.Hashes.V1[:])
	}
	if v.Hashes.HasV2 {
		t.V2 = hex.EncodeToString(v.Hashes.V2[:])
	}
	return t
}

func progress(s *swarm.Status) float64 {
	switch {
	case s.State == swarm.StateChecking:
		return s.Checked
	case s.Wanted > 0:
		return float64(s.WantedDone) / float64(s.Wanted)
	case s.State == swarm.StateSeeding:
		return 1 // of nothing
	}
	return 0
}

// seconds cuts a time to what is kept of it, in UTC.
func seconds(t time.Time) time.Time {
	if t.IsZero() || t.Unix() == 0 {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Second)
}

// State names a state in one word.
func State(s swarm.State) string {
	if s == swarm.StateMetadata {
		return "metadata"
	}
	return s.String()
}

// GoalOf shows a goal.
func GoalOf(g library.Goal) Goal {
	return Goal{Ratio: g.Ratio, SeedTime: int64(g.SeedTime / time.Second), IdleTime: int64(g.IdleTime / time.Second), Then: string(g.Then)}
}

// Goal returns the goal that is shown.
func (g Goal) Goal() library.Goal {
	const most = int64(1<<63-1) / int64(time.Second)
	return library.Goal{
		Ratio:    g.Ratio,
		SeedTime: time.Duration(max(min(g.SeedTime, most), -1)) * time.Second,
		IdleTime: time.Duration(max(min(g.IdleTime, most), -1)) * time.Second,
		Then:     goal.Action(g.Then),
	}
}
