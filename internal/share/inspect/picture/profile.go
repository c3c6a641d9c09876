package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf16"

	"github.com/warren-p2p/warren/internal/share/inspect/trace"
)

const (
	ofProfile  = "ICC_PROFILE\x00"
	maxProfile = 1 << 20 // bytes that are looked at
	maxTags    = 200
)

// common are how the names of profiles begin that many pictures have; those of one screen
// or printer have its name.
var common = []string{"srgb", "display p3", "adobe rgb", "adobergb", "prophoto", "romm", "apple rgb", "generic", "dot gain", "gray gamma", "rec. 709", "rec. 2020",
	"itu-r", "bt.", "us web coated", "u.s. web coated", "coated fogra", "linear", "c2", "wide gamut", "colormatch", "p3", "dci", "image p3", "hdr", "iec", "e-srgb", "scrgb"}

// profile notes the screen that a colour profile is of (ISO 15076-1, 7.2): pictures of
// what is on it have its name, and at times its number. It stays, for the colours.
func profile(l *trace.List, b []byte) {
	removable := l.Removable
	defer func() { l.Removable = removable }()
	l.Removable = false
	const head = 128
	if len(b) < head+4 {
		return
	}
	n := min(binary.BigEndian.Uint32(b[head:]), maxTags)
	for at := head + 4; n > 0 && at+12 <= len(b); at, n = at+12, n-1 {
		from, size := uint64(binary.BigEndian.Uint32(b[at+4:])), uint64(binary.BigEndian.Uint32(b[at+8:]))
		if from+size > uint64(len(b)) {
			continue
		}
		switch value := b[from : from+size]; string(b[at : at+4]) {
		case "mmod":
			l.Add(trace.Device, "colour profile", "make, model and number of a screen: it stays")
		case "desc":
			name := trace.Plain(described(value))
			known := name == ""
			for _, begins := range common {
				known = known || strings.HasPrefix(strings.ToLower(name), begins)
			}
			if !known {
				l.Add(trace.Device, "colour profile", name+": it stays")
			}
		}
	}
}

// described returns the name of a profile: a text in ASCII, or the first of several in
// UTF-16.
func described(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("desc")) && len(b) > 12:
		return strings.TrimRight(string(b[12:min(uint64(len(b)), 12+uint64(binary.BigEndian.Uint32(b[8:])))]), "\x00")
	case bytes.HasPrefix(b, []byte("mluc")) && len(b) >= 28:
		size, from := uint64(binary.BigEndian.Uint32(b[20:])), uint64(binary.BigEndian.Uint32(b[24:]))
		if from+size > uint64(len(b)) {
			return ""
		}
		var text []uint16
		for at := from; at+1 < from+size; at += 2 {
			text = append(text, binary.BigEndian.Uint16(b[at:]))
		}
		return string(utf16.Decode(text))
	}
	return ""
}

// packed notes the profile in a chunk of PNG: its name, which says nothing, and what it is,
// compressed.
func packed(l *trace.List, chunk []byte) {
	_, body, _ := bytes.Cut(chunk, []byte{0})
	if len(body) < 2 {
		return
	}
	r, err := zlib.NewReader(bytes.NewReader(body[1:]))
	if err != nil {
		return // nobody sees colours by it either
	}
	b, _ := io.ReadAll(io.LimitReader(r, maxProfile)) // as far as it goes
	profile(l, b)
}
