package picture

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/internal/share/inspect/trace"
)

// signature begins a PNG (RFC 2083, section 3.1).
const signature = "\x89PNG\r\n\x1a\n"

// looks are the chunks that say how a PNG looks; all others go. Those that begin with a
// capital are critical.
const looks = "tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs acTL fcTL fdAT cICP mDCV cLLI"

const maxText = 64 << 10 // bytes of a chunk that are looked at

// copyPNG copies a picture without its texts, its Exif and its times, and without what
// lies behind it. What goes is noted, if l is not nil.
func copyPNG(w io.Writer, r *bufio.Reader, l *trace.List) error {
	head := make([]byte, len(signature))
	if _, err := io.ReadFull(r, head); err != nil || string(head) != signature {
		return fmt.Errorf("%w: no PNG", ErrMalformed)
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	for {
		var start [8]byte
		if _, err := io.ReadFull(r, start[:]); err != nil {
			return fmt.Errorf("%w: PNG chunk: %w", ErrMalformed, err)
		}
		length, kind := int64(binary.BigEndian.Uint32(start[:]))+4, string(start[4:]) // with its checksum
		critical := kind[0] >= 'A' && kind[0] <= 'Z'
		if kind == "iCCP" && l != nil && length <= maxProfile {
			body := make([]byte, length)
			if _, err := io.ReadFull(r, body); err != nil {
				return fmt.Errorf("%w: PNG chunk %q: %w", ErrMalformed, kind, err)
			}
			packed(l, body) // noting is all that is done where there is a list
		} else if critical || strings.Contains(looks, kind) {
			if _, err := w.Write(start[:]); err != nil {
				return err
			}
			if _, err := io.CopyN(w, r, length); err != nil {
				return fmt.Errorf("%w: PNG chunk %q: %w", ErrMalformed, kind, err)
			}
		} else if err := text(r, kind, length, l); err != nil {
			return fmt.Errorf("%w: PNG chunk %q: %w", ErrMalformed, kind, err)
		}
		if kind == "IEND" {
			return behind(r, l)
		}
	}
}

// text reads a chunk that goes, and notes what it says.
func text(r *bufio.Reader, kind string, length int64, l *trace.List) error {
	body := make([]byte, min(length, maxText))
	if _, err := io.ReadFull(r, body); err != nil {
		return err
	}
	if _, err := io.CopyN(io.Discard, r, length-int64(len(body))); err != nil || l == nil {
		return err
	}
	body = body[:max(0, len(body)-4)] // without the checksum
	key, value, _ := bytes.Cut(body, []byte{0})
	before := l.Len()
	switch {
	case kind == "tIME" && len(body) >= 7:
		l.Add(trace.Time, kind, fmt.Sprintf("%d-%02d-%02d", binary.BigEndian.Uint16(body), body[2], body[3]))
	case kind == "zTXt", kind == "iTXt" && bytes.HasPrefix(value, []byte{1}):
		l.Add(said(string(key)), string(key), "compressed text")
	case kind == "iTXt" && string(key) == "XML:com.adobe.xmp":
		if i := bytes.IndexByte(value, '<'); i >= 0 {
			_ = l.XML(bytes.NewReader(value[i:])) // it goes whether it can be read or not
		}
		if l.Len() == before {
			l.Add(trace.Comment, "XMP", unread)
		}
	case kind == "eXIf":
		file := binary.BigEndian.AppendUint32([]byte(signature), uint32(len(body)))
		if _, err := tags(l, bytes.NewReader(append(append(file, kind...), body...)), PNG); err != nil || l.Len() == before {
			l.Add(trace.Comment, kind, unread)
		}
	case kind == "iTXt":
		_, value, _ = bytes.Cut(value[min(2, len(value)):], []byte{0}) // behind the language
		_, value, _ = bytes.Cut(value, []byte{0})                      // and the key in it
		l.Add(said(string(key)), string(key), string(value))
	case kind == "tEXt":
		l.Add(said(string(key)), string(key), string(value))
	case !strings.Contains(technical, kind):
		l.Add(trace.Comment, "chunk "+kind, unread)
	}
	return nil
}

// technical are chunks that go and tell nothing.
const technical = "hIST sPLT iDOT vpAg orNT caNv oFFs pCAL sCAL sTER gIFg gIFx"

func said(name string) trace.Kind {
	if kind, ok := trace.Called(name); ok {
		return kind
	}
	return trace.Comment
}

// copyWebP copies the chunks of a picture (RFC 9649) but Exif and XMP, and returns their
// length; size is what the copy is said to have, as Strip knows after a first go. What
// goes is noted, if l is not nil.
func copyWebP(w io.Writer, r *bufio.Reader, size uint32, l *trace.List) (n int64, err error) {
	var head [12]byte
	if _, err := io.ReadFull(r, head[:]); err != nil || string(head[8:]) != "WEBP" {
		return 0, fmt.Errorf("%w: no WebP", ErrMalformed)
	}
	in := io.LimitReader(r, int64(binary.LittleEndian.Uint32(head[4:]))-4)
	binary.LittleEndian.PutUint32(head[4:], size)
	if _, err := w.Write(head[:]); err != nil {
		return 0, err
	}
	for n = 4; ; {
		var start [8]byte
		if _, err := io.ReadFull(in, start[:]); errors.Is(err, io.EOF) {
			return n, behind(r, l)
		} else if err != nil {
			return 0, fmt.Errorf("%w: WebP chunk: %w", ErrMalformed, err)
		}
		length := int64(binary.LittleEndian.Uint32(start[4:]))
		length += length & 1 // padded
		if slices.Contains([]string{"VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"}, string(start[:4])) {
			n += 8 + length
			err = chunk(w, in, start, length)
		} else {
			err = left(in, string(start[:4]), length, l)
		}
		if err != nil {
			return 0, fmt.Errorf("%w: WebP chunk %q: %w", ErrMalformed, start[:4], err)
		}
	}
}

// left reads a chunk of WebP that goes, and notes what it says.
func left(r io.Reader, kind string, length int64, l *trace.List) error {
	body := make([]byte, min(length, maxNotes))
	if _, err := io.ReadFull(r, body); err != nil {
		return err
	}
	if _, err := io.CopyN(io.Discard, r, length-int64(len(body))); err != nil || l == nil {
		return err
	}
	var err error
	before := l.Len()
	switch kind {
	case "EXIF":
		// As the library expects it: in a file that says that it has it.
		file := append([]byte("RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00EXIF"),
			binary.LittleEndian.AppendUint32(nil, uint32(len(body)))...)
		_, err = tags(l, bytes.NewReader(append(file, body...)), WebP)
	case "XMP ":
		err = l.XML(bytes.NewReader(bytes.TrimRight(body, "\x00"))) // it may be padded
	}
	if err != nil || l.Len() == before {
		l.Add(trace.Comment, "chunk "+kind, unread)
	}
	return nil
}

// maxNotes is how much of Exif and XMP is looked at.
const maxNotes = 1 << 20

// chunk copies one; that of what there is says that there is no Exif and no XMP.
func chunk(w io.Writer, r io.Reader, start [8]byte, length int64) error {
	_, err := w.Write(start[:])
	if string(start[:4]) == "VP8X" && length > 0 && err == nil {
		var flags [1]byte
		if _, err = io.ReadFull(r, flags[:]); err == nil {
			_, err = w.Write([]byte{flags[0] &^ 0x0c})
		}
		length--
	}
	if err == nil {
		_, err = io.CopyN(w, r, length)
	}
	return err
}

// stripWebP copies a picture whose length is known only after a first go.
func stripWebP(w io.Writer, r io.ReadSeeker) error {
	n, err := copyWebP(io.Discard, bufio.NewReaderSize(r, buffer), 0, nil)
	if err != nil {
		return err
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err = copyWebP(w, bufio.NewReaderSize(r, buffer), uint32(n), nil)
	return err
}
