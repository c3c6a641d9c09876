package inspect_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/warren-p2p/warren/internal/share/inspect"
)

// A segment of JPEG, a chunk of PNG and one of WebP, a box, and a block of FLAC.
func segment(marker byte, body string) string {
	return string(append([]byte{0xff, marker}, binary.BigEndian.AppendUint16(nil, uint16(len(body)+2))...)) + body
}

func be32(n int) string { return string(binary.BigEndian.AppendUint32(nil, uint32(n))) }
func le32(n int) string { return string(binary.LittleEndian.AppendUint32(nil, uint32(n))) }

func box(kind, body string) string { return be32(8+len(body)) + kind + body }

// office returns a document of parts.
func office(t *testing.T, parts map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// pdf returns a document of objects, of which the first is its root, and the entries of
// its trailer.
func pdf(trailer string, objects ...string) string {
	text, table := "%PDF-1.7\n", fmt.Sprintf("xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for i, o := range objects {
		table += fmt.Sprintf("%010d 00000 n \n", len(text))
		text += fmt.Sprintf("%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	return fmt.Sprintf("%s%strailer\n<</Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n", text, table, len(objects)+1, trailer, len(text))
}

func printer(name string) string {
	b := make([]byte, 400)
	for i, r := range utf16.Encode([]rune(name)) {
		binary.LittleEndian.PutUint16(b[2*i:], r)
	}
	copy(b[300:], name)
	return string(b)
}

const types = "<Types/>"

// told are files that tell of Erika in places where few look; none tells of her any more
// when it was stripped, and of what stays that is said.
func hidden(t *testing.T) map[string]string {
	photo := string(read(t, "made.jpg"))
	exif := photo[strings.Index(photo, "Exif\x00\x00"):]
	length := int(binary.BigEndian.Uint16([]byte(photo[strings.Index(photo, "Exif\x00\x00")-2:])))
	exif = segment(0xe1, exif[:length-2])
	clean, err := strip([]byte(photo))
	if err != nil {
		t.Fatal(err)
	}
	jpeg := func(more string) string { return string(clean[:2]) + more + string(clean[2:]) }
	song := func(frames string, rest string) string { return "ID3\x03\x00\x00" + size7(len(frames)) + frames + rest }
	cover := "\x00image/jpeg\x00\x03\x00" + photo
	mp3 := string(read(t, "made.mp3"))
	mp3 = mp3[strings.Index(mp3, "\xff\xfb"):strings.LastIndex(mp3, "TAG")]
	film := string(read(t, "made.mp4"))
	inner := office(t, map[string]string{"[Content_Types].xml": types, "docProps/core.xml": "<c><creator>Erika</creator></c>"})
	var z bytes.Buffer
	zw := zlib.NewWriter(&z)
	if _, err := zw.Write([]byte(photo)); err != nil || zw.Close() != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"PDF, a packed picture": pdf("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</XObject<</x 4 0 R>>>>>>",
			fmt.Sprintf("<</Type/XObject/Subtype/Image/Width 64/Height 48/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter[/FlateDecode/DCTDecode]/Length %d>>\nstream\n%s\nendstream", z.Len(), z.String())),
		"JPEG, signed":                jpeg(segment(0xeb, "JP\x00\x00c2pa Erika")),
		"JPEG, of a program":          jpeg(segment(0xec, "Ducky\x00Erika")),
		"JPEG, Photoshop":             jpeg(segment(0xed, "Photoshop 3.0\x008BIM\x04\x0b\x00\x00\x00\x00\x00\x06Erika ")),
		"JPEG, more XMP":              jpeg(segment(0xe1, "http://ns.adobe.com/xmp/extension/\x00Erika")),
		"JPEG, two of Exif":           jpeg(segment(0xe1, "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00") + exif),
		"JPEG, fill bytes":            jpeg("\xff\xff\xff" + exif),
		"JPEG, broken Exif":           jpeg(segment(0xe1, "Exif\x00\x00MM\x00*\xff\xff\xff\xffErika")),
		"JPEG, cut off":               photo[:len(photo)-300],
		"PNG, of a program":           string(read(t, "made.png"))[:33] + be32(5) + "caBXErika\x00\x00\x00\x00" + string(read(t, "made.png"))[33:],
		"WebP, behind":                string(read(t, "made.webp")) + "Erika behind",
		"WebP, of a program":          webp(string(read(t, "made.webp")), "abcd"+le32(6)+"Erika "),
		"HEIF, of a program":          string(read(t, "made.heic")) + box("uuid", "0123456789abcdefErika"),
		"HEIF, a film":                string(read(t, "made.heic")) + box("mpvd", "Erika"),
		"HEIF, behind":                string(read(t, "made.heic")) + "SEFH Erika SEFT",
		"MP3, old tag":                "ID3\x02\x00\x00" + size7(20) + "COM\x00\x00\x0a\x00eng\x00Erika\x00\x00\x00\x00" + mp3,
		"MP3, two tags":               song("TIT2\x00\x00\x00\x05\x00\x00\x00Song", song("TENC\x00\x00\x00\x06\x00\x00\x00Erika", mp3)),
		"MP3, cover":                  song("APIC"+be32(len(cover))+"\x00\x00"+cover, mp3),
		"FLAC behind ID3":             song("TENC\x00\x00\x00\x06\x00\x00\x00Erika", string(read(t, "made.flac"))),
		"FLAC, cover":                 string(read(t, "made.flac"))[:42] + flacPicture(photo) + string(read(t, "made.flac"))[42:],
		"MP4, cover":                  film + box("moov", box("udta", box("meta", "\x00\x00\x00\x00"+box("hdlr", "\x00\x00\x00\x00\x00\x00\x00\x00mdirappl\x00\x00\x00\x00\x00\x00\x00\x00\x00")+box("ilst", box("covr", box("data", "\x00\x00\x00\x0d\x00\x00\x00\x00"+photo)))))),
		"MP4, name of a track":        film + box("moov", box("trak", box("mdia", box("hdlr", "\x00\x00\x00\x00\x00\x00\x00\x00vide\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00Cam of Erika\x00")))),
		"MP4, of a program":           film + box("abcd", "Erika"),
		"MP4, behind":                 film + "SEFH of Erika SEFT",
		"MP4, notes of a camera":      film + box("meta", "\x00\x00\x00\x00"+box("hdlr", "\x00\x00\x00\x00\x00\x00\x00\x00nrtm\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00")+box("xml ", "\x00\x00\x00\x00<a><Creator>Erika</Creator></a>")),
		"Office, own property":        office(t, map[string]string{"[Content_Types].xml": types, "docProps/custom.xml": `<Properties><property name="Client"><vt:lpwstr>Erika</vt:lpwstr></property></Properties>`}),
		"Office, in a table in it":    office(t, map[string]string{"[Content_Types].xml": types, "word/embeddings/sheet.xlsx": inner}),
		"Office, in a film in it":     office(t, map[string]string{"[Content_Types].xml": types, "ppt/media/film.mp4": film + box("abcd", "Erika")}),
		"Office, template":            office(t, map[string]string{"[Content_Types].xml": types, "word/_rels/settings.xml.rels": `<Relationship Target="file:///C:\Users\Erika\Normal.dotm"/>`}),
		"Office, printer":             office(t, map[string]string{"[Content_Types].xml": types, "xl/printerSettings/printerSettings1.bin": printer("HP of Erika")}),
		"Office, who worked on it":    office(t, map[string]string{"[Content_Types].xml": types, "ppt/changesInfos/changesInfo1.xml": `<c name="Erika" userId="S::erika@example.org"/>`}),
		"Office, session and time":    office(t, map[string]string{"[Content_Types].xml": types, "word/document.xml": `<w:p w:rsidR="00AB12CD" w16du:dateUtc="2024-05-01T10:00:00Z"/>`}),
		"Office, comments of a table": office(t, map[string]string{"[Content_Types].xml": types, "xl/comments/comment1.xml": `<authors><author>Erika</author></authors>`}),
		"Office, of another program":  office(t, map[string]string{"[Content_Types].xml": types, "package/services/metadata/core-properties/1.psmdcp": `<c><creator>Erika</creator></c>`}),
		"OpenDocument, session":       office(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": `<a officeooo:rsid="2024ab"/><b xlink:href="file:///Users/erika/x.png"/>`}),
		"PDF, comment":                pdf("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Annots[4 0 R]>>", "<</Type/Annot/Subtype/Text/Rect[0 0 1 1]/T(Erika)/Contents(x)/M(D:20240501)>>"),
		"PDF, own entry":              pdf("/Info 4 0 R", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>", "<</Client(Erika)>>"),
	}
}

func size7(n int) string {
	return string([]byte{byte(n >> 21 & 127), byte(n >> 14 & 127), byte(n >> 7 & 127), byte(n & 127)})
}

func flacPicture(photo string) string {
	body := be32(3) + be32(10) + "image/jpeg" + be32(0) + be32(1) + be32(1) + be32(24) + be32(0) + be32(len(photo)) + photo
	return "\x06" + be32(len(body))[1:] + body
}

func webp(file, chunk string) string {
	file = file[:12] + file[12:] + chunk
	return file[:4] + le32(len(file)-8) + file[8:]
}

// What lies where few look is found, and in the copy it is not.
func TestHidden(t *testing.T) {
	for name, text := range hidden(t) {
		found, err := look([]byte(text))
		removable := 0
		for _, f := range found {
			if f.Removable {
				removable++
			}
		}
		if err != nil || removable == 0 {
			t.Errorf("%s: found %v, %v", name, found, err)
			continue
		}
		clean, err := strip([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if left, err := look(clean); err != nil || len(left) > 0 {
			t.Errorf("%s: stripped: %v, %v", name, left, err)
		}
		told(t, name, clean)
		for _, word := range []string{"erika@", "/erika", "00AB12CD", "E\x00r\x00i\x00k\x00a"} {
			if strings.Contains(string(clean), word) {
				t.Errorf("%s still tells of %q", name, word)
			}
		}
	}
}

// A place is one although half of it is missing, and what is told is told in words.
func TestHalfAPlace(t *testing.T) {
	clean, err := strip(read(t, "made.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	ifd := func(tag, kind, count, value, next string) string {
		return "\x00\x01" + tag + kind + "\x00\x00\x00" + count + "\x00\x00\x00" + value + next
	}
	place := "Exif\x00\x00MM\x00*\x00\x00\x00\x08" + ifd("\x88\x25", "\x00\x04", "\x01", "\x1a", "\x00\x00\x00\x00") +
		ifd("\x00\x02", "\x00\x05", "\x03", "\x2c", "\x00\x00\x00\x00") + be32(52) + be32(1) + be32(30) + be32(1) + be32(0) + be32(1)
	found, err := look([]byte(string(clean[:2]) + segment(0xe1, place) + string(clean[2:])))
	if err != nil || len(found) != 1 || found[0].Kind != "location" {
		t.Errorf("latitude alone: %v, %v", found, err)
	}
	for _, f := range webpNotes(t) {
		if strings.HasPrefix(f.What, "chunk") {
			t.Errorf("not read: %v", f)
		}
	}
}

// webpNotes are what XMP of an odd length in WebP tells.
func webpNotes(t *testing.T) []inspect.Finding {
	t.Helper()
	xmp := `<x><rdf:Description dc:creator="Maximilian"/></x>`
	found, err := look([]byte(webp(string(read(t, "made.webp")), "XMP "+le32(len(xmp))+xmp+strings.Repeat("\x00", len(xmp)&1))))
	if err != nil || len(found) == 0 {
		t.Errorf("WebP: %v, %v", found, err)
	}
	return found
}

// Of what stays in every copy, that is said.
func TestStays(t *testing.T) {
	track := box("moov", box("trak", box("mdia", box("hdlr", "\x00\x00\x00\x00\x00\x00\x00\x00meta\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00GoPro MET\x00"))))
	icc := func(kind, text string) string {
		return strings.Repeat("\x00", 128) + be32(1) + kind + be32(144) + be32(len(text)) + text
	}
	v4 := "mluc" + be32(0) + be32(1) + be32(12) + "enUS" + be32(10) + be32(28) + "\x00E\x00r\x00i\x00k\x00a"
	v2 := "desc" + be32(0) + be32(6) + "Erika\x00"
	clean, err := strip(read(t, "made.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	jpeg := func(icc string) string {
		return string(clean[:2]) + segment(0xe2, "ICC_PROFILE\x00\x01\x01"+icc) + string(clean[2:])
	}
	var z bytes.Buffer
	zw := zlib.NewWriter(&z)
	if _, err := zw.Write([]byte(icc("desc", v2))); err != nil || zw.Close() != nil {
		t.Fatal(err)
	}
	png := string(read(t, "made.png"))[:33] + be32(z.Len()+4) + "iCCPx\x00\x00" + z.String() + "\x00" + "\x00\x00\x00\x00" + string(read(t, "made.png"))[33:]
	for _, name := range []string{"sRGB IEC61966-2.1", "Display P3"} {
		if found, err := look([]byte(jpeg(icc("desc", "desc"+be32(0)+be32(len(name))+name)))); err != nil || len(found) > 0 {
			t.Errorf("%s: %v, %v", name, found, err)
		}
	}
	for name, c := range map[string]struct{ text, want string }{
		"JPEG, of one screen":  {jpeg(icc("desc", v2)), "colour profile"},
		"JPEG, in UTF-16":      {jpeg(icc("desc", v4)), "colour profile"},
		"JPEG, a number":       {jpeg(icc("mmod", "Erika")), "colour profile"},
		"PNG, of one screen":   {png, "colour profile"},
		"MP4, places":          {string(read(t, "made.mp4")) + track, "track of measurements"},
		"Office, of a program": {office(t, map[string]string{"[Content_Types].xml": types, "customXml/item1.xml": "<a>Erika</a>"}), "beside the text"},
		"Office, signed":       {office(t, map[string]string{"[Content_Types].xml": types, "_xmlsignatures/sig1.xml": "<a>Erika</a>"}), "beside the text"},
		"Office, an old one":   {office(t, map[string]string{"[Content_Types].xml": types, "word/embeddings/oleObject1.bin": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more than 16"}), "word/embeddings/oleObject1.bin"},
		"PDF, a file in it":    {pdf("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 0>>", "<</Type/EmbeddedFile/Length 5>>\nstream\nErika\nendstream"), "attached file"},
		"PDF, signed":          {pdf("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 0>>", "<</Type/Sig/Name(Erika)>>"), "signed by"},
		"a drawing":            {`<?xml version="1.0"?><svg docname="C:\Erika\x.svg"/>`, "docname"},
		"TIFF":                 {string(read(t, "made.tiff")), "Artist"},
	} {
		found, err := look([]byte(c.text))
		said := false
		for _, f := range found {
			said = said || f.What == c.want && !f.Removable
		}
		if err != nil || !said {
			t.Errorf("%s: %v, %v", name, found, err)
		}
	}
	for _, text := range []string{string(read(t, "locked.pdf")), office(t, map[string]string{
		"mimetype": "application/vnd.oasis.opendocument.text", "META-INF/manifest.xml": "<manifest:encryption-data/>"})} {
		if _, err := look([]byte(text)); !errors.Is(err, inspect.ErrOpaque) || !strings.HasSuffix(err.Error(), "it is encrypted") {
			t.Errorf("encrypted: %v", err)
		}
	}
}

// What says of itself that it has more parts than anybody wants ends soon, in little
// memory.
func TestManyParts(t *testing.T) {
	entry := "\x00\x01\x00\x00\xff\xff" // an item in 65,535 runs of no bytes
	iloc := box("iloc", "\x00\x00\x00\x00\x00\x00\xff\xff"+strings.Repeat(entry, 65535))
	heif := box("ftyp", "heic\x00\x00\x00\x00mif1heic") + box("meta", "\x00\x00\x00\x00"+iloc)
	deep := office(t, map[string]string{"[Content_Types].xml": types, "docProps/core.xml": "<c><creator>Erika</creator></c>"})
	for range 20 {
		deep = office(t, map[string]string{"[Content_Types].xml": types, "a.docx": deep})
	}
	for name, text := range map[string]string{"items": heif, "documents": deep} {
		found, err := look([]byte(text))
		_, _ = strip([]byte(text))
		if err == nil && len(found) == 0 {
			t.Errorf("%s: nothing is said", name)
		}
	}
}
