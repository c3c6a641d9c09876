package picture

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/warren-p2p/warren/internal/share/inspect/trace"
)

// Markers of ISO/IEC 10918-1, table B.1.
const (
	soi  = 0xd8
	eoi  = 0xd9
	sos  = 0xda
	app0 = 0xe0
	appE = 0xee
	appF = 0xef
	com  = 0xfe
)

// copyJPEG copies a picture without what is no part of how it looks: of the application's
// segments only JFIF, the colour profile and Adobe's transform stay, and what lies behind
// the picture does not. An orientation other than 0 and 1 is written down again. What goes
// is noted, if l is not nil. A picture that is cut off is copied as far as it goes.
func copyJPEG(w io.Writer, r *bufio.Reader, l *trace.List) error {
	if b, err := r.Peek(2); err != nil || b[0] != 0xff || b[1] != soi {
		return fmt.Errorf("%w: no JPEG", ErrMalformed)
	}
	_, _ = r.Discard(2)
	out := &segments{w: w}
	out.write([]byte{0xff, soi})
	turned, begun := false, false
	for {
		marker, err := nextMarker(out, r)
		if begun && errors.Is(err, io.ErrUnexpectedEOF) {
			return out.err
		}
		if err != nil {
			return fmt.Errorf("%w: JPEG: %w", ErrMalformed, err)
		}
		if marker == eoi {
			out.write([]byte{0xff, eoi})
			return errors.Join(out.err, behind(r, l))
		}
		body, err := segment(r)
		if err != nil {
			return fmt.Errorf("%w: JPEG segment %#x: %w", ErrMalformed, marker, err)
		}
		begun = begun || marker == sos
		if kept(marker, body) {
			if text, is := bytes.CutPrefix(body, []byte(ofProfile)); is && marker == app0+2 && l != nil && len(text) > 2 {
				profile(l, text[2:]) // behind which of its parts it is; the names are in the first
			}
			out.segment(marker, flat(marker, body, l))
			continue
		}
		if up := gone(l, marker, body); up > 1 && !turned {
			turned = true
			out.segment(app0+1, orientation(up))
		}
	}
}

// segments writes them; err is the first that failed.
type segments struct {
	w   io.Writer
	err error
}

func (s *segments) write(b []byte) {
	if s.err == nil {
		_, s.err = s.w.Write(b)
	}
}

func (s *segments) segment(marker byte, body []byte) {
	s.write(append([]byte{0xff, marker}, binary.BigEndian.AppendUint16(nil, uint16(len(body)+2))...))
	s.write(body)
}

// nextMarker copies what is no marker, which is the compressed picture and its restarts,
// and returns the next one that has a segment, or ends the picture.
func nextMarker(out *segments, r *bufio.Reader) (byte, error) {
	for out.err == nil {
		data, err := r.ReadSlice(0xff)
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return 0, io.ErrUnexpectedEOF
		}
		if err != nil {
			out.write(data)
			continue
		}
		out.write(data[:len(data)-1])
		b, err := r.ReadByte()
		for ; err == nil && b == 0xff; b, err = r.ReadByte() { // fill bytes, B.1.1.2
		}
		switch {
		case err != nil:
			return 0, io.ErrUnexpectedEOF
		case b == 0 || b == 1 || b >= 0xd0 && b < soi:
			out.write([]byte{0xff, b})
		default:
			return b, nil
		}
	}
	return 0, out.err
}

// segment reads the body of one.
func segment(r *bufio.Reader) ([]byte, error) {
	var n [2]byte
	if _, err := io.ReadFull(r, n[:]); err != nil {
		return nil, err
	}
	length := int(binary.BigEndian.Uint16(n[:]))
	if length < 2 {
		return nil, errors.New("of less than its length")
	}
	body := make([]byte, length-2)
	_, err := io.ReadFull(r, body)
	return body, err
}

func kept(marker byte, body []byte) bool {
	switch {
	case marker == com:
		return false
	case marker == app0:
		return bytes.HasPrefix(body, []byte("JFIF\x00")) && len(body) >= 14
	case marker == app0+2:
		return bytes.HasPrefix(body, []byte(ofProfile))
	case marker == appE:
		return bytes.HasPrefix(body, []byte("Adobe"))
	}
	return marker < app0 || marker > appF
}

// flat takes the thumbnail out of a JFIF segment.
func flat(marker byte, body []byte, l *trace.List) []byte {
	if marker != app0 || body[12] == 0 || body[13] == 0 {
		return body
	}
	if l != nil {
		l.Add(trace.Thumbnail, "JFIF thumbnail", fmt.Sprintf("%d × %d", body[12], body[13]))
	}
	return append(bytes.Clone(body[:12]), 0, 0)
}

// What the segments begin with that the library reads.
const (
	ofExif      = "Exif\x00"
	ofXMP       = "http://ns.adobe.com/xap/1.0/\x00"
	ofPhotoshop = "Photoshop 3.0\x00"
)

// gone notes what a segment was that goes, if l is not nil, and returns which way is up, if
// it says so.
func gone(l *trace.List, marker byte, body []byte) (up int) {
	if l == nil {
		l = new(trace.List)
	}
	name, _, _ := bytes.Cut(body[:min(len(body), 40)], []byte{0})
	before := l.Len()
	switch {
	case marker == app0+1 && bytes.HasPrefix(body, []byte(ofXMP)):
		if err := l.XML(bytes.NewReader(body[len(ofXMP):])); err != nil || l.Len() == before {
			l.Add(trace.Comment, "XMP", unread)
		}
	case marker == app0+1 && bytes.HasPrefix(body, []byte(ofExif)), marker == app0+13 && bytes.HasPrefix(body, []byte(ofPhotoshop)):
		up, err := tags(l, bytes.NewReader(alone(marker, body)), JPEG)
		if err != nil || l.Len() == before && !bytes.Equal(body, orientation(up)) {
			l.Add(trace.Comment, string(name), unread)
		}
		return up
	case marker == com:
		l.Add(trace.Comment, "JPEG comment", string(body))
	case marker == app0+2 && bytes.HasPrefix(body, []byte("MPF\x00")):
		l.Add(trace.Thumbnail, "MPF", "further pictures in the file")
	case marker == app0:
		l.Add(trace.Thumbnail, "JFXX", "a thumbnail")
	case marker == app0+11 && bytes.Contains(body, []byte("c2pa")):
		l.Add(trace.Person, "C2PA", "signed notes of who or what made it")
	default:
		l.Add(trace.Comment, fmt.Sprintf("APP%d %s", marker&15, name), unread)
	}
	return 0
}

// unread is said of what goes and is not looked into.
const unread = "notes of a program"

// alone returns a picture of one segment.
func alone(marker byte, body []byte) []byte {
	var b bytes.Buffer
	out := &segments{w: &b}
	out.write([]byte{0xff, soi})
	out.segment(marker, body)
	out.write([]byte{0xff, sos})
	return b.Bytes()
}

// behind notes whether something follows the picture, such as a film.
func behind(r *bufio.Reader, l *trace.List) error {
	if l == nil {
		return nil
	}
	n, err := io.Copy(io.Discard, r)
	if n > 0 {
		l.Add(trace.Thumbnail, "behind the picture", fmt.Sprintf("%d bytes, perhaps another picture or a film", n))
	}
	return err
}

// orientation returns a segment of Exif that says which way is up, and nothing else.
func orientation(up int) []byte {
	return append([]byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"),
		byte(up), 0, 0, 0, 0, 0, 0)
}
