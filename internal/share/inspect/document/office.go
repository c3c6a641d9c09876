// Package document finds out what documents tell of who wrote them, and copies them
// without it: Office Open XML and OpenDocument.
package document

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"time"

	"github.com/warren-p2p/warren/internal/share/inspect/picture"
	"github.com/warren-p2p/warren/internal/share/inspect/trace"
)

// ErrMalformed is what is not in the format that it begins with.
var ErrMalformed = errors.New("malformed document")

// ErrLocked is a document that opens with a passphrase alone.
var ErrLocked = errors.New("it is encrypted")

// ErrNoOffice is a ZIP archive that is no document.
var ErrNoOffice = errors.New("it is an archive: what is in it is not looked into")

// Bounds on one document: its parts, and what is unpacked of them.
const (
	maxPart     = 32 << 20 // bytes
	maxParts    = 20_000
	maxUnpacked = 128 << 20
)

// office opens a document; open is whether it is of OpenDocument.
func office(r io.ReaderAt, size int64) (z *zip.Reader, open bool, err error) {
	z, err = zip.NewReader(r, size)
	if err != nil {
		return nil, false, fmt.Errorf("%w: ZIP: %w", ErrMalformed, err)
	}
	if len(z.File) > maxParts {
		return nil, false, fmt.Errorf("%d parts: %w", len(z.File), trace.ErrTooLarge)
	}
	for _, f := range z.File {
		switch f.Name {
		case "[Content_Types].xml":
			return z, false, nil
		case "META-INF/manifest.xml":
			if list, err := part(f); err == nil && bytes.Contains(list, []byte("encryption-data")) {
				return nil, false, ErrLocked
			}
		case "mimetype":
			kind, err := part(f)
			open = open || err == nil && bytes.HasPrefix(kind, []byte("application/vnd.oasis.opendocument."))
		}
	}
	if open {
		return z, true, nil
	}
	return nil, false, ErrNoOffice
}

// part reads one, as long as there are not too many bytes in all.
func (in *Within) part(f *zip.File) ([]byte, error) {
	b, err := part(f)
	if err == nil {
		err = in.Unpacked(len(b))
	}
	return b, err
}

// part reads one.
func part(f *zip.File) ([]byte, error) {
	if f.UncompressedSize64 > maxPart {
		return nil, fmt.Errorf("%s of %d bytes: %w", f.Name, f.UncompressedSize64, trace.ErrTooLarge)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrMalformed, f.Name, err)
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, maxPart))
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrMalformed, f.Name, err)
	}
	return b, nil
}

// LookOffice notes what the properties of a document say, who commented on it and who
// changed it, and what the files in it tell.
func LookOffice(l *trace.List, r io.ReaderAt, size int64, in *Within) error {
	z, open, err := office(r, size)
	if err != nil {
		return err
	}
	for _, f := range z.File {
		l.Removable = true
		t, ok := treat(f.Name, open)
		if !ok && !in.inside.Is(headOf(f)) {
			continue
		}
		if !ok && f.UncompressedSize64 > maxPart {
			l.Removable = false
			l.Add(trace.Comment, f.Name, "it is too large to be looked into")
			continue
		}
		b, err := in.part(f)
		if err != nil {
			return err
		}
		if ok {
			t.note(l, b)
			continue
		}
		var found trace.List
		err = in.Look(&found, b)
		l.Take(found.Found(), true)
		if err != nil {
			l.Removable = false
			l.Add(trace.Comment, f.Name, "it cannot be looked into")
		}
	}
	return nil
}

// headOf returns how a part begins.
func headOf(f *zip.File) []byte {
	head := make([]byte, 16)
	r, err := f.Open()
	if err != nil {
		return nil
	}
	defer r.Close()
	n, _ := io.ReadFull(r, head)
	return head[:n]
}

// StripOffice copies a document without what LookOffice finds, and without the times of
// its parts.
func StripOffice(w io.Writer, r io.ReaderAt, size int64, in *Within) error {
	z, open, err := office(r, size)
	if err != nil {
		return err
	}
	out := zip.NewWriter(w)
	out.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.DefaultCompression) })
	for _, f := range z.File {
		if err := in.copy(out, f, open); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return out.Close()
}

func (in *Within) copy(out *zip.Writer, f *zip.File, open bool) error {
	head := f.FileHeader
	head.Modified, head.ModifiedDate, head.ModifiedTime = time.Time{}, 0, 0 //nolint:staticcheck // what is written of a copy in raw
	head.Extra, head.Comment, head.ExternalAttrs, head.CreatorVersion = nil, "", 0, 0
	t, ok := treat(f.Name, open)
	if !ok && (f.UncompressedSize64 > maxPart || !in.inside.Is(headOf(f))) {
		r, err := f.OpenRaw()
		if err != nil {
			return err
		}
		to, err := out.CreateRaw(&head)
		if err == nil {
			_, err = io.Copy(to, r)
		}
		return err
	}
	b, err := in.part(f)
	if err != nil {
		return err
	}
	if ok {
		b, err = t.clean(b)
	} else {
		b, err = in.clean(b)
	}
	if err != nil {
		return err
	}
	to, err := out.CreateHeader(&zip.FileHeader{Name: f.Name, Method: f.Method})
	if err == nil {
		_, err = to.Write(b)
	}
	return err
}

// blank returns a picture of one white dot: a document says elsewhere that it has one.
func blank(f picture.Format) ([]byte, error) {
	var b bytes.Buffer
	dot := image.NewGray(image.Rect(0, 0, 1, 1))
	dot.Pix[0] = 0xff
	var err error
	switch f {
	case picture.JPEG:
		err = jpeg.Encode(&b, dot, nil)
	case picture.PNG:
		err = png.Encode(&b, dot)
	}
	return b.Bytes(), err
}
