// Package film finds out what video files, and audio files of their kind, tell of who made
// or bought them, and copies them without it, in as many bytes, so that nothing else moves:
// MP4 (ISO/IEC 14496-12) and QuickTime. What is played, and what it is called, stays.
package film

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/abema/go-mp4"

	"github.com/warren-p2p/warren/internal/share/inspect/trace"
)

// ErrMalformed is what is not in the format that it begins with.
var ErrMalformed = errors.New("malformed audio or video")

// Is reports whether what begins with head, which should have 16 bytes, is such a file.
func Is(head []byte) bool {
	s := string(head)
	switch {
	case len(s) >= 12 && s[4:12] == "ftypcrx ": // a raw picture of a camera
		return false
	case len(s) < 8 || s[0] != 0 && s[4:8] != "mdat":
		return false
	}
	return slices.Contains([]string{"ftyp", "moov", "mdat", "wide", "free", "skip", "pnot"}, s[4:8])
}

const (
	maxBoxes = 200_000
	maxValue = 4 << 10 // bytes of a value that are looked at
	maxNotes = 1 << 20 // and of XMP
	deepest  = 8       // boxes within each other
)

// around are the boxes that are looked into (ISO/IEC 14496-12, section 8; QuickTime File
// Format); what is in others is how the film is played.
var around = []string{"moov", "trak", "mdia", "udta", "meta", "ilst", "moof", "traf"}

// erasure is what is replaced in a copy: n bytes from at on, by zeros, or by the type of
// a box that says nothing, so that nothing else moves.
type erasure struct {
	at, n int64
	free  bool
	with  []byte // what stands there instead, as long
}

// box is one whose payload may be read.
type box struct {
	*mp4.BoxInfo
	path mp4.BoxPath
	r    io.ReadSeeker
}

// boxes finds what is to be erased, and notes it.
type boxes struct {
	list   *trace.List
	keys   []string // of QuickTime's metadata
	found  []erasure
	number int
	end    int64 // of the file, or of what belongs to the film
}

// Look notes what the boxes of a file say that is not about the film: where and when
// it was made, with what, who bought it.
func Look(l *trace.List, r io.ReadSeeker) (err error) {
	defer recovered(&err)
	l.Removable = true
	_, _, err = erasures(l, r)
	return err
}

// Strip copies a file; what Look notes is zeros in the copy.
func Strip(w io.Writer, r io.ReadSeeker) (err error) {
	defer recovered(&err)
	list, end, err := erasures(new(trace.List), r)
	if err != nil {
		return err
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return err
	}
	at := int64(0)
	for _, e := range list {
		if e.at < at {
			continue // inside of what went already
		}
		if _, err := io.CopyN(w, r, e.at-at); err != nil {
			return err
		}
		if err := blank(w, e); err != nil {
			return err
		}
		if at, err = r.Seek(e.at+e.n, io.SeekStart); err != nil {
			return err
		}
	}
	_, err = io.CopyN(w, r, end-at)
	return err
}

func blank(w io.Writer, e erasure) error {
	if e.free {
		_, err := io.WriteString(w, "free")
		return err
	}
	if e.with != nil {
		_, err := w.Write(e.with)
		return err
	}
	_, err := io.CopyN(w, zeros{}, e.n)
	return err
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// errBehind ends the look at a file where what follows is no box.
var errBehind = errors.New("behind the film")

// erasures returns what is to be erased in a file, in order, and where the film ends.
func erasures(l *trace.List, r io.ReadSeeker) (list []erasure, end int64, err error) {
	b := &boxes{list: l}
	if b.end, err = r.Seek(0, io.SeekEnd); err != nil {
		return nil, 0, err
	}
	_, err = mp4.ReadBoxStructure(r, func(h *mp4.ReadHandle) (any, error) {
		if len(h.Path) == 1 && !slices.Contains(top, h.BoxInfo.Type.String()) && (h.BoxInfo.Size > uint64(b.end)-h.BoxInfo.Offset || h.BoxInfo.Size < h.BoxInfo.HeaderSize) {
			l.Add(trace.Comment, "behind the film", fmt.Sprintf("%d bytes, of a program or of a camera", uint64(b.end)-h.BoxInfo.Offset))
			b.end = int64(h.BoxInfo.Offset)
			return nil, errBehind
		}
		if b.number++; b.number > maxBoxes || len(h.Path) > deepest || h.BoxInfo.Size < h.BoxInfo.HeaderSize {
			return nil, fmt.Errorf("%w: boxes", ErrMalformed)
		}
		one := box{&h.BoxInfo, h.Path, r}
		if gone, err := b.see(one); gone || err != nil || !slices.Contains(around, h.BoxInfo.Type.String()) {
			return nil, err
		}
		return h.Expand()
	})
	if errors.Is(err, errBehind) {
		err = nil
	}
	if err != nil && !errors.Is(err, ErrMalformed) {
		err = fmt.Errorf("%w: MP4: %w", ErrMalformed, err)
	}
	slices.SortFunc(b.found, func(x, y erasure) int { return int(min(1, max(-1, x.at-y.at))) })
	return b.found, b.end, err
}

// see decides about a box; gone is whether all of it goes.
func (b *boxes) see(one box) (gone bool, err error) {
	within := ""
	if len(one.path) > 1 {
		within = one.path[len(one.path)-2].String()
	}
	kind := one.Type.String()
	switch {
	case kind == "mvhd" || kind == "tkhd" || kind == "mdhd":
		return false, b.times(one)
	case kind == "keys":
		return false, b.read(one)
	case within == "ilst":
		return b.item(one)
	case kind == "uuid":
		text, err := one.text(maxNotes)
		b.list.Add(trace.Comment, "uuid", "notes of a program")
		b.notes(text)
		b.free(one)
		return true, err
	case within == "udta" && kind != "meta":
		return true, b.user(one)
	case kind == "hdlr" && within == "mdia":
		return false, b.handler(one)
	case len(one.path) == 1 && !slices.Contains(top, kind), within == "moov" && !slices.Contains(ofMovie, kind),
		within == "meta" && slices.Contains([]string{"xml ", "bxml", "ID32"}, kind):
		return true, b.other(one)
	}
	return false, nil
}

func (b *boxes) free(one box) {
	b.found = append(b.found, erasure{at: int64(one.Offset) + 4, n: 4, free: true},
		erasure{at: int64(one.Offset + one.HeaderSize), n: int64(one.Size - one.HeaderSize)})
}

// text returns what a box says, as far as it is looked at.
func (one box) text(most uint64) (string, error) {
	if _, err := one.r.Seek(int64(one.Offset+one.HeaderSize), io.SeekStart); err != nil {
		return "", err
	}
	p := make([]byte, min(one.Size-one.HeaderSize, most))
	n, err := io.ReadFull(one.r, p)
	if err != nil {
		return "", fmt.Errorf("%w: box %s: %w", ErrMalformed, one.Type, err)
	}
	return string(p[:n]), nil
}

// times erases when a film, a track or its media were made and changed: two numbers of
// four or eight bytes, seconds since 1904.
func (b *boxes) times(one box) error {
	text, err := one.text(maxValue)
	if err != nil || len(text) < 20 {
		return err
	}
	width, made, changed := int64(4), int64(binary.BigEndian.Uint32([]byte(text[4:8]))), int64(binary.BigEndian.Uint32([]byte(text[8:12])))
	if text[0] == 1 {
		width, made, changed = 8, int64(binary.BigEndian.Uint64([]byte(text[4:12]))), int64(binary.BigEndian.Uint64([]byte(text[12:20])))
	}
	if made == 0 {
		made = changed
	}
	if made > 0 && made < 1<<33 {
		b.list.Add(trace.Time, "film made", time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(made)*time.Second).Format(time.DateTime))
	}
	b.found = append(b.found, erasure{at: int64(one.Offset+one.HeaderSize) + 4, n: 2 * width})
	return nil
}

// read remembers the names of QuickTime's metadata, by which its items are numbered.
func (b *boxes) read(one box) error {
	text, err := one.text(maxValue)
	if err != nil || len(text) < 8 {
		return err
	}
	for rest := text[8:]; len(rest) >= 8; {
		n := binary.BigEndian.Uint32([]byte(rest))
		if n < 8 || int64(n) > int64(len(rest)) {
			break
		}
		b.keys = append(b.keys, rest[8:n])
		rest = rest[n:]
	}
	return nil
}

// recovered turns what a library does not expect of a file into an error.
func recovered(err *error) {
	if bad := recover(); bad != nil {
		*err = fmt.Errorf("%w: %v", ErrMalformed, bad)
	}
}
