package webseed

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/warren-p2p/warren/metainfo/piecespace"
)

// ErrURL is wrapped by errors about URLs that are no web seeds.
var ErrURL = errors.New("not the URL of a web seed")

const maxURL = 2048 // bytes

// ParseURL reads the URL of a web seed: http or https, with a host.
func ParseURL(text string) (*url.URL, error) {
	if len(text) > maxURL {
		return nil, fmt.Errorf("%w: %d bytes", ErrURL, len(text))
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrURL, err)
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("%w: scheme %.20q", ErrURL, u.Scheme)
	case u.Host == "" || u.Opaque != "":
		return nil, fmt.Errorf("%w: no host", ErrURL)
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

// fileURL returns where a file lies (BEP 19): of a single file the URL itself, or
// the name in it if it ends in a slash; of one among several always below the
// URL and the name of the torrent.
func fileURL(base *url.URL, s *piecespace.Space, file int) string {
	at := *base
	if !s.MultiFile && !strings.HasSuffix(at.EscapedPath(), "/") && at.Path != "" {
		return at.String()
	}
	var path strings.Builder
	path.WriteString(strings.TrimSuffix(at.EscapedPath(), "/"))
	for part := range strings.SplitSeq(s.Files[file].Name(), "/") {
		path.WriteString("/" + url.PathEscape(part))
	}
	// Both are set: the path as it is, and how it is to be written.
	at.RawPath = path.String()
	at.Path, _ = url.PathUnescape(at.RawPath) // what was escaped here and by package url can be undone
	return at.String()
}
