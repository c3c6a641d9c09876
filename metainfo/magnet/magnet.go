// Package magnet reads and writes magnet links (BEP 9, 52, 53).
package magnet

import (
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/internal/check"
)

// Link is a magnet link. It names a torrent and says where its info dictionary
// and content may be found.
type Link struct {
	Hashes     metainfo.InfoHashes // xt
	Name       string              // dn, a suggestion for display
	Trackers   []string            // tr
	WebSeeds   []string            // ws
	Peers      []string            // x.pe, host:port
	SelectOnly []IndexRange        // so (BEP 53); empty selects every file
	Length     int64               // xl, bytes; 0 if not given
	TLS        *metainfo.TLS       // x.btls; nil if not given
	Extra      []Param             // what is not listed above, in its order
}

// IndexRange is a run of file indexes, both ends included.
type IndexRange struct{ First, Last int }

// Param is one parameter of a magnet link, decoded.
type Param struct{ Key, Value string }

// The reasons a link is refused besides those of package metainfo.
var (
	ErrTooLong  = errors.New("longer than any magnet link")
	ErrEscape   = errors.New("is not escaped as a URL is")
	ErrConflict = errors.New("names another torrent than the one before it")
)

const maxLen = 64 << 10

// multihash prefix of a 32-byte SHA-256 sum: function 0x12, length 0x20.
const multihashSHA256 = "1220"

// Of returns a link that carries the hashes, name, trackers and web seeds of a
// torrent, and what it demands of peers.
func Of(t *metainfo.Torrent) *Link {
	m := &Link{Hashes: t.Hashes(), Name: t.Info.Name, WebSeeds: t.URLList, TLS: t.TLS}
	for _, tier := range t.Trackers() {
		m.Trackers = append(m.Trackers, tier...)
	}
	return m
}

// Parse reads a magnet link. Errors are of type [*metainfo.FieldError] and wrap
// one of the reasons above, [metainfo.ErrMissing], [metainfo.ErrType],
// [metainfo.ErrRange] or [metainfo.ErrVersion].
func Parse(s string) (*Link, error) {
	if len(s) > maxLen {
		return nil, check.Badf("magnet", ErrTooLong, "%d bytes", len(s))
	}
	const scheme = "magnet:?"
	if len(s) < len(scheme) || !strings.EqualFold(s[:len(scheme)], scheme) {
		return nil, check.Badf("magnet", check.ErrType, "it does not begin with %s", scheme)
	}
	query, _, _ := strings.Cut(s[len(scheme):], "#")
	m := &Link{}
	for pair := range strings.SplitSeq(query, "&") {
		if pair == "" {
			continue
		}
		key, value, err := splitParam(pair)
		if err != nil {
			return nil, err
		}
		if err := m.set(key, value); err != nil {
			return nil, err
		}
	}
	if !m.Hashes.HasV1 && !m.Hashes.HasV2 {
		return nil, check.Bad("magnet.xt", check.ErrMissing)
	}
	return m, nil
}

func splitParam(pair string) (key, value string, err error) {
	rawKey, rawValue, _ := strings.Cut(pair, "=")
	if key, err = url.QueryUnescape(rawKey); err == nil {
		value, err = url.QueryUnescape(rawValue)
	}
	if err != nil {
		return "", "", check.Badf("magnet", ErrEscape, "%v", err)
	}
	return key, value, nil
}

func (m *Link) set(key, value string) error {
	field := "magnet." + key
	switch base(key) {
	case "xt":
		return m.setTopic(field, key, value)
	case "dn":
		m.Name = value
	case "tr":
		m.Trackers = append(m.Trackers, value)
	case "ws":
		m.WebSeeds = append(m.WebSeeds, value)
	case "x.pe":
		host, port, err := net.SplitHostPort(value)
		if n, perr := strconv.ParseUint(port, 10, 16); err != nil || perr != nil || n == 0 || host == "" {
			return check.Badf(field, check.ErrRange, "%q is not host:port", value)
		}
		m.Peers = append(m.Peers, value)
	case "so":
		ranges, err := parseRanges(value)
		if err != nil {
			return check.Bad(field, err)
		}
		m.SelectOnly = append(m.SelectOnly, ranges...)
	case "xl":
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || n < 0 {
			return check.Badf(field, check.ErrRange, "%q", value)
		}
		m.Length = n
	case "x.btls":
		return m.setTLS(field, value)
	default:
		m.Extra = append(m.Extra, Param{key, value})
	}
	return nil
}

// base drops the number of keys such as tr.1, which some programs write when
// a parameter is repeated.
func base(key string) string {
	stem, digits, ok := strings.Cut(key, ".")
	if !ok || stem == "x" || digits == "" || strings.Trim(digits, "0123456789") != "" {
		return key
	}
	return stem
}

func (m *Link) setTopic(field, key, value string) error {
	urn := strings.ToLower(value)
	switch {
	case strings.HasPrefix(urn, "urn:btih:"):
		var h metainfo.HashV1
		if err := decodeHash(h[:], value[len("urn:btih:"):]); err != nil {
			return check.Bad(field, err)
		}
		if m.Hashes.HasV1 && m.Hashes.V1 != h {
			return check.Bad(field, ErrConflict)
		}
		m.Hashes.V1, m.Hashes.HasV1 = h, true
	case strings.HasPrefix(urn, "urn:btmh:"):
		digits, ok := strings.CutPrefix(urn[len("urn:btmh:"):], multihashSHA256)
		if !ok {
			return check.Badf(field, check.ErrVersion, "not a SHA-256 multihash")
		}
		var h metainfo.HashV2
		if err := decodeHash(h[:], digits); err != nil {
			return check.Bad(field, err)
		}
		if m.Hashes.HasV2 && m.Hashes.V2 != h {
			return check.Bad(field, ErrConflict)
		}
		m.Hashes.V2, m.Hashes.HasV2 = h, true
	default: // a name in another network
		m.Extra = append(m.Extra, Param{key, value})
	}
	return nil
}

// decodeHash reads hexadecimal, or base32 for a version 1 hash (BEP 9).
func decodeHash(dst []byte, s string) error {
	if len(s) == hex.EncodedLen(len(dst)) {
		if _, err := hex.Decode(dst, []byte(s)); err != nil {
			return fmt.Errorf("%w: %q is not hexadecimal", check.ErrType, s)
		}
		return nil
	}
	if len(dst) == len(metainfo.HashV1{}) && len(s) == base32.StdEncoding.EncodedLen(len(dst)) {
		if _, err := base32.StdEncoding.Decode(dst, []byte(strings.ToUpper(s))); err != nil {
			return fmt.Errorf("%w: %q is not base32", check.ErrType, s)
		}
		return nil
	}
	return fmt.Errorf("%w: a hash of %d characters", check.ErrRange, len(s))
}

// parseRanges reads BEP 53's list of indexes and ranges: 0,2,4-6.
func parseRanges(s string) ([]IndexRange, error) {
	var ranges []IndexRange
	for part := range strings.SplitSeq(s, ",") {
		first, last, isRange := strings.Cut(part, "-")
		if !isRange {
			last = first
		}
		a, err1 := strconv.ParseUint(first, 10, 31)
		b, err2 := strconv.ParseUint(last, 10, 31)
		if err1 != nil || err2 != nil || a > b {
			return nil, fmt.Errorf("%w: %q is not an index or a range", check.ErrRange, part)
		}
		ranges = append(ranges, IndexRange{int(a), int(b)})
	}
	return ranges, nil
}

// Selected reports whether the link asks for the file with this index.
func (m *Link) Selected(file int) bool {
	for _, r := range m.SelectOnly {
		if r.First <= file && file <= r.Last {
			return true
		}
	}
	return len(m.SelectOnly) == 0
}
