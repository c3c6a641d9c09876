// Package sound finds out what audio files tell of who made or bought them, and copies
// them without it: MP3 and FLAC. What is played, and what it is called, stays: title,
// artist, album and cover are why people share music.
package sound

import (
	"errors"
	"strings"
)

// Format is a format of audio or video.
type Format int

// The formats.
const (
	None Format = iota
	MP3         // with ID3
	FLAC
)

// ErrMalformed is what is not in the format that it begins with.
var ErrMalformed = errors.New("malformed audio or video")

// Of returns the format of what begins with head, which should have 16 bytes.
func Of(head []byte) Format {
	s := string(head)
	switch {
	case strings.HasPrefix(s, "ID3"), len(s) > 1 && s[0] == 0xff && s[1]&0xe6 == 0xe2: // ISO/IEC 11172-3, layer III
		return MP3
	case strings.HasPrefix(s, "fLaC"):
		return FLAC
	}
	return None
}
