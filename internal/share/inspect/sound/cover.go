package sound

import (
	"bytes"
	"encoding/binary"

	"github.com/warren-p2p/warren/internal/share/inspect/picture"
	"github.com/warren-p2p/warren/internal/share/inspect/trace"
)

// Cover notes what the picture of an album tells, as far as it can be taken out.
func Cover(l *trace.List, b []byte) {
	if f := picture.Of(b[:min(len(b), 16)]); f.Removable() {
		_ = picture.Look(l, bytes.NewReader(b), f) // one that cannot be read goes
		l.Removable = true
	}
}

// CleanCover returns a picture without what it tells; nil for one that cannot be read.
func CleanCover(b []byte) []byte {
	f := picture.Of(b[:min(len(b), 16)])
	if !f.Removable() {
		return b
	}
	var out bytes.Buffer
	if picture.Strip(&out, bytes.NewReader(b), f) != nil {
		return nil
	}
	return out.Bytes()
}

// inFLAC returns a picture in FLAC (RFC 9639, 8.8), and where in its block its length is
// written; -1 if there is none.
func inFLAC(block []byte) (data []byte, at int) {
	at = 4
	for range 2 { // its type, and what is said of it
		if len(block) < at+4 || int64(binary.BigEndian.Uint32(block[at:])) > int64(len(block)-at-4) {
			return nil, -1
		}
		at += 4 + int(binary.BigEndian.Uint32(block[at:]))
	}
	at += 16 // its size and colours
	if len(block) < at+4 || int64(binary.BigEndian.Uint32(block[at:])) > int64(len(block)-at-4) {
		return nil, -1
	}
	return block[at+4:][:binary.BigEndian.Uint32(block[at:])], at
}

// cleanFLAC returns the block of a picture without what that tells; nil if there is none
// that can be read.
func cleanFLAC(block []byte) []byte {
	data, at := inFLAC(block)
	if at < 0 {
		return nil
	}
	if data = CleanCover(data); data == nil {
		return nil
	}
	return append(binary.BigEndian.AppendUint32(bytes.Clone(block[:at]), uint32(len(data))), data...)
}
