// Package record says what a node keeps of a torrent beside its content: where it
// lies, what is wanted of it, and what it has done so far.
package record

import (
	"encoding/hex"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/goal"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm"
)

// Record is what is kept of a torrent. It is a value: slices in it are not changed,
// but replaced.
type Record struct {
	ID     int64 // from 1, for the life of the torrent
	Hashes metainfo.InfoHashes
	Name   string
	Dir    string // where the content lies or lands, absolute
	Magnet string // the link it was added by, "" once more is known

	Added, Completed time.Time // zero for never
	LastActive       time.Time // when content was last sent or received
	Category         string
	Labels           []string // sorted
	Paused           bool

	// Sent and Received are bytes of content, SeedTime and ActiveTime durations, of all
	// sessions of the engine.
	Sent, Received       int64
	SeedTime, ActiveTime time.Duration
	Place                int // in the queue, 0 is the top

	// What the torrent says of itself.
	Private            bool
	Size               int64 // bytes
	PieceLength        int64
	Pieces, Files      int
	Comment, CreatedBy string
	Created            time.Time

	Wishes
}

// Wishes are what else the user wants of a torrent; as JSON in the store.
type Wishes struct {
	Forced     bool            `json:"forced,omitempty"` // active whatever the queue says
	Sequential bool            `json:"sequential,omitempty"`
	FirstLast  bool            `json:"first_last,omitempty"` // first and last pieces of files first
	SuperSeed  bool            `json:"super_seed,omitempty"`
	TLS        swarm.TLSPolicy `json:"tls,omitempty"`
	UpLimit    int64           `json:"up_limit,omitempty"` // bytes a second, 0 for none
	DownLimit  int64           `json:"down_limit,omitempty"`
	MaxPeers   int             `json:"max_peers,omitempty"` // 0 for the default
	Goal       Goal            `json:"goal,omitzero"`
	// Trackers replace those of the torrent, in tiers, unless nil. Typed are those that
	// the user has named: they may be on this machine or in its network.
	Trackers [][]string `json:"trackers,omitzero"` // none, if they were all removed, is not nil
	Typed    []string   `json:"typed,omitempty"`
	WebSeeds []string   `json:"web_seeds,omitempty"` // beside those of the torrent
	// Sole is the tracker that alone is told of the torrent of a private share.
	Sole *Sole `json:"sole,omitempty"`
	// Ours says that the torrent was made here: the node's own tracker is one of its.
	Ours bool `json:"ours,omitempty"`
	// Trusted says that the content was complete where the torrent was taken from: the
	// engine takes it as it is, once.
	Trusted bool `json:"trusted,omitempty"`
	// Renamed says that files have other names than in the torrent.
	Renamed bool `json:"renamed,omitempty"`
	// Paths are those that files had when the torrent was added, by their index, where
	// they differ from those in the torrent.
	Paths map[int]string `json:"paths,omitempty"`
	// Priorities of files by their index, those alone that are not normal.
	Priorities map[int]swarm.Priority `json:"priorities,omitempty"`
	// Secret is what a passphrase came to, in hexadecimal.
	Secret string `json:"secret,omitempty"`
	Note   string `json:"note,omitempty"` // the user's own words
}

// Sole is the tracker of a private share.
type Sole struct {
	URL string `json:"url"` // https, with the key of this share in its path
	Pin string `json:"pin"` // SHA-256 of the SubjectPublicKeyInfo it shows, in hexadecimal
}

// SetSole has one tracker alone know of the torrent; nil changes nothing.
func (w *Wishes) SetSole(s *Sole) {
	if s != nil {
		w.Sole, w.Trackers, w.Typed = s, [][]string{}, []string{s.URL}
	}
}

// SoleOf returns what is kept of the tracker of a private share, nil for none.
func SoleOf(e *swarm.SoleTracker) *Sole {
	if e == nil {
		return nil
	}
	return &Sole{URL: e.URL, Pin: hex.EncodeToString(e.Pin[:])}
}

// Engine returns the tracker as the engine knows it, nil for none.
func (s *Sole) Engine() *swarm.SoleTracker {
	if s == nil {
		return nil
	}
	e := &swarm.SoleTracker{URL: s.URL}
	if b, err := hex.DecodeString(s.Pin); err == nil && len(b) == len(e.Pin) {
		copy(e.Pin[:], b)
	}
	return e
}

// Goal is when a torrent has been seeded enough.
type Goal = goal.Goal

// Key returns the secret, nil if there is none.
func (w *Wishes) Key() *btls.Secret {
	b, err := hex.DecodeString(w.Secret)
	if err != nil || len(b) != len(btls.Secret{}) {
		return nil
	}
	return new(btls.Secret(b))
}

// Ratio returns bytes sent for each byte of the content; of what has no size yet it
// is 0.
func (r *Record) Ratio() float64 {
	if r.Size == 0 {
		return 0
	}
	return float64(r.Sent) / float64(r.Size)
}

// Category is a kind of torrents: one has one category or none.
type Category struct {
	Name      string
	Dir       string // where content of the category lands, "" for the default
	UpLimit   int64  // bytes a second for all of it together, 0 for none
	DownLimit int64
}

// Label is a word on torrents: one has any number of them.
type Label struct {
	Name      string
	UpLimit   int64 // bytes a second for all that have it together, 0 for none
	DownLimit int64
}

// Learn takes over what a torrent says of itself.
func (r *Record) Learn(m *metainfo.Torrent) {
	r.Hashes, r.Magnet = m.Hashes(), ""
	r.Private = m.Info.Private
	r.Size, r.PieceLength, r.Pieces = m.Info.TotalLength(), m.Info.PieceLength, m.Info.NumPieces()
	r.Files = 0
	for _, f := range m.Info.Files {
		if !f.Pad {
			r.Files++
		}
	}
	r.Comment, r.CreatedBy, r.Created = m.Comment, m.CreatedBy, m.CreationDate
}

// Key returns the info-hash that programs know a torrent by: that of version 1 in
// hexadecimal, or that of version 2 cut to 20 bytes.
func Key(h metainfo.InfoHashes) string {
	if h.HasV1 {
		return h.V1.String()
	}
	return metainfo.HashV1(h.Truncated()).String()
}
