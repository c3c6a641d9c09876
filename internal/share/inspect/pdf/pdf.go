// Package pdf finds out what PDF documents tell of who wrote them, and copies them without
// it (ISO 32000-2).
package pdf

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"github.com/warren-p2p/warren/internal/share/inspect/document"
	"github.com/warren-p2p/warren/internal/share/inspect/picture"
	"github.com/warren-p2p/warren/internal/share/inspect/trace"
)

const (
	maxPDF  = 64 << 20 // bytes of a file, which is held in memory
	maxPart = 32 << 20 // of one thing in a document
)

// Look notes what the information dictionary and the metadata of a document say
// (ISO 32000-2, 14.3), who has commented on it and signed it, and what the pictures and
// files in it tell.
func Look(l *trace.List, r io.ReadSeeker, size int64, in *document.Within) (err error) {
	defer recovered(&err)
	doc, err := open(r, size)
	if err != nil {
		return err
	}
	l.Removable = true
	if doc.Info != nil {
		info, err := doc.DereferenceDict(*doc.Info)
		if err != nil {
			return fmt.Errorf("%w: PDF: %w", document.ErrMalformed, err)
		}
		for _, key := range slices.Sorted(maps.Keys(info)) {
			if text, err := doc.DereferenceText(info[key]); err == nil && key != "Trapped" { // what is no text tells nothing
				information(l, key, text)
			}
		}
	}
	return each(doc, func(entry *model.XRefTableEntry, stream *types.StreamDict) error {
		l.Removable = true
		switch {
		case isMetadata(stream):
			if stream.Decode() == nil {
				if err := in.Unpacked(len(stream.Content)); err != nil {
					return err
				}
				_ = l.XML(bytes.NewReader(stream.Content)) // goes whether it can be read or not
			}
		case isJPEG(stream):
			b, err := unpacked(stream)
			if err == nil {
				err = in.Unpacked(len(b))
			}
			if err != nil {
				return err
			}
			_ = picture.Look(l, bytes.NewReader(b), picture.JPEG)
			l.Removable = true
		case stream != nil && is(stream.Dict, "Type", "EmbeddedFile"):
			return attached(l, stream, in)
		}
		if d, ok := entry.Object.(types.Dict); ok {
			noteDict(l, doc, d)
		}
		return nil
	})
}

// Strip copies a document without its information and metadata, and the pictures in it
// without theirs. What it was before it was changed last is no part of the copy.
func Strip(w io.Writer, r io.ReadSeeker, size int64) (err error) {
	defer recovered(&err)
	doc, err := open(r, size)
	if err != nil {
		return err
	}
	err = each(doc, func(entry *model.XRefTableEntry, stream *types.StreamDict) error {
		if stream != nil && isJPEG(stream) {
			var clean bytes.Buffer
			b, err := unpacked(stream)
			if err == nil {
				err = picture.Strip(&clean, bytes.NewReader(b), picture.JPEG)
			}
			if err != nil {
				return err
			}
			n := int64(clean.Len())
			stream.Raw, stream.StreamLength = clean.Bytes(), &n
			stream.FilterPipeline = stream.FilterPipeline[len(stream.FilterPipeline)-1:]
			stream.Update("Filter", types.Name("DCTDecode"))
			stream.Delete("DecodeParms")
			stream.Update("Length", types.Integer(n))
			entry.Object = *stream
		}
		for _, key := range []string{"Metadata", "PieceInfo", "LastModified"} {
			forget(entry.Object, key)
		}
		if d, ok := entry.Object.(types.Dict); ok && is(d, "Subtype", markup...) {
			for _, key := range []string{"T", "M", "CreationDate"} {
				d.Delete(key)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return write(w, doc)
}

// open reads a whole document, as its last change left it.
func open(r io.ReadSeeker, size int64) (*model.Context, error) {
	if size > maxPDF {
		return nil, fmt.Errorf("PDF of %d bytes: %w", size, trace.ErrTooLarge)
	}
	limits := model.DefaultResourceLimits()
	limits.MaxStreamBytes, limits.MaxDecodeBytes = maxPDF, maxPDF
	limits.MaxObjectCount, limits.MaxXRefEntries = 1_000_000, 1_000_000
	// A configuration of our own: the default one is written to the user's folder.
	doc, err := pdfcpu.Read(r, &model.Configuration{
		Reader15: true, ValidationMode: model.ValidationRelaxed, Eol: types.EolLF, Offline: true, Limits: limits, Cmd: model.LISTINFO,
	})
	switch {
	case errors.Is(err, pdfcpu.ErrWrongPassword), err == nil && doc.Encrypt != nil:
		return nil, document.ErrLocked
	case err != nil:
		return nil, fmt.Errorf("%w: PDF: %w", document.ErrMalformed, err)
	}
	return doc, nil
}

// each goes through the objects of a document; stream is nil of what is none.
func each(doc *model.Context, do func(*model.XRefTableEntry, *types.StreamDict) error) error {
	for _, n := range slices.Sorted(maps.Keys(doc.Table)) {
		entry := doc.Table[n]
		if entry == nil || entry.Free || entry.Object == nil {
			continue
		}
		if _, err := doc.Dereference(*types.NewIndirectRef(n, 0)); err != nil { // also what lies in object streams
			return fmt.Errorf("%w: PDF object %d: %w", document.ErrMalformed, n, err)
		}
		var stream *types.StreamDict
		if s, ok := entry.Object.(types.StreamDict); ok {
			stream = &s
		}
		if err := do(entry, stream); err != nil {
			return fmt.Errorf("PDF object %d: %w", n, err)
		}
	}
	return nil
}

func isMetadata(s *types.StreamDict) bool {
	return s != nil && s.Type() != nil && *s.Type() == "Metadata"
}

// isJPEG reports whether a stream is a JPEG, as it stands or compressed once more.
func isJPEG(s *types.StreamDict) bool {
	if s == nil {
		return false
	}
	switch p := s.FilterPipeline; len(p) {
	case 1:
		return p[0].Name == "DCTDecode" && picture.Of(s.Raw[:min(16, len(s.Raw))]) == picture.JPEG
	case 2:
		return p[0].Name == "FlateDecode" && p[1].Name == "DCTDecode" && p[0].DecodeParms == nil
	}
	return false
}

// unpacked returns a JPEG as it would stand alone.
func unpacked(s *types.StreamDict) ([]byte, error) {
	if len(s.FilterPipeline) == 1 {
		return s.Raw, nil
	}
	r, err := zlib.NewReader(bytes.NewReader(s.Raw))
	if err != nil {
		return nil, fmt.Errorf("%w: PDF picture: %w", document.ErrMalformed, err)
	}
	b, err := io.ReadAll(io.LimitReader(r, maxPart+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: PDF picture: %w", document.ErrMalformed, err)
	case len(b) > maxPart:
		return nil, fmt.Errorf("PDF picture: %w", trace.ErrTooLarge)
	}
	return b, nil
}

// forget takes an entry out of a dictionary.
func forget(o types.Object, key string) {
	switch o := o.(type) {
	case types.Dict:
		o.Delete(key)
	case types.StreamDict:
		o.Delete(key)
	}
}

// write writes a document without information. Of PDF 2.0 the library makes none, and
// calls it what it was in the end: of older ones it would say when the copy was made, in
// which time zone, and by what.
func write(w io.Writer, doc *model.Context) error {
	was := doc.XRefTable.Version()
	newest := model.V20
	doc.HeaderVersion, doc.RootVersion, doc.Info, doc.ID = &newest, nil, nil, nil
	var b bytes.Buffer
	out := bufio.NewWriter(&b)
	doc.Write.Writer = out
	if err := errors.Join(pdfcpu.WriteContext(doc), out.Flush()); err != nil {
		return fmt.Errorf("write PDF: %w", err)
	}
	text := b.Bytes()
	if head := []byte("%PDF-" + was.String()); len(text) > len(head) && len(was.String()) == len("2.0") {
		copy(text, head)
	}
	_, err := w.Write(text)
	return err
}

// recovered turns what a library does not expect of a file into an error.
func recovered(err *error) {
	if bad := recover(); bad != nil {
		*err = fmt.Errorf("%w: %v", document.ErrMalformed, bad)
	}
}
