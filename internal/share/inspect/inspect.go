// Package inspect finds out what files tell of a person beside what they are for, and
// makes copies that do not: pictures, documents, audio and video. It looks at what files
// are, not at what they are called.
//
// What a format is read with are libraries; they are kept from running away with memory,
// and what they trip over is an error. See below for each format.
package inspect

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/warren-p2p/warren/internal/share/inspect/document"
	"github.com/warren-p2p/warren/internal/share/inspect/film"
	"github.com/warren-p2p/warren/internal/share/inspect/pdf"
	"github.com/warren-p2p/warren/internal/share/inspect/picture"
	"github.com/warren-p2p/warren/internal/share/inspect/sound"
	"github.com/warren-p2p/warren/internal/share/inspect/trace"
)

// Finding is one thing that a file tells.
type Finding = trace.Finding

// ErrOpaque is a file of which nobody here can say what it tells: it is of a format that
// may tell much and is not known, or it is malformed, encrypted or very large. What was
// found of it all the same is returned with it.
var ErrOpaque = errors.New("it cannot be looked into")

// Look returns what a file tells, the worst first, 100 findings at most. Files of formats
// that tell nothing of a person, such as texts, have none.
func Look(r io.ReaderAt, size int64) ([]Finding, error) {
	var l trace.List
	err := look(&l, r, size, document.NewWithin(insides{}))
	switch {
	case err == nil:
	case errors.Is(err, picture.ErrMalformed), errors.Is(err, document.ErrMalformed), errors.Is(err, sound.ErrMalformed), errors.Is(err, film.ErrMalformed):
		err = fmt.Errorf("%w: it is broken, or written in a way that is not known here (%w)", ErrOpaque, err)
	default:
		err = fmt.Errorf("%w: %w", ErrOpaque, err)
	}
	return l.Found(), err
}

// insides are files within documents.
type insides struct{}

func (insides) Is(head []byte) bool {
	return picture.Of(head) != picture.None || isPDF(head) || isZIP(head) || sound.Of(head) != sound.None || film.Is(head) || unknown(head) != ""
}

func (insides) Look(l *trace.List, r io.ReaderAt, size int64, in *document.Within) error {
	return look(l, r, size, in)
}

func (insides) Strip(w io.Writer, r io.ReaderAt, size int64, in *document.Within) error {
	return strip(w, r, size, in)
}

func look(l *trace.List, r io.ReaderAt, size int64, in *document.Within) error {
	head, err := headOf(r, size)
	if err != nil {
		return err
	}
	whole := io.NewSectionReader(r, 0, size)
	switch format := picture.Of(head); {
	case format != picture.None:
		return picture.Look(l, whole, format)
	case isPDF(head):
		return pdf.Look(l, whole, size, in)
	case isZIP(head):
		return document.LookOffice(l, r, size, in)
	}
	switch sound.Of(head) {
	case sound.MP3:
		return sound.LookMP3(l, r, size)
	case sound.FLAC:
		return sound.LookFLAC(l, r, size)
	}
	if film.Is(head) {
		return film.Look(l, whole)
	}
	if isSVG(r, head) {
		return l.XML(whole)
	}
	if what := unknown(head); what != "" {
		return errors.New("it is " + what + ", and that is not looked into")
	}
	return nil
}

// Strip writes a copy of a file without what can be taken out of it. The error matches
// errors.ErrUnsupported for a format of which nothing can.
func Strip(w io.Writer, r io.ReaderAt, size int64) error {
	return strip(w, r, size, document.NewWithin(insides{}))
}

func strip(w io.Writer, r io.ReaderAt, size int64, in *document.Within) error {
	head, err := headOf(r, size)
	if err != nil {
		return err
	}
	whole := io.NewSectionReader(r, 0, size)
	switch format := picture.Of(head); {
	case format != picture.None:
		return picture.Strip(w, whole, format)
	case isPDF(head):
		return pdf.Strip(w, whole, size)
	case isZIP(head):
		return document.StripOffice(w, r, size, in)
	}
	switch sound.Of(head) {
	case sound.MP3:
		return sound.StripMP3(w, r, size)
	case sound.FLAC:
		return sound.StripFLAC(w, r, size)
	}
	if film.Is(head) {
		return film.Strip(w, whole)
	}
	return fmt.Errorf("strip a file: %w", errors.ErrUnsupported)
}

func headOf(r io.ReaderAt, size int64) ([]byte, error) {
	head := make([]byte, min(size, 16))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("look into a file: %w", err)
	}
	return head, nil
}

func isPDF(head []byte) bool { return strings.HasPrefix(string(head), "%PDF-") }

func isZIP(head []byte) bool { return strings.HasPrefix(string(head), "PK\x03\x04") }

// isSVG reports whether a text is a drawing: programs write their notes into those.
func isSVG(r io.ReaderAt, head []byte) bool {
	if text := strings.TrimLeft(strings.TrimPrefix(string(head), "\ufeff"), " \t\r\n"); text == "" || text[0] != '<' {
		return false
	}
	begin := make([]byte, 1<<10)
	n, _ := r.ReadAt(begin, 0)
	return bytes.Contains(begin[:n], []byte("<svg"))
}

// unknown names a format that may tell of a person and that nothing here reads.
func unknown(head []byte) string {
	if len(head) >= 12 && string(head[4:12]) == "ftypcrx " {
		return "a raw picture"
	}
	for _, one := range []struct{ begins, name string }{
		{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document, or one with a passphrase"},
		{"{\\rtf", "a document in RTF"},
		{"GIF8", "a picture in GIF"},
		{"\x00\x00\x00\x0cJXL ", "a picture in JPEG XL"},
		{"\x00\x00\x00\x0cjP  ", "a picture in JPEG 2000"},
		{"FUJIFILM", "a raw picture"},
		{"IIU\x00", "a raw picture"},
		{"IIRO", "a raw picture"},
		{"FOVb", "a raw picture"},
		{"gimp xcf", "a picture in XCF"},
		{"AT&TFORM", "DjVu"},
		{"FORM", "IFF, as of AIFF"},
		{"MThd", "MIDI"},
		{"BZh", "an archive"},
		{"\xfd7zXZ", "an archive"},
		{"\x28\xb5\x2f\xfd", "an archive"},
		{"SQLite format 3", "a database"},
		{"\x1aE\xdf\xa3", "Matroska or WebM"},
		{"OggS", "Ogg"},
		{"0&\xb2u\x8ef\xcf\x11", "Windows Media"},
		{"RIFF", "RIFF, as of WAV and AVI"},
		{"7z\xbc\xaf\x27\x1c", "an archive"},
		{"Rar!\x1a\x07", "an archive"},
		{"\x1f\x8b", "an archive"},
		{"8BPS", "Photoshop"},
		{"%!PS", "PostScript"},
	} {
		if strings.HasPrefix(string(head), one.begins) {
			return one.name
		}
	}
	return ""
}
