package document

import (
	"bytes"
	"encoding/binary"
	"image"
	"path"
	"regexp"
	"strings"
	"unicode/utf16"

	"github.com/warren-p2p/warren/internal/share/inspect/picture"
	"github.com/warren-p2p/warren/internal/share/inspect/trace"
)

// treatment is what becomes of a part of a document.
type treatment struct {
	kind  trace.Kind // of what it tells by being there; "" for what its XML tells
	empty string     // what it becomes; "" for what edit makes of it
	edit  []edit
	stays string // what is said of what cannot be taken out; "" for nothing
}

// Of ECMA-376, part 2, section 11 and part 1, section 22.2, and OpenDocument 1.3, part 3,
// section 4.3: what the parts are without what they tell.
const (
	noCore     = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>`
	noExtended = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>`
	noCustom   = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>`
	noMeta     = `<?xml version="1.0" encoding="UTF-8"?><office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.3"><office:meta/></office:document-meta>`
)

// treat says what becomes of a part; false if it stays as it is.
func treat(name string, open bool) (treatment, bool) {
	dir, base := path.Split(name)
	switch {
	case strings.EqualFold(base, "thumbnail.png"), strings.HasPrefix(strings.ToLower(name), "docprops/thumbnail."):
		return treatment{kind: trace.Thumbnail}, true
	case strings.HasPrefix(name, "_xmlsignatures/sig"), name == "META-INF/documentsignatures.xml":
		return treatment{stays: "a signature: it says who has signed, and breaks if anything is taken out"}, true
	case open && base == "meta.xml":
		return treatment{empty: noMeta}, true
	case open && base == "settings.xml":
		return treatment{edit: ofSettings}, true
	case open:
		return treatment{edit: ofOpen}, base == "content.xml" || base == "styles.xml"
	case name == "docProps/core.xml", path.Ext(base) == ".psmdcp":
		return treatment{empty: noCore}, true
	case name == "docProps/app.xml":
		return treatment{empty: noExtended}, true
	case name == "docProps/custom.xml":
		return treatment{empty: noCustom}, true
	case name == "docMetadata/LabelInfo.xml":
		return treatment{edit: ofLabels}, true
	case path.Ext(base) == ".rels":
		return treatment{edit: ofRelations}, true
	case strings.HasSuffix(dir, "/printerSettings/"):
		return treatment{kind: trace.Device}, true
	case dir == "customXml/" && strings.HasPrefix(base, "item") && !strings.HasPrefix(base, "itemProps"):
		return treatment{stays: "what a program keeps with the document"}, true
	}
	return treatXML(dir, base)
}

// treatXML goes on with what is said in the parts of a program.
func treatXML(dir, base string) (treatment, bool) {
	program, _, _ := strings.Cut(dir, "/")
	switch xml := path.Ext(base) == ".xml"; {
	case !xml:
		return treatment{}, false
	case base == "people.xml", base == "person.xml", base == "commentAuthors.xml", base == "authors.xml", base == "userNames.xml",
		strings.HasPrefix(base, "changesInfo"), base == "revisionHeaders.xml":
		return treatment{edit: ofPeople}, true
	case dir == "xl/" && (base == "workbook.xml" || base == "connections.xml"):
		return treatment{edit: ofBook}, true
	case program == "xl" && (strings.HasPrefix(base, "comment") || strings.HasPrefix(base, "threadedComment")):
		return treatment{edit: ofSheets}, true
	case program == "ppt" && strings.HasSuffix(dir, "/comments/"):
		return treatment{edit: ofSlides}, true
	}
	return treatment{edit: ofWord}, program == "word"
}

// own are properties that somebody has named.
var (
	own   = regexp.MustCompile(`(?s)<(?:property|meta:user-defined)\b[^>]*?\bname="([^"]*)"[^>]*>(.*?)</(?:property|meta:user-defined)>`)
	marks = regexp.MustCompile(`<[^>]*>`)
)

// note says what a part tells.
func (t treatment) note(l *trace.List, b []byte) {
	switch {
	case t.kind == trace.Thumbnail:
		if size, _, err := image.DecodeConfig(bytes.NewReader(b)); len(b) > 0 && (err != nil || size.Width*size.Height > 1) {
			l.Add(t.kind, "thumbnail", "a picture of the first page")
		}
	case t.kind == trace.Device:
		if printer := printerOf(b); printer != "" {
			l.Add(t.kind, "printer", printer)
		}
	case t.stays != "" && len(bytes.TrimSpace(marks.ReplaceAllLiteral(b, nil))) > 0:
		l.Removable = false
		l.Add(trace.Comment, "beside the text", t.stays)
	}
	if t.empty != "" {
		_ = l.XML(bytes.NewReader(b)) // it goes whether it can be read or not
		for _, m := range own.FindAllSubmatch(b, 50) {
			if _, ok := trace.Called(string(m[1])); !ok {
				l.Add(trace.Comment, string(m[1]), string(marks.ReplaceAllLiteral(m[2], nil)))
			}
		}
	}
	for i := range t.edit {
		t.edit[i].note(l, b)
	}
}

// clean returns a part without what it tells.
func (t treatment) clean(b []byte) ([]byte, error) {
	switch {
	case t.kind == trace.Thumbnail:
		return blank(picture.Of(b[:min(16, len(b))]))
	case t.kind == trace.Device:
		return noPrinter(b), nil
	case t.empty != "":
		return []byte(t.empty), nil
	}
	for i := range t.edit {
		b = t.edit[i].apply(b)
	}
	return b, nil
}

// Where the name of a printer is in what Windows knows of it (DEVMODEW), and where what its
// maker has added begins.
const (
	printerName = 64
	ofMaker     = 220
)

// printerOf returns what settings of a printer tell; "" for nothing.
func printerOf(b []byte) string {
	if bytes.Equal(b, noPrinter(b)) {
		return ""
	}
	var name []uint16
	for at := 0; at+1 < min(len(b), printerName); at += 2 {
		n := binary.LittleEndian.Uint16(b[at:])
		if n == 0 {
			break
		}
		name = append(name, n)
	}
	if text := trace.Plain(string(utf16.Decode(name))); text != "" {
		return text
	}
	return "its settings"
}

// noPrinter returns settings of a printer without those that tell which one it is: zeros,
// in as many bytes.
func noPrinter(b []byte) []byte {
	out := make([]byte, len(b))
	if len(b) >= ofMaker {
		copy(out[printerName:ofMaker], b[printerName:ofMaker])
	}
	return out
}
