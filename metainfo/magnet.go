package metainfo

import (
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/warren-p2p/warren/metainfo/internal/check"
)

// Magnet is a magnet link (BEP 9, 52, 53). It names a torrent and says where
// its info dictionary and content may be found.
type Magnet struct {
	Hashes     InfoHashes   // xt
	Name       string       // dn, a suggestion for display
	Trackers   []string     // tr
	WebSeeds   []string     // ws
	Peers      []string     // x.pe, host:port
	SelectOnly []IndexRange // so (BEP 53); empty selects every file
	Length     int64        // xl, bytes; 0 if not given
	Extra      []Param      // what is not listed above, in its order
}

// IndexRange is a run of file indexes, both ends included.
type IndexRange struct{ First, Last int }

// Param is one parameter of a magnet link, decoded.
type Param struct{ Key, Value string }

const maxMagnetLen = 64 << 10

// multihash prefix of a 32-byte SHA-256 sum: function 0x12, length 0x20.
const multihashSHA256 = "1220"

// ParseMagnet reads a magnet link. The errors are of type [*FieldError].
func ParseMagnet(s string) (*Magnet, error) {
	if len(s) > maxMagnetLen {
		return nil, check.Badf("magnet", ErrTooLong, "%d bytes", len(s))
	}
	const scheme = "magnet:?"
	if len(s) < len(scheme) || !strings.EqualFold(s[:len(scheme)], scheme) {
		return nil, check.Badf("magnet", ErrType, "it does not begin with %s", scheme)
	}
	query, _, _ := strings.Cut(s[len(scheme):], "#")
	m := &Magnet{}
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
		return nil, check.Bad("magnet.xt", ErrMissing)
	}
	return m, nil
}

func splitParam(pair string) (key, value string, err error) {
	rawKey, rawValue, _ := strings.Cut(pair, "=")
	if key, err = url.QueryUnescape(rawKey); err == nil {
		value, err = url.QueryUnescape(rawValue)
	}
	if err != nil {
		return "", "", check.Badf("magnet", ErrEncoding, "%v", err)
	}
	return key, value, nil
}

func (m *Magnet) set(key, value string) error {
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
			return check.Badf(field, ErrRange, "%q is not host:port", value)
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
			return check.Badf(field, ErrRange, "%q", value)
		}
		m.Length = n
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

func (m *Magnet) setTopic(field, key, value string) error {
	urn := strings.ToLower(value)
	switch {
	case strings.HasPrefix(urn, "urn:btih:"):
		var h HashV1
		if err := decodeHash(h[:], value[len("urn:btih:"):]); err != nil {
			return check.Bad(field, err)
		}
		if m.Hashes.HasV1 && m.Hashes.V1 != h {
			return check.Bad(field, ErrDuplicate)
		}
		m.Hashes.V1, m.Hashes.HasV1 = h, true
	case strings.HasPrefix(urn, "urn:btmh:"):
		digits, ok := strings.CutPrefix(urn[len("urn:btmh:"):], multihashSHA256)
		if !ok {
			return check.Badf(field, ErrVersion, "not a SHA-256 multihash")
		}
		var h HashV2
		if err := decodeHash(h[:], digits); err != nil {
			return check.Bad(field, err)
		}
		if m.Hashes.HasV2 && m.Hashes.V2 != h {
			return check.Bad(field, ErrDuplicate)
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
			return fmt.Errorf("%w: %q is not hexadecimal", ErrType, s)
		}
		return nil
	}
	if len(dst) == len(HashV1{}) && len(s) == base32.StdEncoding.EncodedLen(len(dst)) {
		if _, err := base32.StdEncoding.Decode(dst, []byte(strings.ToUpper(s))); err != nil {
			return fmt.Errorf("%w: %q is not base32", ErrType, s)
		}
		return nil
	}
	return fmt.Errorf("%w: a hash of %d characters", ErrRange, len(s))
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
			return nil, fmt.Errorf("%w: %q is not an index or a range", ErrRange, part)
		}
		ranges = append(ranges, IndexRange{int(a), int(b)})
	}
	return ranges, nil
}

// Selected reports whether the link asks for the file with this index.
func (m *Magnet) Selected(file int) bool {
	for _, r := range m.SelectOnly {
		if r.First <= file && file <= r.Last {
			return true
		}
	}
	return len(m.SelectOnly) == 0
}

// String returns the link.
func (m *Magnet) String() string {
	var parts []string
	add := func(key, value string) { parts = append(parts, key+"="+escape(value)) }
	if m.Hashes.HasV1 {
		parts = append(parts, "xt=urn:btih:"+m.Hashes.V1.String())
	}
	if m.Hashes.HasV2 {
		parts = append(parts, "xt=urn:btmh:"+multihashSHA256+m.Hashes.V2.String())
	}
	if m.Name != "" {
		add("dn", m.Name)
	}
	if m.Length > 0 {
		add("xl", strconv.FormatInt(m.Length, 10))
	}
	for _, v := range m.Trackers {
		add("tr", v)
	}
	for _, v := range m.WebSeeds {
		add("ws", v)
	}
	for _, v := range m.Peers {
		add("x.pe", v)
	}
	if len(m.SelectOnly) > 0 {
		parts = append(parts, "so="+formatRanges(m.SelectOnly))
	}
	for _, p := range m.Extra {
		add(escape(p.Key), p.Value)
	}
	return "magnet:?" + strings.Join(parts, "&")
}

// escape writes spaces as %20: a plus sign is not a space to every reader.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

func formatRanges(ranges []IndexRange) string {
	var b strings.Builder
	for i, r := range ranges {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(r.First))
		if r.Last > r.First {
			b.WriteByte('-')
			b.WriteString(strconv.Itoa(r.Last))
		}
	}
	return b.String()
}
