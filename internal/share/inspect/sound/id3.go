package sound

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/bogem/id3v2/v2"

	"github.com/warren-p2p/warren/internal/share/inspect/trace"
)

// about are the frames that say what is played (ID3v2.3 and 2.4, section 4); all others
// go.
const about = "TIT1 TIT2 TIT3 TPE1 TPE2 TPE3 TPE4 TALB TRCK TPOS TCON TYER TDRC TDRL TDOR TORY TLEN TBPM TKEY TCOM TEXT TLAN TPUB " +
	"TSRC TCOP TOPE TOAL TSOP TSOA TSOT TCMP TMED TMOO TSST APIC USLT RVA2 RVAD CHAP CTOC"

const maxTag = 64 << 20 // bytes of one

// LookMP3 notes what the tags of a file say that is not about the music.
func LookMP3(l *trace.List, r io.ReaderAt, size int64) (err error) {
	defer recovered(&err)
	l.Removable = true
	t, err := id3(r, size)
	if err != nil {
		return err
	}
	frames := t.first.AllFrames()
	for _, id := range slices.Sorted(maps.Keys(frames)) {
		for _, f := range frames[id] {
			if p, ok := f.(id3v2.PictureFrame); ok {
				Cover(l, p.Picture)
			}
			if !strings.Contains(about, id) {
				l.Add(read(id, f))
			}
		}
	}
	for _, text := range t.gone {
		l.Add(trace.Comment, "ID3", text)
	}
	if isFLAC(r, t.end) {
		l.Add(trace.Comment, "ID3", "a tag before FLAC, which has its own")
		return LookFLAC(l, io.NewSectionReader(r, t.end, size-t.end), size-t.end)
	}
	return lookBehind(l, r, size)
}

// lookBehind notes what the tags behind the music say.
func lookBehind(l *trace.List, r io.ReaderAt, size int64) error {
	tail, _, err := behind(r, size)
	if i := bytes.LastIndex(tail, []byte("TAG")); i >= 0 && len(tail)-i == v1 {
		comment := tail[i+97 : i+127]
		if comment[28] == 0 { // ID3v1.1: what follows is the track
			comment = comment[:28]
		}
		l.Add(trace.Comment, "ID3v1 comment", strings.TrimRight(string(comment), "\x00 "))
	}
	if bytes.HasPrefix(tail, []byte("APETAGEX")) || len(tail) > v1 {
		l.Add(trace.Comment, "APE tag", "further notes")
	}
	return err
}

// read says what a frame tells.
func read(id string, f id3v2.Framer) (kind trace.Kind, what string, value any) {
	kind = trace.Comment
	switch id {
	case "TENC", "TOWN", "OWNE", "POPM", "COMR", "USER", "UFID":
		kind = trace.Person
	case "TSSE", "PRIV", "MCDI":
		kind = trace.Software
	case "TDEN", "TDTG", "TDAT", "TIME", "TRDA":
		kind = trace.Time
	}
	switch f := f.(type) {
	case id3v2.TextFrame:
		return kind, id, f.Text
	case id3v2.CommentFrame:
		return kind, "comment " + f.Description, f.Text
	case id3v2.UserDefinedTextFrame:
		if k, ok := trace.Called(f.Description); ok {
			kind = k
		}
		return kind, f.Description, f.Value
	case id3v2.PopularimeterFrame:
		return kind, "rating by", f.Email
	case id3v2.UFIDFrame:
		return kind, "UFID", f.OwnerIdentifier
	case id3v2.UnknownFrame:
		return kind, id, string(f.Body)
	}
	return kind, id, "further notes"
}

// StripMP3 copies a file with what its tag says of the music alone.
func StripMP3(w io.Writer, r io.ReaderAt, size int64) (err error) {
	defer recovered(&err)
	t, err := id3(r, size)
	if err != nil {
		return err
	}
	if isFLAC(r, t.end) {
		return StripFLAC(w, io.NewSectionReader(r, t.end, size-t.end), size-t.end)
	}
	for id, frames := range t.first.AllFrames() {
		if !strings.Contains(about, id) {
			t.first.DeleteFrames(id)
			continue
		}
		if id != "APIC" {
			continue
		}
		t.first.DeleteFrames(id)
		for _, f := range frames {
			if p, ok := f.(id3v2.PictureFrame); ok {
				if p.Picture = CleanCover(p.Picture); p.Picture != nil {
					t.first.AddAttachedPicture(p)
				}
			}
		}
	}
	_, end, err := behind(r, size)
	if err != nil {
		return err
	}
	if _, err := t.first.WriteTo(w); err != nil {
		return fmt.Errorf("write ID3: %w", err)
	}
	_, err = io.Copy(w, io.NewSectionReader(r, t.end, max(0, end-t.end)))
	return err
}

// front is what lies before the music.
type front struct {
	first *id3v2.Tag // which may be empty
	gone  []string   // what is said of tags that go whole
	end   int64
}

// maxFronts is how many tags are looked for.
const maxFronts = 16

// id3 reads the tags at the beginning. Those of version 2.2, which the library does not
// read, and further ones go whole.
func id3(r io.ReaderAt, size int64) (f front, err error) {
	f.first = id3v2.NewEmptyTag()
	for n := range maxFronts {
		var head [10]byte
		if _, err := r.ReadAt(head[:], f.end); err != nil || string(head[:3]) != "ID3" {
			break
		}
		var length int64
		for _, b := range head[6:] { // seven bits each, section 6.2 of ID3v2.4
			length = length<<7 | int64(b&0x7f)
		}
		from := f.end
		f.end += length + int64(len(head))
		if head[5]&0x10 != 0 { // a footer
			f.end += int64(len(head))
		}
		switch {
		case f.end > size || length > maxTag:
			return f, fmt.Errorf("%w: an ID3 tag of %d bytes", ErrMalformed, length)
		case head[3] < 3:
			f.gone = append(f.gone, "a tag of an old version, which goes whole")
			continue
		case n > 0:
			f.gone = append(f.gone, "one more tag, which goes whole")
			continue
		case head[5]&0xc0 != 0: // unsynchronised or extended, which the library does not know
			f.gone = append(f.gone, "a tag in a rare way of writing, which goes whole")
			continue
		}
		if f.first, err = id3v2.ParseReader(io.NewSectionReader(r, from, f.end-from), id3v2.Options{Parse: true}); err != nil {
			return f, fmt.Errorf("%w: ID3: %w", ErrMalformed, err)
		}
	}
	return f, nil
}

func isFLAC(r io.ReaderAt, at int64) bool {
	var head [4]byte
	_, err := r.ReadAt(head[:], at)
	return err == nil && string(head[:]) == "fLaC"
}

// v1 is the length of a tag of ID3v1, and ape that of the end of an APE tag.
const v1, ape = 128, 32

// behind returns the tags behind the music, and where it ends.
func behind(r io.ReaderAt, size int64) ([]byte, int64, error) {
	end := size
	var b [v1]byte
	if end >= v1 {
		if _, err := r.ReadAt(b[:], end-v1); err != nil && !errors.Is(err, io.EOF) {
			return nil, 0, err
		}
		if string(b[:3]) == "TAG" {
			end -= v1
		}
	}
	if end >= ape {
		if _, err := r.ReadAt(b[:ape], end-ape); err != nil && !errors.Is(err, io.EOF) {
			return nil, 0, err
		}
		if string(b[:8]) == "APETAGEX" {
			n := int64(binary.LittleEndian.Uint32(b[12:]))
			if binary.LittleEndian.Uint32(b[20:])&(1<<31) != 0 { // there is a header too
				n += ape
			}
			end = max(0, end-max(n, ape))
		}
	}
	tail := make([]byte, min(size-end, 64<<10))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return nil, 0, err
	}
	return tail, end, nil
}

// recovered turns what a library does not expect of a file into an error.
func recovered(err *error) {
	if bad := recover(); bad != nil {
		*err = fmt.Errorf("%w: %v", ErrMalformed, bad)
	}
}
