package tracker

import (
	"errors"
	"net/url"
	"testing"
)

// A redirect leads to HTTP trackers, and never out of TLS.
func TestRedirect(t *testing.T) {
	for _, c := range []struct {
		from, location, to string
		err                error
	}{
		{"http://a/announce?x=1", "/b", "http://a/b", nil},
		{"http://a/", "https://b/", "https://b/", nil},
		{"https://a/", "https://b/", "https://b/", nil},
		{"https://a/", "//b/c", "https://b/c", nil},
		{"https://a/", "http://b/", "", ErrDowngrade},
		{"https://a/", "HTTP://a/", "", ErrDowngrade},
		{"http://a/", "udp://b:1/", "", ErrScheme},
		{"http://a/", "", "", ErrScheme},
	} {
		from, err := url.Parse(c.from)
		if err != nil {
			t.Fatal(err)
		}
		got, err := redirect(from, c.location)
		if !errors.Is(err, c.err) || err == nil && got.String() != c.to {
			t.Errorf("%s to %q: %v, %v", c.from, c.location, got, err)
		}
	}
}
