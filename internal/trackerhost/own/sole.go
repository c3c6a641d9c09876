package own

import (
	"crypto/subtle"
	"encoding/hex"
	"net/url"
	"strings"

	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/library/record"
)

// SoleURL returns the tracker of a private share: where it is announced at a place, below
// a key that was drawn for it. As long as nobody knows the place it is one that nobody
// comes to.
func SoleURL(place, key string) string {
	if place == "" {
		place = "localhost"
	}
	return (&url.URL{Scheme: "https", Host: place, Path: "/" + key + "/announce"}).String()
}

// SoleKey returns the key in such a URL, "" if it is none.
func SoleKey(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.RawPath != "" {
		return ""
	}
	key, ok := strings.CutSuffix(strings.TrimPrefix(u.Path, "/"), "/announce")
	if !ok || strings.Contains(key, "/") {
		return ""
	}
	return key
}

// opens reports whether a key is that of the private share with an info-hash, which has not
// ended.
func (t *Tracker) opens(key string, hash [20]byte) bool {
	v, ok := t.view(hash)
	if !ok || !v.Ours || v.Sole == nil || t.cfg.Shared != nil && !t.cfg.Shared(record.Key(v.Hashes)) {
		return false
	}
	want := SoleKey(v.Sole.URL)
	return want != "" && subtle.ConstantTimeCompare([]byte(key), []byte(want)) == 1
}

// sole reports whether the torrent with an info-hash is shared privately from here, and
// whether a URL is that of its tracker.
func (t *Tracker) sole(url string, hash [20]byte) (shared, ours bool) {
	s := t.soleOf(hash)
	return s != nil, s != nil && s.URL == url
}

// soleOf returns the tracker of a torrent that is shared privately from here, nil for
// others.
func (t *Tracker) soleOf(hash [20]byte) *record.Sole {
	v, ok := t.view(hash)
	if !ok || !v.Ours {
		return nil
	}
	return v.Sole
}

// view returns the torrent of the library with an info-hash.
func (t *Tracker) view(hash [20]byte) (v library.View, ok bool) {
	l := t.library.Load()
	if l == nil {
		return v, false
	}
	one, err := l.Find(hex.EncodeToString(hash[:]))
	if err != nil {
		return v, false
	}
	return one.View(), true
}
