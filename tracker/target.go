package tracker

import (
	"crypto/tls"
	"fmt"
	"net/url"
	"slices"
)

// Target is a tracker.
type Target struct {
	URL string
	// Typed says that the user has named it: it may be on this machine or in its
	// network.
	Typed bool
	// TLS is how a tracker is spoken to over HTTPS that serves one torrent alone, as
	// those of SSL torrents do; nil is for all others. What is told it by one torrent
	// is kept apart from what others tell.
	TLS *tls.Config
}

// Check reports whether a text is the URL of a tracker that can be asked; if not
// the error matches [ErrScheme].
func Check(text string) error {
	_, err := parse(text)
	return err
}

func parse(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || !slices.Contains([]string{"http", "https", "udp"}, u.Scheme) {
		return nil, ErrScheme
	}
	if u.Scheme == "udp" && u.Port() == "" {
		return nil, fmt.Errorf("%w: it has no port", ErrScheme)
	}
	return u, nil
}
