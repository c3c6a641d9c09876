package trace

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
)

const (
	rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	// regions has the faces in a picture, and whose they are (Guidelines of the Metadata
	// Working Group, 5.9).
	regions = "http://www.metadataworkinggroup.com/schemas/regions/"
	face    = "PersonInImage"
	maxXML  = 1 << 20 // bytes that are read of a document
	deep    = 32      // elements within each other
)

// ErrTooLarge is what is larger than is looked into.
var ErrTooLarge = errors.New("too large to be looked into")

// XML notes what a document says in its elements and attributes: XMP (ISO 16684-1), and
// the properties of Office and OpenDocument files. It reads 1 MiB at most.
func (l *List) XML(r io.Reader) error {
	limited := &io.LimitedReader{R: r, N: maxXML}
	d := xml.NewDecoder(limited)
	d.Strict = false
	var within []string // names of elements, "" for those of RDF
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && limited.N > 0 {
			return nil
		}
		if err != nil {
			if limited.N <= 0 {
				err = ErrTooLarge
			}
			return fmt.Errorf("read XML: %w", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if len(within) == deep {
				return fmt.Errorf("read XML: %w", ErrTooLarge)
			}
			within = append(within, element(token))
			l.attributes(token)
		case xml.EndElement:
			if len(within) > 0 {
				within = within[:len(within)-1]
			}
		case xml.CharData:
			l.said(within, string(token))
		}
	}
}

// element returns what an element is called: by an attribute, if that says more.
func element(e xml.StartElement) string {
	if e.Name.Space == rdf || e.Name.Space == "rdf" {
		return ""
	}
	if e.Name.Space == regions && e.Name.Local == "Name" {
		return face
	}
	for _, a := range e.Attr {
		if _, ok := Called(a.Value); ok && a.Name.Local == "name" {
			return a.Value
		}
	}
	return e.Name.Local
}

// said notes the text of an element; that of a list belongs to the element around it.
func (l *List) said(within []string, text string) {
	for i := len(within) - 1; i >= max(0, len(within)-5); i-- {
		if _, ok := Called(within[i]); ok {
			l.Name(within[i], text)
			return
		}
	}
}

// attributes notes those of an element.
func (l *List) attributes(e xml.StartElement) {
	for _, a := range e.Attr {
		if a.Name.Space == regions && a.Name.Local == "Name" {
			l.Name(face, a.Value)
		}
		if a.Name.Space != "xmlns" && a.Name.Space != rdf && a.Name.Local != "xmlns" {
			l.Name(a.Name.Local, a.Value)
		}
	}
}
