package film

import (
	"encoding/binary"
	"strings"

	"github.com/warren-p2p/warren/internal/share/inspect/trace"
)

// played are the items that say what is played, as iTunes has them; all others go.
const played = "\xa9nam \xa9ART \xa9alb \xa9gen \xa9day \xa9wrt \xa9grp \xa9lyr aART trkn disk gnre cpil tmpo covr cprt pgap rtng stik " +
	"tvsh tvsn tves tven soal soar sonm soco soaa desc ldes"

// user erases a box of the user's data; those of QuickTime begin with ©.
func (b *boxes) user(one box) error {
	text, err := one.text(maxNotes)
	if err != nil {
		return err
	}
	name := one.Type.String()
	raw := string(one.Type[:])
	kind, what := trace.Comment, strings.TrimPrefix(name, "(c)")
	switch raw {
	case "\xa9xyz", "loci":
		kind, what = trace.Location, "location"
	case "\xa9mak", "\xa9mod", "manu", "modl", "CNCV", "CNFV":
		kind, what = trace.Device, "camera"
	case "\xa9swr", "\xa9too", "\xa9enc":
		kind, what = trace.Software, "software"
	case "\xa9aut", "\xa9ART", "auth", "perf", "cprt", "\xa9cpy":
		kind, what = trace.Person, "author"
	case "\xa9day", "date", "yrrc":
		kind, what = trace.Time, "date"
	case "thmb", "CNTH":
		kind, what = trace.Thumbnail, "thumbnail"
	case "free", "skip", "hnti", "kywd ":
		b.free(one)
		return nil
	}
	switch raw {
	case "XMP_":
		b.notes(text)
	case "loci":
		b.list.Add(kind, what, "a place") // in numbers; 3GPP TS 26.244, 8.10
	default:
		b.list.Add(kind, what, letters(text))
	}
	b.free(one)
	return nil
}

// notes notes what XMP says; it goes whether it can be read or not.
func (b *boxes) notes(text string) {
	if i := strings.IndexByte(text, '<'); i >= 0 {
		_ = b.list.XML(strings.NewReader(text[i:]))
	}
}

// item erases an item of a list, unless it says what is played.
func (b *boxes) item(one box) (gone bool, err error) {
	text, err := one.text(maxValue)
	if err != nil {
		return false, err
	}
	raw := string(one.Type[:])
	switch {
	case raw == "covr":
		return true, b.cover(one)
	case raw == "\xa9day" && len(text) > 16+len("2024-05-01"): // more than a day
	case strings.Contains(played, raw):
		return true, nil
	}
	kind, what := trace.Comment, one.Type.String()
	if n := binary.BigEndian.Uint32(one.Type[:]); n > 0 && int64(n) <= int64(len(b.keys)) {
		what = b.keys[n-1]
	}
	name := what[strings.LastIndexByte(what, '.')+1:]
	if k, ok := trace.Called(what); ok {
		kind = k
	} else if k, ok := trace.Called(name); ok {
		kind = k
	} else if strings.Contains(strings.ToLower(what), "location") {
		kind = trace.Location
	}
	switch raw {
	case "apID", "ownr", "cnID", "plID", "atID", "geID", "sfID", "akID":
		kind, what = trace.Person, "account of the buyer"
	case "purd":
		kind, what = trace.Time, "bought"
	case "\xa9day":
		kind, what = trace.Time, "made"
	case "\xa9too", "\xa9enc":
		kind, what = trace.Software, "software"
	}
	if name == "title" || name == "artist" || name == "album" {
		return true, nil
	}
	if len(text) > 16 && text[4:8] == "data" {
		text = text[16:]
	}
	b.list.Add(kind, what, letters(text))
	b.free(one)
	return true, nil
}

// letters returns what of a value can be read.
func letters(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0xfffd {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "")))
}
