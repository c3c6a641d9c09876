// Package picture finds out what pictures tell of who made them: Exif, IPTC, XMP and
// what else lies in the file, and copies them without it. Pictures are copied, never
// encoded anew.
package picture

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/bep/imagemeta"

	"github.com/warren-p2p/warren/internal/share/inspect/heif"
	"github.com/warren-p2p/warren/internal/share/inspect/trace"
)

// Format is a format of pictures.
type Format int

// The formats. Copies can be made without what they tell, but of TIFF: there it is woven
// into what the picture is made of.
const (
	None Format = iota
	JPEG
	PNG
	WebP
	TIFF // and raw formats of cameras that are TIFF
	HEIF
	AVIF
)

// ErrMalformed is what is not in the format that it begins with.
var ErrMalformed = errors.New("malformed picture")

// Of returns the format of what begins with head, which should have 16 bytes.
func Of(head []byte) Format {
	s := string(head)
	switch {
	case strings.HasPrefix(s, "\xff\xd8\xff"):
		return JPEG
	case strings.HasPrefix(s, signature):
		return PNG
	case strings.HasPrefix(s, "RIFF") && len(s) >= 12 && s[8:12] == "WEBP":
		return WebP
	case strings.HasPrefix(s, "II*\x00"), strings.HasPrefix(s, "MM\x00*"):
		return TIFF
	case len(s) >= 12 && s[4:8] == "ftyp" && slices.Contains([]string{"heic", "heix", "heim", "heis", "hevc", "mif1", "msf1"}, s[8:12]):
		return HEIF
	case len(s) >= 12 && s[4:8] == "ftyp" && (s[8:12] == "avif" || s[8:12] == "avis"):
		return AVIF
	}
	return None
}

// Removable reports whether copies can be made without what a picture tells.
func (f Format) Removable() bool { return f != None && f != TIFF }

// Look notes what a picture of a format tells.
func Look(l *trace.List, r io.ReadSeeker, f Format) error {
	l.Removable = f.Removable()
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return err
	}
	in := bufio.NewReaderSize(r, buffer)
	switch f {
	case JPEG:
		return copyJPEG(io.Discard, in, l)
	case WebP:
		_, err := copyWebP(io.Discard, in, 0, l)
		return err
	case PNG:
		return copyPNG(io.Discard, in, l)
	case HEIF, AVIF:
		bad := heif.Look(l, r)
		if errors.Is(bad, heif.ErrMalformed) { // it would lead the library astray
			return fmt.Errorf("%w: %w", ErrMalformed, bad)
		}
		l.Removable = bad == nil // it lies where it can be taken out
	}
	_, err := tags(l, r, f)
	return err
}

// Strip copies a picture without what it tells. What says how it is to be shown stays:
// its colours, and which way is up.
func Strip(w io.Writer, r io.ReadSeeker, f Format) error {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, buffer)
	in := bufio.NewReaderSize(r, buffer)
	var err error
	switch f {
	case JPEG:
		err = copyJPEG(out, in, nil)
	case PNG:
		err = copyPNG(out, in, nil)
	case WebP:
		err = stripWebP(out, r)
	case HEIF, AVIF:
		err = heif.Strip(out, r)
	default:
		err = fmt.Errorf("strip a picture: %w", errors.ErrUnsupported)
	}
	return errors.Join(err, out.Flush())
}

const buffer = 64 << 10

// tags notes what imagemeta reads, and returns the orientation (Exif, 1 to 8) or 0.
func tags(l *trace.List, r io.ReadSeeker, f Format) (up int, err error) {
	defer func() {
		if bad := recover(); bad != nil { // of the library, on what nobody has tried yet
			err = fmt.Errorf("%w: %v", ErrMalformed, bad)
		}
	}()
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	sources := imagemeta.EXIF | imagemeta.IPTC | imagemeta.XMP
	if f == PNG {
		sources = imagemeta.EXIF // IPTC there is compressed, and inflated without bounds
	}
	var all imagemeta.Tags
	_, err = imagemeta.Decode(imagemeta.Options{
		R: r, ImageFormat: formats[f], Sources: sources,
		ShouldHandleTag: func(imagemeta.TagInfo) bool { return true },
		HandleTag: func(t imagemeta.TagInfo) error {
			if !all.Has(t) {
				all.Add(t)
			}
			if n, ok := t.Value.(uint16); ok && t.Tag == "Orientation" && n >= 1 && n <= 8 {
				up = int(n)
			}
			return nil
		},
		HandleXMP: func(r io.Reader) error {
			err := l.XML(r)
			_, drained := io.Copy(io.Discard, r)
			return errors.Join(err, drained)
		},
		Warnf: func(string, ...any) {},
	})
	note(l, &all)
	if err != nil {
		err = fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return up, err
}

var formats = map[Format]imagemeta.ImageFormat{
	JPEG: imagemeta.JPEG, PNG: imagemeta.PNG, WebP: imagemeta.WebP, TIFF: imagemeta.TIFF, HEIF: imagemeta.HEIF, AVIF: imagemeta.AVIF,
}

// note turns tags into findings: a position in one line, the rest by name.
func note(l *trace.List, all *imagemeta.Tags) {
	lat, long, err := all.GetLatLong()
	placed := err == nil && (lat != 0 || long != 0)
	if placed {
		l.Add(trace.Location, "GPS position", fmt.Sprintf("%.5f, %.5f", lat, long))
	}
	for _, source := range []map[string]imagemeta.TagInfo{all.EXIF(), all.IPTC()} {
		names := make([]string, 0, len(source))
		for name := range source {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			switch {
			case placed && (name == "GPSLatitude" || name == "GPSLongitude"): // said already
			case name == "ThumbnailOffset", name == "JPEGInterchangeFormat":
				l.Add(trace.Thumbnail, "thumbnail", "a small picture beside the large one")
			default:
				l.Name(name, source[name].Value)
			}
		}
	}
}
