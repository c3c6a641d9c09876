package pdf

import (
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"github.com/warren-p2p/warren/internal/share/inspect/document"
	"github.com/warren-p2p/warren/internal/share/inspect/trace"
)

// information notes an entry of the information dictionary.
func information(l *trace.List, key, text string) {
	if key == "Creator" { // a program, unlike that of XMP
		l.Add(trace.Software, key, text)
		return
	}
	kind, ok := trace.Called(key)
	if !ok {
		kind = trace.Comment
	}
	l.Add(kind, key, text)
}

// attached notes what a file within a document tells: it stays as it is.
func attached(l *trace.List, stream *types.StreamDict, in *document.Within) error {
	l.Removable = false
	l.Add(trace.Comment, "attached file", "a file within the document: it stays as it is")
	if err := stream.Decode(); err != nil {
		return nil // that there is one was said
	}
	if err := in.Unpacked(len(stream.Content)); err != nil {
		return err
	}
	var found trace.List
	_ = in.Look(&found, stream.Content)
	l.Take(found.Found(), false)
	return nil
}

// markup are the kinds of annotations in which T is who has made them (ISO 32000-2, table
// 172); in others it is the name of a field.
var markup = []string{"Text", "FreeText", "Line", "Square", "Circle", "Polygon", "PolyLine", "Highlight", "Underline", "Squiggly", "StrikeOut",
	"Caret", "Stamp", "Ink", "FileAttachment", "Redact", "Sound"}

// noteDict notes what comments and signatures say.
func noteDict(l *trace.List, doc *model.Context, d types.Dict) {
	say := func(kind trace.Kind, what, key string) {
		if text, err := doc.DereferenceText(d[key]); err == nil {
			l.Add(kind, what, text)
		}
	}
	if d["PieceInfo"] != nil {
		l.Add(trace.Software, "PieceInfo", "notes of a program")
	}
	switch {
	case is(d, "Subtype", markup...):
		say(trace.Person, "author of a comment", "T")
		say(trace.Time, "time of a comment", "M")
		say(trace.Time, "time of a comment", "CreationDate")
	case is(d, "Type", "Sig"):
		l.Removable = false
		l.Add(trace.Person, "signature", "it says who has signed, and breaks if anything is taken out")
		say(trace.Person, "signed by", "Name")
		say(trace.Location, "signed in", "Location")
	}
}

// is reports whether an entry of a dictionary is one of some names.
func is(d types.Dict, key string, names ...string) bool {
	name := d.NameEntry(key)
	return name != nil && slices.Contains(names, *name)
}
