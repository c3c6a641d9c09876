package film

import (
	"strings"

	"github.com/warren-p2p/warren/internal/share/inspect/trace"
)

// What films are made of: boxes of the file, and of moov. Others are of programs.
var (
	top     = []string{"ftyp", "styp", "moov", "moof", "mdat", "mfra", "sidx", "ssix", "free", "skip", "wide", "pdin", "meta", "udta", "pssh", "emsg"}
	ofMovie = []string{"mvhd", "trak", "mvex", "iods", "udta", "meta", "pssh", "free", "skip", "wide", "cmov", "rmra", "ctab", "clip"}
)

// other erases a box that is no part of the film.
func (b *boxes) other(one box) error {
	text, err := one.text(maxNotes)
	if err != nil {
		return err
	}
	before := b.list.Len()
	b.notes(text)
	if b.list.Len() == before {
		b.list.Add(trace.Comment, "box "+one.Type.String(), "notes of a program")
	}
	b.free(one)
	return nil
}

// handler notes what a track is called by the device that has made it, which goes, and one
// that is neither seen nor heard (8.4.3): cameras keep in it what they measure while they
// film. It stays.
func (b *boxes) handler(one box) error {
	text, err := one.text(maxValue)
	if err != nil || len(text) < nameAt {
		return err
	}
	name := letters(text[nameAt:])
	plain := strings.ToLower(name)
	if !strings.Contains(plain, "handler") && !strings.Contains(plain, "core media") {
		b.list.Add(trace.Device, "name of a track", name)
	}
	b.found = append(b.found, erasure{at: int64(one.Offset+one.HeaderSize) + nameAt, n: int64(one.Size-one.HeaderSize) - nameAt})
	if text[8:12] == "meta" {
		b.list.Removable = false
		b.list.Add(trace.Location, "track of measurements", "what the camera has measured while it filmed, places perhaps: it stays")
		b.list.Removable = true
	}
	return nil
}

// nameAt is where the name is in what a track says of itself.
const nameAt = 24
