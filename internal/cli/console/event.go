package console

import (
	"bytes"
	"encoding/json"

	"github.com/warren-p2p/warren/metainfo"
)

// The events of --json.
const (
	Ready    = "ready"    // share serves
	Progress = "progress" // once a second
	Done     = "done"     // the command reached what it was for
	Failed   = "error"
)

// Event is a line of --json. Fields that are always there come first.
type Event struct {
	Event    string `json:"event"`
	Name     string `json:"name"`
	InfoHash string `json:"info_hash"` // version 1 if the torrent has it, else version 2; hexadecimal
	Bytes    int64  `json:"bytes"`     // of content that are done: hashed, or verified on disk
	Total    int64  `json:"total"`     // bytes of content
	RateBPS  int64  `json:"rate_bps"`  // bytes a second
	Peers    int    `json:"peers"`
	TLSPeers int    `json:"tls_peers"`

	UTPPeers   int     `json:"utp_peers,omitempty"`
	WebSeeds   int     `json:"web_seeds,omitempty"`
	InfoHashV2 string  `json:"info_hash_v2,omitempty"`
	State      string  `json:"state,omitempty"`
	Reason     string  `json:"reason,omitempty"` // why it is waiting
	Received   int64   `json:"received,omitempty"`
	Sent       int64   `json:"sent,omitempty"`
	TLSBytes   int64   `json:"tls_bytes,omitempty"` // of received and sent
	Seconds    float64 `json:"seconds,omitempty"`   // since the start, of done

	Listen  []string `json:"listen,omitempty"`
	Stream  []string `json:"stream,omitempty"` // URLs of get --stream: of the main file, of the playlist
	Magnet  string   `json:"magnet,omitempty"`
	Torrent string   `json:"torrent,omitempty"` // path of the metainfo file
	Path    string   `json:"path,omitempty"`    // of the content
	Error   string   `json:"error,omitempty"`

	// Unprotected is what a torrent that demands TLS does without.
	Unprotected []Unprotected `json:"unprotected,omitempty"`

	BadFiles []BadFile `json:"bad_files,omitempty"`
}

// Unprotected is a way to find peers, or content, that is not used because it is
// not protected; or one that is asked under an id instead of the info-hash.
type Unprotected struct {
	Source string `json:"source"`
	ByID   bool   `json:"by_id,omitempty"`
	Why    string `json:"why"`
}

// BadFile is a file that verify found wrong.
type BadFile struct {
	Path      string `json:"path"`
	Reason    string `json:"reason,omitempty"`
	BadPieces int    `json:"bad_pieces"`
	FirstBad  int    `json:"first_bad"` // -1 if no piece is
}

// Of returns an event about a torrent.
func Of(event string, t *metainfo.Torrent) Event {
	e := About(event, t.Info.Name, t.Hashes())
	e.Total = t.Info.TotalLength()
	return e
}

// About returns an event about a torrent of which no more may be known.
func About(event, name string, h metainfo.InfoHashes) Event {
	e := Event{Event: event, Name: name}
	if h.HasV1 {
		e.InfoHash = h.V1.String()
	}
	if h.HasV2 {
		e.InfoHashV2 = h.V2.String()
		if !h.HasV1 {
			e.InfoHash = e.InfoHashV2
		}
	}
	return e
}

// Emit prints a value as a line of JSON if --json was given, else nothing.
func (c *Console) Emit(v any) error {
	if !c.JSON {
		return nil
	}
	var line bytes.Buffer
	enc := json.NewEncoder(&line)
	enc.SetEscapeHTML(false) // magnet links stay as they are
	if err := enc.Encode(v); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err := c.Out.Write(line.Bytes())
	return err
}
