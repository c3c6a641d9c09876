// Package announces measures trackers: announces a second, and what they keep. The
// tracker is alone on one processor and the generator on another; both speak over
// loopback, and the generator is the same for all.
package announces

import (
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
)

// The population: each torrent has as many peers, which are told apart by their port.
const (
	Torrents = 10_000
	PeersOf  = 100 // of a torrent
	NumWant  = 50
)

// What the generator does.
const (
	Fill = "fill" // over UDP, each peer once
	UDP  = "UDP"  // of peers that are there, by chance
	HTTP = "HTTP" // the same, each with a connection of its own
)

// How much is under way at a time.
const (
	inFlight = 128 // datagrams: as many as the usual receive buffer holds
	atOnce   = 64  // connections
)

// Told is what the generator tells when it has done.
type Told struct {
	Announces int64   `json:"announces"` // that were answered
	Lost      int64   `json:"lost"`
	Refused   int64   `json:"refused"`
	Seconds   float64 `json:"seconds"`
}

// parse reads what a generator told, the last line of its output.
func parse(output string) (t Told, err error) {
	lines := strings.Split(strings.TrimSpace(output), "\n")
	err = json.Unmarshal([]byte(lines[len(lines)-1]), &t)
	return t, err
}

// hash is the info-hash of a torrent.
func hash(n int) [20]byte { return sha1.Sum([]byte("bench" + strconv.Itoa(n))) }

// List is all info-hashes, as trackers read lists.
func List() string {
	var b strings.Builder
	for i := range Torrents {
		h := hash(i)
		b.WriteString(hex.EncodeToString(h[:]) + "\n")
	}
	return b.String()
}
