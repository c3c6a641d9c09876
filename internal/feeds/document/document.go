// Package document reads feeds, RSS and Atom, as trackers and indexers write them,
// into items that may be fetched.
//
// Who writes a feed is not trusted: nesting, items and lengths are bounded, entities
// of its own mean nothing, what is no text is taken out of titles, and addresses are
// those of web servers, or magnet links. It does no I/O.
package document

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/rss"
	"golang.org/x/net/html/charset"
)

// Bounds on a feed.
const (
	MaxBytes = 4 << 20
	maxDepth = 64
	maxItems = 1000 // the first ones, which are the newest, are taken
	maxTitle = 300  // characters
	maxLink  = 8 << 10
	maxKey   = 1 << 10
	maxKinds = 20 // categories of an item
)

var (
	// ErrNoFeed reports what is no feed.
	ErrNoFeed = errors.New("not an RSS or Atom feed")
	// ErrTooDeep reports one with elements within elements without end.
	ErrTooDeep = errors.New("elements are nested too deeply")
)

// Feed is what was read.
type Feed struct {
	Title string
	Items []Item // in the order of the feed; each has a key
}

// Item is something that may be fetched.
type Item struct {
	Key        string // tells it from the others of the feed
	Title      string
	Link       string // magnet link, or URL of the torrent file, "" if there is neither
	Page       string // where people read of it, or ""
	Size       int64  // bytes, 0 if that is not said
	Published  time.Time
	Categories []string
	Hash       string // info-hash in lower case, "" if that is not said
}

// Parse reads a feed, which lies at base: what it names is relative to that. Errors
// match [ErrNoFeed], [ErrTooDeep], or say what is wrong with the XML.
func Parse(data []byte, base *url.URL) (*Feed, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("%w: %d bytes", ErrNoFeed, len(data))
	}
	data, err := inUTF8(data)
	if err != nil {
		return nil, err
	}
	root, err := inspect(data)
	if err != nil {
		return nil, err
	}
	b := builder{base: base}
	switch strings.ToLower(root) {
	case "rss", "rdf":
		f, err := (&rss.Parser{}).Parse(bytes.NewReader(data))
		if err != nil {
			return nil, fmt.Errorf("read RSS: %w", err)
		}
		return b.rss(f), nil
	case "feed":
		f, err := (&atom.Parser{}).Parse(bytes.NewReader(data))
		if err != nil {
			return nil, fmt.Errorf("read Atom: %w", err)
		}
		return b.atom(f), nil
	case "html":
		return nil, fmt.Errorf("%w: it is a web page", ErrNoFeed)
	}
	return nil, fmt.Errorf("%w: it is <%.40s>", ErrNoFeed, plain(root))
}

// declaration is how an XML document says its encoding.
var declaration = regexp.MustCompile(`^\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._:-]*)["'][^>]*\?>`)

// inUTF8 returns a document in UTF-8 that says nothing else of itself: what is
// looked at here is what is parsed later.
func inUTF8(data []byte) ([]byte, error) {
	label := "utf-8"
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		label, data = "utf-16le", data[2:]
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		label, data = "utf-16be", data[2:]
	}
	if m := declaration.FindSubmatchIndex(data); m != nil && label == "utf-8" {
		if name := strings.ToLower(string(data[m[2]:m[3]])); name != "" {
			label = name
		}
		data = data[m[1]:]
	}
	if label != "utf-8" {
		r, err := charset.NewReaderLabel(label, bytes.NewReader(data))
		if err != nil {
			return nil, fmt.Errorf("%w: encoding %.40q is not known", ErrNoFeed, label)
		}
		if data, err = io.ReadAll(io.LimitReader(r, 4*MaxBytes)); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrNoFeed, err)
		}
		if m := declaration.FindIndex(data); m != nil {
			data = data[m[1]:] // of UTF-16, which could not be read before
		}
	}
	data = bytes.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' {
			return -1
		}
		return r
	}, data)
	return data, nil
}

// inspect returns the name of the outermost element. Whoever reads XML by recursion
// must not be given any depth.
func inspect(data []byte) (root string, err error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.Strict = false
	twice := false
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) {
		twice = true // what follows would not be what was looked at
		return r, nil
	}
	for depth := 0; ; {
		t, err := d.Token()
		switch {
		case twice:
			return "", fmt.Errorf("%w: it says its encoding in the middle", ErrNoFeed)
		case err != nil && root == "":
			return "", fmt.Errorf("%w: %w", ErrNoFeed, err)
		case err != nil:
			return root, nil // its end, or what whoever reads it stumbles upon as well
		}
		switch t := t.(type) {
		case xml.StartElement:
			if root == "" {
				root = t.Name.Local
			}
			if depth++; depth > maxDepth {
				return "", ErrTooDeep
			}
		case xml.EndElement:
			depth--
		}
	}
}
