package tracker

import (
	"crypto/sha256"
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
	// those of SSL torrents and of private shares do; nil is for all others. What is told
	// it by one torrent is kept apart from what others tell.
	TLS *tls.Config
}

// Pinned returns how a tracker is spoken to that has to show a key, pin being the SHA-256
// of its SubjectPublicKeyInfo: who has signed its certificate, and for which name, is no
// matter. If it shows another one nothing is sent, and the error matches [ErrPin].
func Pinned(pin [32]byte) *tls.Config {
	return &tls.Config{
		MinVersion:         tls.VersionTLS13,
		InsecureSkipVerify: true, //nolint:gosec // G402: VerifyConnection decides
		VerifyConnection: func(s tls.ConnectionState) error {
			if sha256.Sum256(s.PeerCertificates[0].RawSubjectPublicKeyInfo) != pin {
				return ErrPin
			}
			return nil
		},
	}
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
